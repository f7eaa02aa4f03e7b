"""A translation service small enough to read, for tests: it speaks LibreTranslate's interface over HTTP on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Service(ThreadingHTTPServer):
    """What it was asked, and what it says instead of a translation if `raw` is set, with which status."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.raw, self.status = b"", 200


class _Talk(BaseHTTPRequestHandler):
    """One request: each text comes back with its target language before it."""

    server: Service

    def do_POST(self) -> None:
        """Answer."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, asked))
        said = json.dumps({"translatedText": [f"[{asked['target']}] {text}" for text in asked["q"]]}).encode()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.raw or said)

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[tuple[Service, str]]:
    """Run a service and yield it with its address."""
    service = Service()
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service, f"http://127.0.0.1:{service.server_port}/"
    finally:
        service.shutdown()
        thread.join()
        service.server_close()
