"""Settings: typed, read from the environment or a TOML file; a wrong one stops the start with one sentence."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LAST_PORT = 65535


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what would be right."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, what it is for, how its text is read, and what holds if it is absent."""

    name: str
    default: str
    help: str
    read: Callable[[str], Any]


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _base_url(value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("an address such as https://permea.example.com, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _bind(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    wanted = ValueError("HOST:PORT with a numeric host, for example 127.0.0.1:8000 or [::]:8000")
    try:
        address = ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
    except ValueError:
        raise wanted from None
    if not port.isdecimal() or not 0 <= int(port) <= LAST_PORT:
        raise wanted
    return str(address), int(port)


def _count(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isdecimal() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError("one of " + ", ".join(words))
        return value

    return read


def _flag(value: str) -> bool:
    if value.lower() not in {"yes", "no", "true", "false", "1", "0"}:
        raise ValueError("yes or no")
    return value.lower() in {"yes", "true", "1"}


def _database(value: str) -> str:
    if value and urlsplit(value).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("postgresql://USER:PASSWORD@HOST/NAME or sqlite:///PATH")
    return value


def _mail(value: str) -> str:
    if value and urlsplit(value).scheme not in {"smtp", "smtps", "smtp+starttls"}:
        raise ValueError("smtp+starttls://USER:PASSWORD@HOST:587, smtps://... or smtp://...")
    return value


def _inbox(value: str) -> str:
    """Return the address of a mailbox; in the clear only on this machine, since the password travels with it."""
    parts = urlsplit(value)
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    is_whole = parts.hostname and parts.username and parts.password is not None and parts.path.isascii()
    if value and not (is_whole and (parts.scheme == "imaps" or (parts.scheme == "imap" and is_here))):
        raise ValueError("imaps://USER:PASSWORD@HOST:993/INBOX; imap:// only for a server on the same machine")
    return value


def _scanner(value: str) -> str:
    parts = urlsplit(value)
    is_unix = parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
    is_tcp = parts.scheme == "tcp" and bool(parts.hostname) and bool(parts.port) and not parts.path and not parts.query
    if value and not (is_unix or is_tcp):
        raise ValueError("unix:/PATH or tcp://HOST:PORT")
    return value


def _translator(value: str) -> str:
    parts = urlsplit(value)
    if value and not (parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment):
        raise ValueError("https://HOST/ or https://:KEY@HOST/")
    return value


def _authority(value: str) -> str:
    parts = urlsplit(value)
    is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    if value and not (is_whole and value.isascii() and value.isprintable() and not parts.fragment):
        raise ValueError("http://HOST/PATH or https://HOST/PATH")
    return value


def _address(value: str) -> str:
    if value and not (value.count("@") == 1 and value.isprintable() and " " not in value and "+" not in value):
        raise ValueError("a plain address such as ideas@example.com")
    return value


SETTINGS = (
    Setting("PERMEA_DATA_DIR", "permea-data", "Folder of the database, the files and the keys.", _path),
    Setting("DATABASE_URL", "", "PostgreSQL address; empty means SQLite in the data folder.", _database),
    Setting("PERMEA_BASE_URL", "", "Address people reach it under; empty: http:// and PERMEA_BIND.", _base_url),
    Setting("PERMEA_BIND", "127.0.0.1:8000", "Host and port the server listens on.", _bind),
    Setting("PERMEA_THREADS", "8", "Threads that answer requests in each process.", _count(1, 64)),
    Setting("PERMEA_PROCESSES", "1", "Web processes; more than one needs PostgreSQL.", _count(1, 64)),
    Setting("PERMEA_WORKER", "yes", "Whether the web process also runs the job worker.", _flag),
    Setting("PERMEA_MAIL_URL", "", "Mail server; empty keeps mails readable for the owner under Mails.", _mail),
    Setting("PERMEA_MAIL_FROM", "Permea <permea@localhost>", "Sender of all mails.", _text),
    Setting("PERMEA_INBOX_URL", "", "Mailbox whose mails go into a box; empty: no mail is read.", _inbox),
    Setting("PERMEA_INBOX_ADDRESS", "", "Address of that mailbox; answers to mails about postings go there.", _address),
    Setting("PERMEA_INBOX_BOX", "", "Key of the box that takes them; empty: the oldest open one.", _text),
    Setting("PERMEA_SECRET_KEY", "", "Secret of sessions and links; empty keeps one in the data folder.", _text),
    Setting("PERMEA_TRUST_PROXY", "no", "Whether a proxy in front sets X-Forwarded-For and -Proto.", _flag),
    Setting("PERMEA_UPLOAD_MEGABYTES", "20", "Largest file a contributor may attach, in megabytes.", _count(1, 500)),
    Setting("PERMEA_CLAMAV", "", "Socket of ClamAV's daemon that looks at uploads; empty: nobody does.", _scanner),
    Setting(
        "PERMEA_CLAMAV_DOWN",
        "refuse",
        "What becomes of uploads ClamAV cannot judge (silent, too large): refuse or keep.",
        _one_of("refuse", "keep"),
    ),
    Setting("PERMEA_TRANSLATOR", "", "Service that translates entries (LibreTranslate); empty: nobody.", _translator),
    Setting(
        "PERMEA_SEMANTIC", "yes", "Whether entries are compared by meaning where that package is installed.", _flag
    ),
    Setting("PERMEA_DEMO", "no", "Whether this is the demo, whose sign-in links work again and again.", _flag),
    Setting(
        "PERMEA_LOG_LEVEL",
        "WARNING",
        "How much the server tells: DEBUG, INFO, WARNING, ERROR.",
        _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
    Setting(
        "PERMEA_HOOKS_PRIVATE",
        "no",
        "Whether webhooks may go to addresses in private networks and on this machine, there also by http.",
        _flag,
    ),
    Setting(
        "PERMEA_TIMESTAMP_URL",
        "",
        "Time-stamping authority (RFC 3161) for sealed agreements; empty: seals bear no time-stamp.",
        _authority,
    ),
    Setting(
        "PERMEA_TIMESTAMP_PRIVATE",
        "no",
        "Whether that authority may stand in a private network or on this machine, and on any port.",
        _flag,
    ),
)


@dataclass(frozen=True, slots=True)
class Env:
    """The settings, read and checked."""

    data_dir: Path
    database_url: str
    base_url: str
    bind: tuple[str, int]
    threads: int
    processes: int
    worker: bool
    mail_url: str
    mail_from: str
    inbox_url: str
    inbox_address: str
    inbox_box: str
    secret_key: str
    trust_proxy: bool
    upload_megabytes: int
    clamav: str
    clamav_down: str
    translator: str
    semantic: bool
    demo: bool
    log_level: str
    hooks_private: bool
    timestamp_url: str
    timestamp_private: bool

    @property
    def is_https(self) -> bool:
        """Say whether people reach the instance over TLS."""
        return self.base_url.startswith("https://")


def read_env(environ: Mapping[str, str]) -> Env:
    """Return the settings from a TOML file named by PERMEA_CONFIG and the environment, which wins.

    Raises SettingsError with one sentence that names the setting.
    """
    given = {**_from_file(environ.get("PERMEA_CONFIG", "")), **environ}
    known = {setting.name for setting in SETTINGS} | {"PERMEA_CONFIG", "PERMEA_RUN_WORKER"}
    for name in given:
        if name.startswith("PERMEA_") and name not in known and not name.startswith("PERMEA_TEST_"):
            raise SettingsError(f"{name} is not a setting; docs/reference/settings.md lists them.")
    values: list[Any] = []
    for setting in SETTINGS:
        raw = str(given.get(setting.name, "")).strip() or setting.default
        try:
            values.append(setting.read(raw))
        except ValueError as error:
            raise SettingsError(f"{setting.name} is {raw!r}; it must be {error}.") from error
    env = Env(**dict(zip((field.name for field in fields(Env)), values, strict=True)))
    if env.processes > 1 and not env.database_url.startswith("postgres"):
        raise SettingsError("PERMEA_PROCESSES above 1 needs PostgreSQL: set DATABASE_URL.")
    return replace(env, base_url=env.base_url or _address_on_this_machine(*env.bind))


def _address_on_this_machine(host: str, port: int) -> str:
    """Return where a browser on this machine finds a server that listens there."""
    address = ip_address(host)
    name = "127.0.0.1" if address.is_unspecified else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _from_file(name: str) -> dict[str, str]:
    """Return what the settings file says, as text."""
    if not name:
        return {}
    try:
        table = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"PERMEA_CONFIG names {name}, which does not exist.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not valid TOML: {error}.") from error
    return {key: ("yes" if value else "no") if isinstance(value, bool) else str(value) for key, value in table.items()}


def secret_key(env: Env) -> str:
    """Return the configured secret, or the one kept in the data folder, made at first use."""
    if env.secret_key:
        return env.secret_key
    path = env.data_dir / "secret.key"
    env.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def database(env: Env) -> dict[str, Any]:
    """Return Django's description of the database."""
    parts = urlsplit(env.database_url)
    if parts.scheme.startswith("postgres"):
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": query,
        }
    return {
        "ENGINE": "permea.foundation.sqlite",
        "NAME": "/" + parts.path.lstrip("/") if parts.scheme == "sqlite" else env.data_dir / "permea.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
                "PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def mail(env: Env) -> dict[str, Any]:
    """Return Django's mail settings; without a mail server, mails are only kept."""
    parts = urlsplit(env.mail_url)
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or {"smtps": 465, "smtp+starttls": 587}.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
