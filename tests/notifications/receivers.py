"""A receiver of webhooks small enough to read, for tests: it takes messages over a real connection and keeps them."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Message:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: str


class _Talk(BaseHTTPRequestHandler):
    """One message."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.messages.append(Message(self.path, dict(self.headers), body))
        if self.server.is_silent:
            self.server.may_end.wait()
            return
        if self.server.raw is not None:
            self.wfile.write(self.server.raw)
            return
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, b"thanks")
        self.send_response(status)
        if status in range(300, 400):
            self.send_header("Location", self.server.address + "/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class Receiver(ThreadingHTTPServer):
    """Keeps what it took; `answers` are given in turn, then 200; `raw` is sent instead of any; a silent one waits."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.messages: list[Message] = []
        self.answers: list[tuple[int, bytes]] = []
        self.raw: bytes | None = None
        self.is_silent = False
        self.may_end = threading.Event()
        self.scheme = "http" if tls is None else "https"
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of those who hang up."""


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    with Receiver(tls) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.may_end.set()
        server.shutdown()
