"""Settings: typed, from the environment or a file; a wrong one is one clear sentence."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from permea.config import env
from permea.config.env import SettingsError, read_env


def test_without_any_setting_the_defaults_hold():
    found = read_env({})

    assert (found.bind, found.base_url, found.worker, found.is_https) == (
        ("127.0.0.1", 8000), "http://127.0.0.1:8000", True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("bind", "listens", "address"),
    [
        ("127.0.0.1:8021", ("127.0.0.1", 8021), "http://127.0.0.1:8021"),
        ("localhost:8021", ("127.0.0.1", 8021), "http://127.0.0.1:8021"),
        ("0.0.0.0:80", ("0.0.0.0", 80), "http://127.0.0.1:80"),
        ("[::]:8000", ("::", 8000), "http://127.0.0.1:8000"),
        ("[::1]:8000", ("::1", 8000), "http://[::1]:8000"),
    ],
)
def test_links_lead_to_where_the_server_listens_unless_an_address_is_set(bind, listens, address):
    found, named = (read_env({"PERMEA_BIND": bind, **more}) for more in ({}, {"PERMEA_BASE_URL": "https://a.example"}))

    assert (found.bind, found.base_url, named.base_url) == (listens, address, "https://a.example")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PERMEA_BIND", "8000", "HOST:PORT"),
        ("PERMEA_BIND", "127.0.0.1:99999", "HOST:PORT"),
        ("PERMEA_BIND", "permea.example.com:8000", "a numeric host"),
        ("PERMEA_BASE_URL", "permea.example.com", "an address such as"),
        ("PERMEA_BASE_URL", "https://example.com/permea", "without a path"),
        ("PERMEA_THREADS", "many", "a whole number from 1 to 64"),
        ("PERMEA_THREADS", "65", "a whole number from 1 to 64"),
        ("PERMEA_WORKER", "perhaps", "yes or no"),
        ("DATABASE_URL", "mysql://x", "postgresql://"),
        ("PERMEA_MAIL_URL", "mail.example.com", "smtp+starttls://"),
        ("PERMEA_INBOX_URL", "imap://a:b@mail.example.com/INBOX", "only for a server on the same machine"),
        ("PERMEA_INBOX_URL", "imaps://mail.example.com/INBOX", "imaps://USER:PASSWORD@HOST:993/INBOX"),
        ("PERMEA_INBOX_ADDRESS", "Ideas <ideas@example.com>", "a plain address"),
        ("PERMEA_LOG_LEVEL", "LOUD", "one of DEBUG"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(name, value, says):
    with pytest.raises(SettingsError) as caught:
        read_env({name: value})

    assert (str(caught.value).startswith(f"{name} is {value!r}; it must be"), says in str(caught.value)) == (True, True)


def test_an_unknown_setting_is_refused_so_that_a_slip_does_not_pass():
    with pytest.raises(SettingsError, match="PERMEA_BASEURL is not a setting"):
        read_env({"PERMEA_BASEURL": "https://x.example"})


def test_more_processes_need_postgresql():
    with pytest.raises(SettingsError, match="needs PostgreSQL"):
        read_env({"PERMEA_PROCESSES": "2"})
    assert read_env({"PERMEA_PROCESSES": "2", "DATABASE_URL": "postgresql://u:p@h/d"}).processes == 2


def test_a_file_gives_settings_and_the_environment_wins(tmp_path):
    file = tmp_path / "permea.toml"
    file.write_text('PERMEA_THREADS = 4\nPERMEA_WORKER = false\nPERMEA_BASE_URL = "https://a.example"\n')

    found = read_env({"PERMEA_CONFIG": str(file), "PERMEA_BASE_URL": "https://b.example/"})

    assert (found.threads, found.worker, found.base_url, found.is_https) == (4, False, "https://b.example", True)


@pytest.mark.parametrize(("content", "says"), [(None, "does not exist"), ("= =", "is not valid TOML")])
def test_an_unusable_file_is_named(tmp_path, content, says):
    file = tmp_path / "permea.toml"
    if content is not None:
        file.write_text(content)

    with pytest.raises(SettingsError, match=says):
        read_env({"PERMEA_CONFIG": str(file)})


def test_the_secret_is_made_once_and_for_the_owner_only(tmp_path):
    found = read_env({"PERMEA_DATA_DIR": str(tmp_path / "data")})

    first, again = env.secret_key(found), env.secret_key(found)

    mode = stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode)
    assert (first == again, len(first) > 50, mode) == (True, True, 0o600)
    assert env.secret_key(read_env({"PERMEA_SECRET_KEY": "given"})) == "given"


def test_databases_are_described_for_django():
    postgres = env.database(read_env({"DATABASE_URL": "postgresql://u%40x:p@h:5433/name?sslmode=require"}))
    sqlite = env.database(read_env({"DATABASE_URL": "sqlite:////var/lib/p.sqlite3"}))

    assert (postgres["USER"], postgres["HOST"], postgres["PORT"], postgres["NAME"], postgres["OPTIONS"]["sslmode"]) == (
        "u@x", "h", "5433", "name", "require",
    )  # fmt: skip
    assert (str(sqlite["NAME"]), sqlite["OPTIONS"]["transaction_mode"]) == ("/var/lib/p.sqlite3", "IMMEDIATE")
    assert env.database(read_env({"PERMEA_DATA_DIR": "/d"}))["NAME"] == Path("/d/permea.sqlite3")


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [("smtp+starttls://u:p@m.example", 587, True, False), ("smtps://m.example", 465, False, True),
     ("smtp://m.example:2525", 2525, False, False), ("", 25, False, False)],
)  # fmt: skip
def test_mail_servers_are_described_for_django(url, port, tls, ssl):
    found = env.mail(read_env({"PERMEA_MAIL_URL": url}))

    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)
