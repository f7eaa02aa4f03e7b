"""Sending one message to one address outside: only where that is allowed, within a time, without following anybody."""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

LookUp = Callable[[str, int], Sequence[str]]
Address = IPv4Address | IPv6Address
PATIENCE, MOST_ANSWER, LAST_PORT = 10.0, 4096, 65535
PORTS = {"http": 80, "https": 443}
REDIRECTS, WELL = range(300, 400), range(200, 300)
PRIVATE = tuple(
    map(
        ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1", "fc00::/7")
    )
)
# Addresses that stand for IPv4 ones elsewhere: what they lead to cannot be told from here.
TUNNELS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went: what went wrong ("" if nothing did), the status, the first words of the answer, its bytes."""

    problem: str
    status: int | None = None
    said: str = ""
    content: bytes = field(default=b"", compare=False, repr=False)


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


def parts_of(address: str) -> SplitResult | None:
    """Return the parts of an address as it may be written for another machine, or None."""
    if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and 0 < (parts.port or 443) <= LAST_PORT
    except ValueError:
        return None
    return parts if is_whole and parts.scheme in {"http", "https"} else None


def may_reach(raw: str, *, is_plain: bool, is_private_allowed: bool) -> bool:
    """Say whether a connection to an IP address may be made: to public ones by TLS, to private ones if that is set."""
    address: Address = ip_address(raw)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if _is_within(address, PRIVATE):
        return is_private_allowed
    is_odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    is_odd = is_odd or (isinstance(address, IPv6Address) and address.is_site_local) or _is_within(address, TUNNELS)
    return address.is_global and not is_odd and not is_plain


def _is_within(address: Address, networks: Collection[object]) -> bool:
    return any(address in network for network in networks)  # type: ignore[operator]  # networks of both versions


def one_line(text: str, *, length: int = 200) -> str:
    """Return text that fits a header: no line breaks, no control characters, not too long."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    short = " ".join(plain.split())
    return short if len(short) <= length else short[: length - 1] + "…"


def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Where a message may go: to public machines by TLS, elsewhere as far as is said here.

    `is_plain_allowed` lets it go to public ones without TLS as well; without `is_any_port` it goes to the port of its
    scheme only. Where private machines are allowed, so are both.
    """

    is_private_allowed: bool = False
    is_plain_allowed: bool = False
    is_any_port: bool = True

    def target(self, address: str) -> SplitResult | None:
        """Return the parts of an address as it is written, or None if nothing may go there."""
        parts = parts_of(address)
        if parts is None or "@" in parts.netloc:
            return None
        is_too_plain = parts.scheme == "http" and not self.is_plain_allowed
        is_odd_port = parts.port not in {None, PORTS[parts.scheme]} and not self.is_any_port
        return parts if self.is_private_allowed or not (is_too_plain or is_odd_port) else None

    def reaches(self, ip: str, *, is_plain: bool) -> bool:
        """Say whether a connection to an IP address may be made."""
        is_too_plain = is_plain and not self.is_plain_allowed
        return may_reach(ip, is_plain=is_too_plain, is_private_allowed=self.is_private_allowed)


def post(
    address: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    guard: Guard,
    look_up: LookUp = look_up,
    trust: ssl.SSLContext | None = None,
    patience: float = PATIENCE,
    most: int = MOST_ANSWER,
) -> Outcome:
    """Post a message and say how it went; of the answer the first `most` bytes are read.

    The name is looked up once; every address it has must be allowed, and the connection goes to one of those very
    addresses, so that the name cannot lead elsewhere in between.
    """
    parts = guard.target(address)
    if parts is None:
        return Outcome("address")
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    until = time.monotonic() + patience
    try:
        found = look_up(host, port)
        if not all(guard.reaches(ip, is_plain=parts.scheme == "http") for ip in found):
            return Outcome("address")
        with closing(_connect(found, port, until)) as raw, closing(_secure(raw, parts, trust, until)) as connection:
            return _exchange(_Timed(connection, until), parts, body, headers, most)
    except (OSError, HTTPException, UnicodeError) as error:
        return Outcome(_problem(error), said=one_line(str(error), length=300))


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


def _exchange(connection: _Timed, parts: SplitResult, body: bytes, headers: Mapping[str, str], most: int) -> Outcome:
    """Send the message and read the beginning of the answer."""
    talk = HTTPConnection(str(parts.hostname))
    talk.sock = cast("socket.socket", connection)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    talk.request("POST", target, body, {"Host": parts.netloc, "Connection": "close", **headers})
    answer = talk.getresponse()
    content = answer.read(most)
    said = one_line(content.decode(errors="replace"), length=300)
    answer.close()
    problem = "" if answer.status in WELL else "redirect" if answer.status in REDIRECTS else "status"
    return Outcome(problem, answer.status, said, content)


def _problem(error: Exception) -> str:
    """Return what went wrong, by its code."""
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (ssl.SSLError, "tls"),
        (socket.gaierror, "name"),
        (UnicodeError, "name"),
        (TimeoutError, "timeout"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), "network")
