"""What `permea check` looks at, to say whether this deployment is safe and able to do its work."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from permea.connectors import queries as mailboxes
from permea.connectors.imap import client
from permea.foundation import outbox, scanning, translating
from permea.foundation.models import OutboxEntry
from permea.notifications.models import Undeliverable
from permea.people.models import Membership

LITTLE_SPACE = 500_000_000
LATE = timedelta(minutes=10)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `level` is ok, note (worth knowing) or mend (must be mended)."""

    level: str
    text: str


def findings(*, at: datetime) -> Iterator[Finding]:
    """Yield what was found, one check after the other; a check that fails to run is something to mend."""
    checks: tuple[Callable[[datetime], Iterator[Finding]], ...] = (
        _address, _database, _data_folder, _secrets, _headers, _mail, _mailbox, _scanner, _translator, _outbox, _owner,
    )  # fmt: skip
    for check in checks:
        try:
            yield from check(at)
        except Exception as error:
            yield Finding("mend", f"The check of {check.__name__.strip('_')} could not be made: {error!r}.")


def _address(at: datetime) -> Iterator[Finding]:
    """Look at how people reach the instance."""
    del at
    host, _port = settings.ENV.bind
    if settings.ENV.is_https:
        yield Finding("ok", f"People reach it over TLS at {settings.BASE_URL}; cookies are marked secure.")
    elif urlsplit(settings.BASE_URL).hostname in {"127.0.0.1", "localhost", "::1"}:
        yield Finding(
            "note", "It is reached without TLS, on this machine only. Set PERMEA_BASE_URL=https://… to open it."
        )
    else:
        yield Finding(
            "mend", f"{settings.BASE_URL} is not https: sign-in codes and sessions would travel in the clear."
        )
    if host not in {"127.0.0.1", "::1", "localhost"} and not settings.TRUST_PROXY:
        yield Finding("note", f"The server listens on {host} without a proxy in front (PERMEA_TRUST_PROXY=no).")


def _database(at: datetime) -> Iterator[Finding]:
    """Look at the database: reachable, up to date, set up as it should be."""
    del at
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield Finding("mend", f"{len(missing)} database changes are missing; `permea serve` makes them.")
    else:
        yield Finding("ok", f"The database ({connection.vendor}) is up to date.")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            sound = cursor.execute("PRAGMA quick_check").fetchone()[0]
        yield Finding("ok" if mode == "wal" else "mend", f"SQLite writes ahead in mode {mode}.")
        yield Finding("ok" if sound == "ok" else "mend", f"SQLite's own check says: {sound}.")


def _data_folder(at: datetime) -> Iterator[Finding]:
    """Look at the data folder: writable, with room."""
    del at
    with tempfile.TemporaryFile(dir=settings.DATA_DIR):
        pass
    free = shutil.disk_usage(settings.DATA_DIR).free
    level = "ok" if free > LITTLE_SPACE else "mend"
    yield Finding(level, f"The data folder {settings.DATA_DIR} can be written to; {free // 1_000_000:,} MB are free.")


