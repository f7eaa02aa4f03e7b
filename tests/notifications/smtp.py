"""A mail server small enough to read, for tests: it takes mails over a real connection and keeps them."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Talk(socketserver.StreamRequestHandler):
    """One conversation in SMTP."""

    server: Server

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        if self.server.is_silent:
            self.rfile.read()
            return
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].split(" ")[0].upper()
            if verb == self.server.hangs_up_at:
                return
            if verb in self.server.answers:
                self.say(self.server.answers[verb])
            elif verb == "RCPT" and self.server.refuses:
                self.say("550 no such mailbox: " + line.partition(":")[2])
            elif verb == "DATA":
                self.say("354 go on")
                self.take()
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 well")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.server.mails.append(found)


class Server(socketserver.ThreadingTCPServer):
    """Keeps the mails it took.

    `refuses` makes it refuse every address, `answers` say something else to a command ("EHLO", "AUTH", "MAIL", ...);
    `hangs_up_at` names the command at which it ends the conversation, and a silent one never says anything.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[EmailMessage] = []
        self.refuses = False
        self.answers: dict[str, str] = {}
        self.hangs_up_at = ""
        self.is_silent = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def running() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
