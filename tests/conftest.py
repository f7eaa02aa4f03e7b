"""What every test may ask for: the shared data, a browser, a PostgreSQL server; the cast comes from tests/cast.py.

Tests that need something a machine may lack are skipped there, with the reason. With
`PERMEA_TEST_REQUIRE=browser,postgresql,imap,pdfsig,openssl,libreoffice,data` such a skip is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import coverage_gate, migrated, servers

# How long a busy machine takes says nothing of a law. In CI a commit is judged by the same examples each time.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("busy"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "busy")

ROOT = Path(__file__).resolve().parents[1]
pytest_plugins = ["tests.append_only", "tests.cast"]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("permea")
    group.addoption(
        "--coverage-gate", action="store_true", help="fail unless rules, services and engine are covered whole"
    )
    group.addoption("--update-permissions", action="store_true", help="write the observed permission table, for review")
    group.addoption("--update-query-counts", action="store_true", help="write the observed query counts, for review")


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    migrated.begin()
    config.add_cleanup(migrated.end)
    if config.getoption("--coverage-gate"):
        config.pluginmanager.register(coverage_gate.CoverageGate(), "permea-coverage-gate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of services, which run on PostgreSQL as well, and let the longest one start first."""
    for item in items:
        if item.path.name.startswith("test_services"):
            item.add_marker("services")
    items.sort(key=lambda item: item.path.name != "test_on_postgresql.py")


def lacking(what: str, reason: str) -> None:
    """Skip the running test for want of `what`, or fail it where that is required."""
    if what in os.environ.get("PERMEA_TEST_REQUIRE", "").split(","):
        pytest.fail(f"{what} is required here, and {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite, begin with a copy of the migrated database, which is as good as one that was migrated here."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return False
    migrated.lay(Path(connection.settings_dict["TEST"]["NAME"]))
    return True


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Return a function that finds a data set by its folder name, for example `shared_data("catalyst")`."""
    places = [Path(os.environ["PERMEA_TEST_DATA"])] if os.environ.get("PERMEA_TEST_DATA") else []
    places.append(ROOT.parent / "shared" / "data")

    def find(name: str) -> Path:
        for place in places:
            if (place / name).exists():
                return place / name
        lacking("data", f"the data set {name} is not in {places[0]}")
        raise AssertionError

    return find


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the Chromium that browser tests drive."""
    found = servers.find_chromium()
    if found is None:
        lacking("browser", "no Chromium was found (set PERMEA_TEST_CHROMIUM to its path)")
    return str(found)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Return the address of a throw-away PostgreSQL server."""
    if servers.find_postgresql() is None:
        lacking("postgresql", "no PostgreSQL server programs were found")
    with servers.postgresql() as url:
        yield url
