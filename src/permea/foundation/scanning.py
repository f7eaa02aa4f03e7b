"""Asking a virus scanner: ClamAV's daemon over its socket, or nobody."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

PATIENCE = 30.0
PIECE, MOST_ANSWER = 1 << 16, 4096
# The harmless file that every scanner takes for a virus, in two parts so that none takes this one for it.
TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class ScannerError(Exception):
    """The scanner gave no judgement; the text says why."""


class TooLargeError(ScannerError):
    """The scanner does not look at so much."""


class Scanner(Protocol):
    """Looks for viruses in bytes."""

    def scan(self, chunks: Iterable[bytes]) -> str:
        """Return what was found by its name, nothing if nothing was. Raises ScannerError without a judgement."""


class NoScanner:
    """Looks at nothing and finds nothing."""

    def scan(self, chunks: Iterable[bytes]) -> str:
        """Return nothing."""
        del chunks
        return ""


@dataclass(frozen=True, slots=True)
class ClamScanner:
    """ClamAV's daemon at `unix:/PATH` or `tcp://HOST:PORT`, asked by INSTREAM; all of it within `patience` seconds."""

    address: str
    patience: float = PATIENCE

    def scan(self, chunks: Iterable[bytes]) -> str:
        """Send the bytes and return what was found, by its name. Raises ScannerError without a judgement."""
        until = time.monotonic() + self.patience
        try:
            with closing(self._connect()) as talk:
                _send(talk, chunks, until)
                return _judgement(_answer(talk, until))
        except OSError as error:
            raise ScannerError(str(error) or type(error).__name__) from error

    def _connect(self) -> socket.socket:
        """Return a connection to the daemon. Raises OSError if there is none."""
        parts = urlsplit(self.address)
        if parts.scheme == "tcp":
            return socket.create_connection((str(parts.hostname), parts.port or 0), timeout=self.patience)
        talk = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        talk.settimeout(self.patience)
        try:
            talk.connect(parts.path)
        except OSError:
            talk.close()
            raise
        return talk


def scanner() -> Scanner:
    """Return the scanner that is set, or the one that looks at nothing."""
    return ClamScanner(settings.CLAMAV) if settings.CLAMAV else NoScanner()


def _send(talk: socket.socket, chunks: Iterable[bytes], until: float) -> None:
    """Send the command and the bytes; a daemon that has read enough may close before the end, and has then answered."""
    try:
        for part in _parts(chunks):
            talk.settimeout(_left(until))
            talk.sendall(part)
    except (BrokenPipeError, ConnectionResetError):
        return


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what goes over the wire: the command, the bytes in pieces each with its length, and an end of no length."""
    yield b"zINSTREAM\0"
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE):
            piece = chunk[start : start + PIECE]
            yield struct.pack("!L", len(piece)) + piece
    yield struct.pack("!L", 0)


def _answer(talk: socket.socket, until: float) -> str:
    """Return the answer up to its end. Raises OSError if it does not come in time."""
    said = b""
    while b"\0" not in said and len(said) < MOST_ANSWER:
        talk.settimeout(_left(until))
        part = talk.recv(MOST_ANSWER)
        if not part:
            break
        said += part
    return said.partition(b"\0")[0].decode(errors="replace").strip()


def _left(until: float) -> float:
    """Return the seconds that are left. Raises TimeoutError if none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("it did not answer in time")
    return seconds


def _judgement(said: str) -> str:
    """Return what an answer says was found, nothing for a clean one. Raises ScannerError for any other answer."""
    if said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND")
    if "size limit exceeded" in said:
        raise TooLargeError(said)
    if said != "stream: OK":
        raise ScannerError(said or "it closed the connection without an answer")
    return ""
