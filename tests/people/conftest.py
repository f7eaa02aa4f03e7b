"""In these tests mails go where they go in life: into rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from permea.notifications.models import Mail


@pytest.fixture(autouse=True)
def _mail_rows(settings):
    settings.EMAIL_BACKEND = "permea.notifications.backend.MailBackend"


@pytest.fixture
def code_for() -> Callable[[str], str]:
    """Return a function that reads the newest code mailed to an address."""

    def read(email: str) -> str:
        mail = Mail.objects.filter(kind="login_code", to=email).order_by("-pk").first()
        found = re.search(r"[A-Z]{4}-[A-Z]{4}", mail.text if mail else "")
        assert found, f"no code was mailed to {email}"
        return found[0]

    return read
