"""Talking to an IMAP server: what waits in a mailbox, one mail of it, and putting it away."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PATIENCE = 15
IMAPS, IMAP = 993, 143
NAME, TIMEOUT, REFUSED, TLS, LOGIN, FOLDER, NETWORK = "name", "timeout", "refused", "tls", "login", "folder", "network"
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_PREFIXES = ("", "INBOX.", "INBOX/")  # some servers keep every folder below the inbox


class MailboxError(Exception):
    """The mailbox cannot be read: `problem` is one of this module's words, the text is the server's own."""

    def __init__(self, problem: str, said: str) -> None:
        super().__init__(said)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Access:
    """Where a mailbox is and how to get in."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    is_tls: bool


def access_of(url: str) -> Access:
    """Return the parts of an address such as imaps://user:password@host:993/INBOX."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "imaps"
    return Access(
        host=parts.hostname or "",
        port=parts.port or (IMAPS if is_tls else IMAP),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_tls=is_tls,
    )


@contextmanager
def opened(access: Access) -> Iterator[Connection]:
    """Open the mailbox, give it, and close it. Raises MailboxError whatever goes wrong on the way."""
    found: Connection | None = None
    try:
        found = Connection(access)
        yield found
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxError(_problem_of(error), str(error) or type(error).__name__) from error
    finally:
        if found is not None:
            found.close()


def _problem_of(error: Exception) -> str:
    """Return what kind of failure this is."""
    kinds = ((ssl.SSLError, TLS), (TimeoutError, TIMEOUT), (ConnectionRefusedError, REFUSED))
    named = next((word for kind, word in kinds if isinstance(error, kind)), "")
    return named or (NAME if type(error).__name__ == "gaierror" else NETWORK)


class Connection:
    """An open mailbox."""

    def __init__(self, access: Access) -> None:
        if access.is_tls:
            context = ssl.create_default_context()
            self._imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                access.host, access.port, ssl_context=context, timeout=PATIENCE
            )
        else:
            self._imap = imaplib.IMAP4(access.host, access.port, timeout=PATIENCE)
        try:
            self._enter(access)
        except BaseException:
            self.close()
            raise

    def _enter(self, access: Access) -> None:
        """Sign in and open the folder. Raises MailboxError."""
        try:
            self._imap.login(access.user, access.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise MailboxError(LOGIN, _words(error.args)) from error
        status, said = self._imap.select(_quoted(access.folder))
        if status != "OK":
            raise MailboxError(FOLDER, _words(said))
        validity = self._imap.response("UIDVALIDITY")[1]
        self.uid_validity = int(validity[0] or 0) if validity else 0
        offered = _words(self._imap.capability()[1]).upper().split()  # servers offer more to who has signed in
        self._can_move, self._can_expunge_one = "MOVE" in offered, "UIDPLUS" in offered

    def close(self) -> None:
        """Say goodbye; a server that is gone needs none."""
        with suppress(imaplib.IMAP4.error, OSError):
            self._imap.logout()

    def waiting(self, *, after: int) -> list[int]:
        """Return the numbers of the mails that came after that one, in order; those marked as deleted are left out."""
        found = self._imap.uid("SEARCH", "UNDELETED", "UID", f"{after + 1}:*")[1]
        numbers = (int(number) for line in found if line for number in line.split())
        return sorted(number for number in numbers if number > after)

    def size_of(self, uid: int) -> int:
        """Return how many bytes a mail has; 0 if it is gone."""
        found = _SIZE.search(b" ".join(_pieces(self._imap.uid("FETCH", str(uid), "(RFC822.SIZE)")[1])))
        return int(found[1]) if found else 0

    def fetch(self, uid: int) -> bytes:
        """Return a mail as it came, without marking it as read; nothing if it is gone."""
        answer = self._imap.uid("FETCH", str(uid), "(BODY.PEEK[])")[1]
        return next((bytes(piece[1]) for piece in answer if isinstance(piece, tuple)), b"")

    def put_away(self, uid: int, folder: str) -> None:
        """Move a mail into a folder, made if it is missing; where that is not possible, mark it as read and flagged."""
        if not any(self._move(uid, f"{prefix}{folder}") for prefix in _PREFIXES):
            self._imap.uid("STORE", str(uid), "+FLAGS", r"(\Seen \Flagged)")

    def _move(self, uid: int, folder: str) -> bool:
        """Move a mail into this folder; say whether it went."""
        self._imap.create(_quoted(folder))  # a folder that is there already is refused, which is as good
        if self._can_move:
            return self._imap.uid("MOVE", str(uid), _quoted(folder))[0] == "OK"
        if self._imap.uid("COPY", str(uid), _quoted(folder))[0] != "OK":
            return False
        self._imap.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)")
        if self._can_expunge_one:
            self._imap.uid("EXPUNGE", str(uid))
        return True


def _quoted(name: str) -> str:
    """Return a name as IMAP wants it."""
    return '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))


def _pieces(answer: object) -> Iterator[bytes]:
    """Yield the bytes of an answer."""
    for piece in answer if isinstance(answer, list) else []:
        yield from (piece if isinstance(piece, tuple) else (piece or b"",))


def _words(said: object) -> str:
    """Return what a server said, as text."""
    parts = said if isinstance(said, list | tuple) else [said]
    return " ".join(part.decode(errors="replace") if isinstance(part, bytes) else str(part) for part in parts)
