"""What the browser is sent besides the page: readable colours, few bytes, nothing from elsewhere."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from permea.surface.testing import assert_page_ok

STATIC = Path(__file__).resolve().parents[2] / "src" / "permea" / "surface" / "static" / "permea"
SHEETS = sorted((STATIC / "css").glob("*.css"))
LAYERS = ["reset", "tokens", "base", "components", "pages", "utilities"]
INKS = ["ink", "muted", "accent", "accent-strong", "out-ink", "coupled", "ok-ink", "warn-ink", "stop"]
GROUNDS = ["paper", "surface", "sunk"]
MARKS = ["accent", "out", "coupled", "ok", "warn", "stop", "line-strong"]


def tokens(theme: int) -> dict[str, str]:
    text = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    return {name: pair[theme] for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_the_most_contrast_there_is() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_is_readable_on_every_ground(theme: int) -> None:
    named = tokens(theme)

    faint = [(ink, on) for ink, on in product(INKS, GROUNDS) if contrast(named[ink], named[on]) < 4.5]
    pairs = [("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-stop", "stop")]

    assert (faint, [pair for pair in pairs if contrast(named[pair[0]], named[pair[1]]) < 4.5]) == ([], [])


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_marks_and_borders_of_controls_stand_out(theme: int) -> None:
    named = tokens(theme)

    assert [(mark, on) for mark, on in product(MARKS, GROUNDS[:2]) if contrast(named[mark], named[on]) < 3] == []


def test_the_colours_are_those_of_the_design() -> None:
    named = tokens(0)

    assert {name: named[name] for name in ("ink", "paper", "surface", "line", "accent", "out", "coupled")} == {
        "ink": "#16202A",
        "paper": "#FBFAF7",
        "surface": "#FFFFFF",
        "line": "#E3E0D8",
        "accent": "#0B6B6B",
        "out": "#C2571A",
        "coupled": "#5B4B8A",
    }
    assert [named[name] for name in ("ok", "warn", "stop")] == ["#2E7D4F", "#9A6700", "#B3261E"]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_style_sheet_stays_in_the_layers_and_inside_the_house(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")

    assert set(re.findall(r"@layer ([\w-]+) \{", text)) <= set(LAYERS)
    assert re.findall(r"url\(|@import|https?:", text) == []
    assert re.findall(r"(?:margin|padding|border|inset)-(?:left|right)|text-align: (?:left|right)", text) == []


def test_colours_are_named_in_one_place_only() -> None:
    elsewhere = [
        sheet.name for sheet in SHEETS if sheet.stem != "tokens" and re.findall(r"#[0-9A-Fa-f]{6}", sheet.read_text())
    ]

    assert elsewhere == []


def test_every_variable_used_is_defined() -> None:
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    defined = set(re.findall(r"(--[\w-]+):", text))

    assert set(re.findall(r"var\((--[\w-]+)", text)) - defined == set()


def test_scripts_evaluate_nothing_and_write_no_markup() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (STATIC / "js").glob("*.js"))

    assert (
        re.findall(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\.style\b", text)
        == []
    )


def test_a_page_for_the_world_weighs_less_than_100_kilobytes(client: Client, db: None) -> None:
    answer = client.get("/no/such/page/")
    page = assert_page_ok(answer, status=404)

    files = [link.attributes["href"] for link in page.all("link")]
    files += [script.attributes["src"] for script in page.all("script")]
    sizes = [Path(str(finders.find(name.removeprefix("/static/")))).stat().st_size for name in files]

    assert (len(sizes) >= 8, len(answer.content) + sum(sizes) < 85_000) == (True, True)
