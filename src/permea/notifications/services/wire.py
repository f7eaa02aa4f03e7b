"""Sending one message to one address outside: only where that is allowed, within a time, without following anybody."""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, cast
from urllib.parse import SplitResult

from permea.notifications import rules

LookUp = Callable[[str, int], Sequence[str]]
PATIENCE, MOST_ANSWER = 10.0, 4096
REDIRECTS, WELL = range(300, 400), range(200, 300)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went: what went wrong ("" if nothing did), the status and the first words of the answer."""

    problem: str
    status: int | None = None
    said: str = ""


class _LateError(TimeoutError):
    """Raised when the whole takes too long, however lively its parts are."""


@dataclass(frozen=True, slots=True)
class _Timed:
    """A connection as http.client uses it, all of whose reading has to end in time; its maker closes it."""

    connection: socket.socket
    until: float

    def sendall(self, data: bytes) -> None:
        self.connection.settimeout(_left(self.until))
        self.connection.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self.connection, self.until))

    def close(self) -> None:
        """Leave it open: the answer is still to be read."""


class _Reader(io.RawIOBase):
    """What comes in, until the time is over."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self.connection, self.until = connection, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.connection.settimeout(_left(self.until))
        return self.connection.recv_into(buffer)


def _left(until: float) -> float:
    """Return the seconds that are left. Raises _LateError if none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise _LateError
    return seconds


def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def post(
    address: str,
    *,
    body: str,
    headers: Mapping[str, str],
    is_private_allowed: bool,
    look_up: LookUp = look_up,
    trust: ssl.SSLContext | None = None,
    patience: float = PATIENCE,
) -> Outcome:
    """Post a message and say how it went.

    The name is looked up once; every address it has must be allowed, and the connection goes to one of those very
    addresses, so that the name cannot lead elsewhere in between.
    """
    parts = rules.parts_of(address)
    if parts is None or rules.why_not_address(address, is_private_allowed=is_private_allowed) is not None:
        return Outcome("address")
    host, port = str(parts.hostname), parts.port or (80 if parts.scheme == "http" else 443)
    until = time.monotonic() + patience
    try:
        found = look_up(host, port)
        is_plain = parts.scheme == "http"
        if not all(rules.may_reach(ip, is_plain=is_plain, is_private_allowed=is_private_allowed) for ip in found):
            return Outcome("address")
        with closing(_connect(found, port, until)) as raw, closing(_secure(raw, parts, trust, until)) as connection:
            return _exchange(_Timed(connection, until), parts, body, headers)
    except (OSError, HTTPException, UnicodeError) as error:
        return Outcome(_problem(error), said=rules.one_line(str(error), length=300))


def _connect(found: Sequence[str], port: int, until: float) -> socket.socket:
    """Return a connection to the first of the addresses that takes one. Raises OSError if none does."""
    last: OSError = ConnectionError()
    for ip in found:
        try:
            return socket.create_connection((ip, port), timeout=_left(until))
        except OSError as error:
            last = error
    raise last


def _secure(raw: socket.socket, parts: SplitResult, trust: ssl.SSLContext | None, until: float) -> socket.socket:
    """Return the connection with TLS, the name on the certificate verified, where the address asks for it."""
    if parts.scheme == "http":
        return raw
    raw.settimeout(_left(until))
    return (trust or ssl.create_default_context()).wrap_socket(raw, server_hostname=parts.hostname)


def _exchange(connection: _Timed, parts: SplitResult, body: str, headers: Mapping[str, str]) -> Outcome:
    """Send the message and read the beginning of the answer."""
    talk = HTTPConnection(str(parts.hostname))
    talk.sock = cast("socket.socket", connection)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    talk.request("POST", target, body.encode(), {"Host": parts.netloc, "Connection": "close", **headers})
    answer = talk.getresponse()
    said = rules.one_line(answer.read(MOST_ANSWER).decode(errors="replace"), length=300)
    answer.close()
    problem = "" if answer.status in WELL else "redirect" if answer.status in REDIRECTS else "status"
    return Outcome(problem, answer.status, said)


def _problem(error: Exception) -> str:
    """Return what went wrong, by its code."""
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (ssl.SSLError, "tls"),
        (socket.gaierror, "name"),
        (UnicodeError, "name"),
        (TimeoutError, "timeout"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), "network")
