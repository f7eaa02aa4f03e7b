"""A mail server that tests can look into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notifications import smtp


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
