"""Asking ClamAV's daemon over a real socket: what it finds, what it does not look at, and when it says nothing."""

from __future__ import annotations

import pytest

from permea.config.env import SettingsError, read_env
from permea.foundation import scanning
from permea.foundation.scanning import TEST_FILE, ClamScanner, NoScanner, ScannerError, TooLargeError
from tests import clamd


@pytest.fixture
def daemon():
    """Return a running daemon and the scanner that asks it."""
    with clamd.running() as (daemon, address):
        yield daemon, ClamScanner(address)


def test_bytes_arrive_whole_in_pieces_and_are_judged(daemon, tmp_path):
    server, scanner = daemon
    content = bytes(range(256)) * 700
    with clamd.running(tmp_path / "clamd.sock") as (local, address):
        found = [scanner.scan([content[:5], b"", content[5:]]), ClamScanner(address).scan([b"a", TEST_FILE])]

    assert (found, server.seen) == (["", "Eicar-Test-Signature"], [(b"zINSTREAM", content)])
    assert local.seen == [(b"zINSTREAM", b"a" + TEST_FILE)]


def test_more_than_it_looks_at_is_no_judgement_even_if_it_closes_early(daemon):
    server, scanner = daemon
    server.most = 1000

    with pytest.raises(TooLargeError):
        scanner.scan(bytes(500) for _number in range(20_000))


@pytest.mark.parametrize("raw", [b"UNKNOWN COMMAND\0", b"\0", b"x" * 9000])
def test_an_answer_nobody_understands_is_no_judgement(daemon, raw):
    daemon[0].raw = raw

    with pytest.raises(ScannerError):
        daemon[1].scan([b"a"])


def test_who_says_nothing_in_time_gives_no_judgement(daemon):
    server, scanner = daemon
    server.is_silent = True

    for patience in (0.2, 0):
        with pytest.raises(ScannerError):
            ClamScanner(scanner.address, patience=patience or 1e-9).scan([b"a"])


def test_nobody_there_is_no_judgement(tmp_path):
    with clamd.running() as (_daemon, gone):
        pass
    for address in (gone, f"unix:{tmp_path / 'nobody.sock'}"):
        with pytest.raises(ScannerError):
            ClamScanner(address).scan([b"a"])


def test_which_scanner_is_asked_is_a_setting(settings):
    settings.CLAMAV = ""
    nobody = scanning.scanner()
    settings.CLAMAV = "unix:/run/clamav/clamd.ctl"

    assert (isinstance(nobody, NoScanner), nobody.scan([TEST_FILE])) == (True, "")
    assert scanning.scanner() == ClamScanner("unix:/run/clamav/clamd.ctl")


@pytest.mark.parametrize(
    "wrong", ["unix:run/x", "unix://run/x", "tcp://scanner", "tcp://:3310", "http://x:1", "x", "tcp://x:1/y"]
)
def test_a_wrong_address_stops_the_start(wrong):
    with pytest.raises(SettingsError, match="PERMEA_CLAMAV"):
        read_env({"PERMEA_CLAMAV": wrong})
    right = [read_env({"PERMEA_CLAMAV": one}).clamav for one in ("unix:/run/x", "tcp://10.0.0.2:3310", "")]

    assert right == ["unix:/run/x", "tcp://10.0.0.2:3310", ""]
