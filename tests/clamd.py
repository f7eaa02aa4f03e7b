"""A virus scanner small enough to read, for tests: it speaks ClamAV's INSTREAM over a real socket."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from permea.foundation.scanning import TEST_FILE


class _Talk(socketserver.StreamRequestHandler):
    """One stream: read up to the end or to more than the daemon looks at, then judged."""

    server: Daemon

    def handle(self) -> None:
        command = b"".join(iter(lambda: self.rfile.read(1), b"\0"))
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append((command, content))
        if self.server.is_silent:
            self.server.may_end.wait()
            return
        is_found = TEST_FILE in content
        self.wfile.write(self.server.raw or (b"stream: Eicar-Test-Signature FOUND\0" if is_found else b"stream: OK\0"))


class Daemon(socketserver.ThreadingMixIn):
    """What it saw, and how it is to behave: `raw` is said instead of a judgement, a silent one says nothing."""

    daemon_threads = True
    most = 1_000_000

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seen: list[tuple[bytes, bytes]] = []
        self.raw = b""
        self.is_silent = False
        self.may_end = threading.Event()


class UnixDaemon(Daemon, socketserver.UnixStreamServer):
    """One at a path."""


class TcpDaemon(Daemon, socketserver.TCPServer):
    """One at a port of this machine."""


@contextmanager
def running(path: Path | None = None) -> Iterator[tuple[Daemon, str]]:
    """Run a daemon at a path, or at a port, and give it with its address as the setting has it."""
    daemon: Any = UnixDaemon(str(path), _Talk) if path else TcpDaemon(("127.0.0.1", 0), _Talk)
    address = f"unix:{path}" if path else f"tcp://127.0.0.1:{daemon.server_address[1]}"
    thread = threading.Thread(target=daemon.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield daemon, address
    finally:
        daemon.may_end.set()
        daemon.shutdown()
        thread.join()
        daemon.server_close()
