"""The product starts as people start it, says that it is well, and ends when asked."""

from __future__ import annotations

import urllib.request

import pytest

from tests import servers


@pytest.mark.slow
def test_the_product_serves_ends_when_asked_and_starts_again(tmp_path):
    with servers.product(tmp_path / "data") as site:
        with urllib.request.urlopen(f"{site.address}/", timeout=120) as answer:
            front_page = (answer.status, "<h1" in answer.read().decode())
        log = site.log.read_text()
        first = site.stop()
    assert (front_page, first) == ((200, True), 0), site.log.read_text()
    assert f"Permea runs at {site.address}" in log
    assert "Become its owner" in log

    site.start()
    site.crash()
    assert not site.is_well()


def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path):
    with pytest.raises(RuntimeError, match="PERMEA_THREADS is 'many'; it must be a whole number from 1 to 64"):
        servers.Product(tmp_path / "data", {"PERMEA_THREADS": "many"}).start()
