"""What the tests of the connectors share: a real IMAP server, started once, emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.conftest import lacking
from tests.connectors import imap_server


@pytest.fixture(scope="session")
def dovecot() -> Iterator[imap_server.Server]:
    """Return a running IMAP server."""
    if imap_server.find_dovecot() is None:
        lacking("imap", "no IMAP server was found (Debian: dovecot-imapd)")
    with imap_server.running() as server:
        yield server


@pytest.fixture
def mailbox(dovecot, settings, tmp_path) -> imap_server.Server:
    """Return an empty mailbox that the settings name."""
    dovecot.empty()
    cache.clear()
    settings.INBOX_URL, settings.INBOX_ADDRESS, settings.INBOX_BOX = dovecot.url, "ideas@lindenhof.example", ""
    settings.MAIL_IS_KEPT, settings.DATA_DIR = False, tmp_path
    settings.DEFAULT_FROM_EMAIL = "Permea <permea@lindenhof.example>"
    return dovecot