def _secrets(at: datetime) -> Iterator[Finding]:
    """Look at who can read the secret and the signing keys."""
    del at
    files = [Path(settings.DATA_DIR, "secret.key"), *Path(settings.DATA_DIR, "keys").glob("*.pem")]
    loose = [path.name for path in files if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        yield Finding("mend", f"Others on this machine can read {', '.join(loose)}; set their mode to 600.")
    else:
        yield Finding("ok", "Secret and signing keys are readable by their owner only.")


def _headers(at: datetime) -> Iterator[Finding]:
    """Look at the security headers of a real answer."""
    del at
    host = settings.BASE_URL.split("://")[1]
    answer = Client(headers={"host": host}).get("/healthz", secure=settings.ENV.is_https)
    missing = [name for name, part in HEADERS.items() if part not in answer.headers.get(name, "")]
    loose = [word for word in ("unsafe-inline", "unsafe-eval") if word in answer.headers["Content-Security-Policy"]]
    if missing or loose:
        yield Finding("mend", f"Security headers are missing or loose: {', '.join(missing + loose)}.")
    else:
        yield Finding("ok", "Every answer carries a strict content security policy and the other security headers.")


def _mail(at: datetime) -> Iterator[Finding]:
    """Look at whether mails can be handed to a mail server."""
    del at
    if settings.MAIL_IS_KEPT:
        yield Finding("note", "No mail server is set (PERMEA_MAIL_URL): mails are kept for the owner under /mails/.")
        return
    server = get_connection("django.core.mail.backends.smtp.EmailBackend", fail_silently=False)
    try:
        server.open()
        server.close()
    except OSError as error:
        yield Finding("mend", f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not answer: {error}.")
    else:
        page = f"{settings.BASE_URL}{reverse('notifications:mail_server')}"
        yield Finding("ok", f"The mail server {settings.EMAIL_HOST} answers; the owner sends a test message at {page}.")
    n_dead = Undeliverable.objects.count()
    if n_dead:
        yield Finding("note", f"{n_dead} addresses take no mail; the owner sees them on the page of the mail server.")


def _mailbox(at: datetime) -> Iterator[Finding]:
    """Look at whether the mailbox whose mails go into a box can be opened, and whether a box takes them."""
    del at
    access = mailboxes.access()
    if access is None:
        return
    try:
        with client.opened(access):
            yield Finding("ok", f"The mailbox of {access.user} at {access.host} can be read; its mails go into a box.")
    except client.MailboxError as error:
        yield Finding("mend", f"The mailbox at {access.host}:{access.port} cannot be read ({error.problem}): {error}.")
    if mailboxes.box_for(()) is None:
        yield Finding("mend", "No open box takes the mails of the mailbox: open one, or look at PERMEA_INBOX_BOX.")


def _scanner(at: datetime) -> Iterator[Finding]:
    """Look at whether uploads are looked at for viruses, by a file that every scanner takes for one."""
    del at
    if not settings.CLAMAV:
        yield Finding("note", "No virus scanner is set (PERMEA_CLAMAV): uploads are kept as they come.")
        return
    try:
        found = scanning.scanner().scan([scanning.TEST_FILE])
    except scanning.ScannerError as error:
        yield Finding("mend", f"The virus scanner at {settings.CLAMAV} gives no judgement: {error}.")
        return
    if found:
        yield Finding("ok", f"The virus scanner at {settings.CLAMAV} finds the test virus ({found}).")
    else:
        yield Finding("mend", f"The virus scanner at {settings.CLAMAV} does not find the test virus.")


def _translator(at: datetime) -> Iterator[Finding]:
    """Look at whether the translator translates."""
    del at
    if not settings.TRANSLATOR:
        yield Finding("note", "No translator is set (PERMEA_TRANSLATOR): entries are read as they come in.")
        return
    service = translating.translator()
    try:
        (said,) = service.translate(["Guten Tag"], source="de", target="en")
    except translating.TranslatorError as error:
        yield Finding("mend", f"The translator at {service.name} does not translate: {error}.")
        return
    yield Finding("ok", f"The translator at {service.name} translates: “Guten Tag” is “{said}”.")


def _outbox(at: datetime) -> Iterator[Finding]:
    """Look at whether the worker keeps up."""
    late = outbox.due(at - LATE).count()
    lost = OutboxEntry.objects.filter(given_up_at__isnull=False).count()
    if late:
        yield Finding("mend", f"{late} effects (mails …) have waited for more than ten minutes: is the worker running?")
    if lost:
        yield Finding("mend", f"{lost} effects were given up after many tries; their errors stand in the outbox.")
    if not late and not lost:
        yield Finding("ok", "The worker keeps up: nothing waits for long.")


def _owner(at: datetime) -> Iterator[Finding]:
    """Look at whether somebody owns the instance."""
    del at
    owned = Membership.objects.filter(role=Membership.Role.OWNER, ended_at__isnull=True).exists()
    yield (
        Finding("ok", "Somebody owns it.")
        if owned
        else Finding("note", "Nobody owns it yet; `permea serve` prints the link.")
    )
