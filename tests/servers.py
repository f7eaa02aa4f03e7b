"""Real servers for tests: a throw-away PostgreSQL, a Chromium, and the product itself as people start it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
POSTGRESQL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ON_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_postgresql() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs, or None."""
    found = [Path(place) for pattern in POSTGRESQL_PLACES for place in _glob(pattern)]
    on_path = shutil.which("initdb")
    return max(found, key=_version) if found else Path(on_path).parent if on_path else None


def _glob(pattern: str) -> list[str]:
    return [str(path) for path in Path("/").glob(pattern.lstrip("/")) if (path / "initdb").exists()]


def _version(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome, or None."""
    named = os.environ.get("PERMEA_TEST_CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or (CHROMIUM_ON_MACOS if Path(CHROMIUM_ON_MACOS).exists() else None)


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL server that forgets everything, give its address, stop it at the end.

    It listens on a socket in its own folder only. PostgreSQL refuses to run as root; there it runs as `postgres`.
    """
    programs = find_postgresql()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="permea-postgresql-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        with (folder / "log").open("ab") as log:
            done = subprocess.run(
                [*as_user, *command],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=600,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{(folder / 'log').read_text(errors='replace')[-4000:]}")

    quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' {quick}"
    try:
        run(
            str(programs / "initdb"),
            "-D",
            str(folder / "data"),
            "-U",
            "permea",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        run(
            str(programs / "pg_ctl"),
            "-D",
            str(folder / "data"),
            "-w",
            "-t",
            "300",
            "-l",
            str(folder / "server.log"),
            "-o",
            options,
            "start",
        )
        try:
            yield f"postgresql://permea@/postgres?host={folder}"
        finally:
            run(str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Product:
    """The product, started as people start it, on a free port and with its own data folder."""

    data_dir: Path
    environ: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ("serve",)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Return the file that holds what the server printed."""
        return self.data_dir.with_name(f"{self.data_dir.name}.log")

    def settings(self) -> dict[str, str]:
        """Return the environment of every command on this data folder."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PERMEA_", "COV_"))}
        return kept | {
            "PERMEA_DATA_DIR": str(self.data_dir),
            "PERMEA_BIND": f"127.0.0.1:{self.port}",
            "PERMEA_BASE_URL": self.address,
            "DJANGO_SETTINGS_MODULE": "permea.config.settings.prod",
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUNBUFFERED": "1",
            **self.environ,
        }

    def start(self, *, seconds: float = 300) -> Product:
        """Start the server and return once it answers that it is well. Raises RuntimeError with its log otherwise."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from permea.config.cli import main; main()", *self.arguments],
                cwd=ROOT, env=self.settings(), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            if self.is_well():
                return self
            time.sleep(0.1)
        self.crash()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text(errors='replace')[-4000:]}")

    def is_well(self) -> bool:
        """Say whether /healthz answers 200."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=20) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self, *, seconds: float = 90) -> int:
        """Ask the server to end, as `systemctl stop` does, and return its exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.crash()
            raise

    def crash(self) -> None:
        """End the server and everything it started at once, as a power cut does."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(90)


@contextlib.contextmanager
def product(data_dir: Path, *arguments: str, **environ: str) -> Iterator[Product]:
    """Start the product for the time of the block, for example `with servers.product(tmp_path / "data") as site:`."""
    site = Product(data_dir, environ, arguments or ("serve",))
    site.start()
    try:
        yield site
    finally:
        assert site.process is not None
        if site.process.poll() is None:
            site.stop()
