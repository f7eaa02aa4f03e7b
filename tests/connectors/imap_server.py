"""A real IMAP server for tests: Dovecot with a configuration of its own in a folder that is thrown away."""

from __future__ import annotations

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "ideas", "secret/with:signs@"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_fsync = never
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_uid = {user}
mail_gid = {group}
mail_home = {folder}/mail
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = /
}}
{more}
"""


def find_dovecot() -> str | None:
    """Return the path of Dovecot, or None."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server with one mailbox."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        """Return the setting that names the mailbox."""
        return f"imap://{USER}:secret%2Fwith%3Asigns%40@127.0.0.1:{self.port}/INBOX"

    @contextlib.contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        """Sign in as a person with a mail program would."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=30) as imap:
            imap.login(USER, PASSWORD)
            yield imap

    def deliver(self, raw: bytes, flags: str = "") -> None:
        """Put a mail into the inbox."""
        with self.opened() as imap:
            status, said = imap.append("INBOX", flags, "", raw)
            assert status == "OK", said

    def subjects(self, folder: str = "INBOX") -> list[str]:
        """Return the subjects of a folder's mails, or nothing if there is no such folder."""
        with self.opened() as imap:
            status, count = imap.select(f'"{folder}"', readonly=True)
            if status != "OK" or count == [b"0"]:
                return []
            found = imap.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
            return [piece[1].decode().partition(":")[2].strip() for piece in found if isinstance(piece, tuple)]

    def flags(self) -> list[str]:
        """Return the flags of the inbox's mails."""
        with self.opened() as imap:
            imap.select("INBOX", readonly=True)
            return [line.decode() for line in imap.fetch("1:*", "(FLAGS)")[1] if line]

    def empty(self) -> None:
        """Forget every mail and folder."""
        with self.opened() as imap:
            for line in imap.list()[1]:
                name = line.decode().rpartition(" ")[2].strip('"')
                if name == "INBOX":
                    if imap.select("INBOX")[1] != [b"0"]:
                        imap.store("1:*", "+FLAGS", r"(\Deleted)")
                    imap.close()
                else:
                    imap.delete(f'"{name}"')


@contextlib.contextmanager
def running(*, prefix: str = "", more: str = "") -> Iterator[Server]:
    """Start the server, wait until it takes a sign-in, give it, and stop it."""
    program = find_dovecot()
    assert program is not None
    is_root = os.getuid() == 0
    who = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
    with tempfile.TemporaryDirectory(prefix="permea-imap-") as name:
        folder = Path(name)
        (folder / "mail").mkdir()
        if is_root:
            folder.chmod(0o755)
            os.chown(folder / "mail", who.pw_uid, who.pw_gid)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        told = _configuration(folder, port, who, prefix, more)
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [program, "-F", "-c", str(told)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            server = Server(port, folder)
            _wait_for(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=60)


def _configuration(folder: Path, port: int, who: pwd.struct_passwd, prefix: str, more: str) -> Path:
    path = folder / "dovecot.conf"
    group = grp.getgrgid(who.pw_gid).gr_name
    values = {"folder": folder, "port": port, "user": who.pw_name, "group": group}
    path.write_text(CONFIGURATION.format(password=PASSWORD, prefix=prefix, more=more, **values))
    return path


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Return once the server takes a sign-in. Raises AssertionError with its log if it ends or takes a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with server.opened():
                return
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)
    raise AssertionError((server.folder / "log").read_text(errors="replace")[-3000:])
