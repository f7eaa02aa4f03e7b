"""A mail server and a receiver of webhooks that tests can look into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from permea.notifications import rules, services
from permea.notifications.models import Hook
from tests.notifications import receivers, smtp


@pytest.fixture
def mail_server(settings) -> Iterator[smtp.Server]:
    """Return a running mail server that the settings name."""
    with smtp.running() as server:
        settings.MAIL_IS_KEPT = False
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "Permea <permea@lindenhof.example>"
        yield server


@pytest.fixture
def receiver(settings) -> Iterator[receivers.Receiver]:
    """Return a running receiver of webhooks on this machine, which the settings let messages go to."""
    settings.HOOKS_PRIVATE = True
    with receivers.running() as server:
        yield server


@pytest.fixture
def make_hook(organisation, at):
    """Return a factory of webhooks that hear of everything."""

    def make(address: str = "https://hooks.example/x", **said) -> Hook:
        ours = {"label": "Channel", "address": address, "format": "plain", "events": list(rules.EVENTS), **said}
        house = ours.pop("house", organisation)
        return services.make_hook(organisation=house, role="owner", said=services.HookInput(**ours), at=at)

    return make
