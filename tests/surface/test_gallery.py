"""Every component is shown in the gallery, refuses unknown arguments and keeps the promises of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client
from jinja2 import Environment, nodes

from permea.foundation.refusals import Refusal
from permea.people.models import Organisation, Person
from permea.surface.testing import Element, assert_page_ok, fragment_faults, read_page

TEMPLATES = Path(__file__).resolve().parents[2] / "src" / "permea" / "surface" / "templates"
FILES = sorted(path.name for path in (TEMPLATES / "components").glob("*.html"))


def jinja() -> Environment:
    return engines["jinja2"].env  # type: ignore[attr-defined, no-any-return]


def macros_of(name: str) -> Iterator[nodes.Macro]:
    tree = jinja().parse((TEMPLATES / "components" / name).read_text(encoding="utf-8"))
    return (macro for macro in tree.find_all(nodes.Macro) if not macro.name.startswith("_"))


def test_every_component_is_called_in_the_gallery() -> None:
    tree = jinja().parse((TEMPLATES / "surface" / "gallery.html").read_text(encoding="utf-8"))
    imported: dict[str, str] = {}
    for node in tree.find_all(nodes.FromImport):
        assert isinstance(node.template, nodes.Const)
        for item in node.names:
            original, alias = (item, item) if isinstance(item, str) else item
            imported[alias] = f"{node.template.value}:{original}"
    names = [call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)]
    called = {imported[name] for name in names if name in imported}

    missing = {f"components/{name}:{macro.name}" for name in FILES for macro in macros_of(name)} - called

    assert (len(FILES), missing) == (5, set())


@pytest.mark.parametrize("name", FILES)
def test_a_component_refuses_an_argument_it_does_not_declare(name: str) -> None:
    module = jinja().get_template(f"components/{name}").module
    for macro in macros_of(name):
        required = {argument.name: "x" for argument in macro.args[: len(macro.args) - len(macro.defaults)]}
        with pytest.raises(TypeError, match="no keyword argument 'colour'"):
            getattr(module, macro.name)(**required, colour="red")


@pytest.mark.parametrize("name", FILES)
def test_every_component_is_described_at_the_top_of_its_file(name: str) -> None:
    text = (TEMPLATES / "components" / name).read_text(encoding="utf-8")
    described = text[: text.index("#}")]
    for macro in macros_of(name):
        names = [argument.name for argument in macro.args if argument.name != "caller"]
        line = next((line for line in described.splitlines() if line.strip().startswith(f"{macro.name}(")), "")
        given = line.partition("(")[2].partition(")")[0]
        assert [part.split("=")[0].strip() for part in given.split(",") if part.strip()] == names, macro.name


def test_the_gallery_keeps_the_promises_of_a_page(
    organisation: Organisation, owner: Person, client_of: Callable[[Person], Client]
) -> None:
    page = assert_page_ok(client_of(owner).get("/gallery/"))

    assert len(page.all("svg")) > 60
    assert len(page.all("table")) >= 8


def test_the_gallery_is_for_members(
    organisation: Organisation, stranger: Person, client_of: Callable[[Person], Client]
) -> None:
    assert client_of(stranger).get("/gallery/").status_code == 404


def call(file: str, macro: str, /, *args: object, **kwargs: object) -> str:
    return str(getattr(jinja().get_template(f"components/{file}").module, macro)(*args, **kwargs))


def test_a_blocked_button_stays_visible_is_off_and_says_why() -> None:
    refusal = Refusal("challenge.closed", "This challenge <closed>.")
    button = read_page(call("actions.html", "button", "Hand in", blocked=refusal, name="a", value="b"))

    assert "disabled" in button.all("button")[0].attributes
    assert button.text == "Hand inThis challenge <closed>."


def test_a_blocked_link_leads_nowhere() -> None:
    link = read_page(call("actions.html", "link_button", "Publish", "/publish/", blocked="Not yet.")).all("a")[0]

    assert ("href" in link.attributes, link.attributes["aria-disabled"]) == (False, "true")


def test_text_from_people_is_escaped_everywhere() -> None:
    evil = '"><script>alert(1)</script>'
    shown = [
        call("actions.html", "button", evil, name=evil, value=evil, attrs={"data-x": evil}),
        call("actions.html", "alert", evil, title=evil),
        call("layout.html", "page_head", evil, where=evil, next=evil),
        call("forms.html", "input", "a", evil, value=evil, hint=evil, error=evil),
        call("forms.html", "score", "a", evil, [evil] * 5, question=evil),
        call("data.html", "card", evil, href=evil, kicker=evil),
        call("data.html", "prose", evil, lang=evil),
        call("data.html", "diff", evil, "after " + evil),
        call("charts.html", "interval_dots", [{"label": evil, "value": 1, "lower": 0, "upper": 2, "note": evil}], evil),
        call("charts.html", "bars", [{"label": evil, "value": 1}], evil, unit=evil),
    ]

    assert [html for html in shown if "<script" in html] == []
    assert [fragment_faults(read_page(html)) for html in shown] == [[]] * len(shown)


def test_a_table_says_by_what_it_is_sorted_and_offers_the_other_way() -> None:
    columns = [{"label": "Idea", "key": "title"}, {"label": "Score", "key": "score", "align": "end"}, "State"]
    heads = read_page(call("data.html", "table", columns, sort="score", sort_base="?sort=")).all("th")

    assert [head.attributes.get("aria-sort", "") for head in heads] == ["", "ascending", ""]
    assert [link.attributes["href"] for head in heads for link in head.all("a")] == ["?sort=title", "?sort=-score"]


def test_a_chart_has_its_table_behind_it() -> None:
    rows = [{"label": "Gripper", "value": 4.25, "lower": 4.0, "upper": 4.5, "n": 6, "group": 1}]
    chart = read_page(call("charts.html", "interval_dots", rows, "Score", low=1, high=5))

    cells = [cell.text for cell in chart.all("tbody")[0].walk() if cell.name in {"td", "th"}]
    assert cells == ["1", "Gripper", "4.25", "4.00", "4.50", "6"]


def strip_of(*states: str, **kwargs: object) -> Element:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    stages = [
        {"name": f"Stage {state}", "state": state, "note": f"Do {state}.", "opens_at": at, "closes_at": at}
        for state in states
    ]
    return read_page(call("data.html", "stage_strip", stages, **kwargs))


def test_a_stage_strip_is_an_ordered_list_with_the_current_step_marked_and_every_state_in_words() -> None:
    strip = strip_of("done", "now", "next", "later", note="Extended.")

    steps = strip.all("ol")[0].all("li")
    assert [step.attributes.get("aria-current", "") for step in steps] == ["", "step", "", ""]
    assert [state in step.text for state, step in zip(("done", "now", "next", "later"), steps, strict=True)] == [
        True
    ] * 4
    assert ["Do " in step.text for step in steps] == [False, True, False, False]
    assert ("until Mar 2, 2026, 09:00" in steps[1].text, "Extended." in strip.text) == (True, True)


def test_a_stage_whose_end_is_past_while_something_is_owed_is_late_and_still_the_current_one() -> None:
    step = strip_of("done", "late").all("li")[1]

    assert (step.attributes["aria-current"], "now, late" in step.text, "was due by" in step.text) == (
        "step",
        True,
        True,
    )


def test_a_small_stage_strip_dates_only_what_stands_now() -> None:
    counts = [
        [len(step.all("time")) for step in strip_of("done", "now", "next", is_small=small).all("li")]
        for small in (True, False)
    ]

    assert counts == [[0, 1, 0], [2, 1, 2]]
