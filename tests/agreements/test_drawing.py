"""Drawn signatures: only points on the grid come in; what is drawn stands in the record, on the page and on paper."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from permea.agreements import queries, rules, services
from permea.agreements.models import AgreementSignature
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.surface.testing import assert_page_ok
from tests.agreements.test_services_agreements import code_of, make_draft, offer, refused
from tests.cast import AT
from tests.conftest import lacking

TICK = [[[40, 100], [120, 170], [420, 30]], [[500, 100]]]
SENT = json.dumps(TICK, separators=(",", ":"))
PATH = "M40 100L120 170L420 30M500 100h0"
POINT = st.tuples(st.integers(0, rules.GRID_WIDTH), st.integers(0, rules.GRID_HEIGHT)).map(list)
DRAWINGS = st.lists(st.lists(POINT, min_size=1, max_size=20), max_size=rules.MOST_STROKES)


@given(DRAWINGS)
def test_what_a_pad_can_draw_is_kept_point_by_point(drawing):
    text = rules.drawing_text(drawing)
    assert (rules.drawing_of(text), rules.why_not_drawing(text)) == (drawing, None)
    assert re.fullmatch(r"(M\d+ \d+(h0|(L\d+ \d+)+))*", rules.drawing_path(drawing))


OTHERWISE = st.none() | st.booleans() | st.floats() | st.integers() | st.text()


@given(st.text() | st.recursive(OTHERWISE, st.lists).map(json.dumps))
def test_whatever_else_is_sent_is_refused_or_lies_on_the_grid(sent):
    if rules.why_not_drawing(sent) is not None:
        return
    points = [point for stroke in rules.drawing_of(sent) for point in stroke]
    assert all(type(one) is int for point in points for one in point)
    assert all(0 <= x <= rules.GRID_WIDTH and 0 <= y <= rules.GRID_HEIGHT for x, y in points)


@pytest.mark.parametrize(
    "sent",
    ["[[[1,NaN]]]", "[[[1,Infinity]]]", "[[[1.5,2]]]", "[[[-1,2]]]", "[[[601,2]]]", "[[[1,201]]]", "[[[1,2,3]]]",
     "[[[1]]]", "[[]]", "[[[01,2]]]", "[[[1e2,2]]]", "[[[true,2]]]", '[[["1",2]]]', "[[[\u0661,2]]]", "null", "{}",
     '{"a":[[[1,2]]]}', "[[[1,2]]]\n", "[" * 15_000, "[" * 90_000, "[[[1,2]]]" + " " * 20_000,
     rules.drawing_text([[[1, 2]]] * 61), rules.drawing_text([[[1, 2]] * 1501]), "[[[99999999999999999999,1]]]"],
    ids=range(24),
)  # fmt: skip
def test_a_hostile_drawing_is_refused(sent):
    assert rules.why_not_drawing(sent).code == "agreements.drawing"


def test_the_largest_drawing_fits_its_bounds():
    largest = [[[600, 200]] * (rules.MOST_POINTS // rules.MOST_STROKES)] * rules.MOST_STROKES
    sent = rules.drawing_text(largest)
    assert (len(sent) <= rules.LONGEST_DRAWING, rules.drawing_of(sent), rules.drawing_of("")) == (True, largest, [])


@pytest.fixture
def version(db, organisation, owner, solver):
    return queries.newest_version(offer(make_draft(organisation, owner), owner))


def signed(version, person, drawing=""):
    said = {"typed_name": person.name, "code": code_of(person, version), "drawing": drawing}
    return services.sign_version(version_id=version.pk, actor=person, at=AT, **said)


def recorded(kind):
    return json.loads(Crossing.objects.filter(kind=kind).latest("pk").body)["facts"]


def test_a_drawing_is_kept_and_recorded_by_its_hash_and_without_one_the_record_is_as_ever(version, owner, solver):
    plain = signed(version, owner)
    before = recorded("agreement.side_signed")
    drawn = signed(version, solver, SENT)
    sha256 = rules.drawing_facts(TICK)["drawing_sha256"]
    facts = {"kind": "nda_mutual", "sha256": version.sha256, "version": 1}
    assert (plain.drawing, before) == ([], facts)
    assert (drawn.drawing, recorded("agreement.side_signed")) == (TICK, facts | {"drawing_sha256": sha256})
    receipts = [person.receipts.latest("pk").document["facts"] for person in (owner, solver)]
    assert receipts == [facts | {"method": "mail_code"}, facts | {"method": "mail_code", "drawing_sha256": sha256}]
    assert queries.personal_data(solver)["agreement_signatures"][0]["drawing"] == TICK


def test_a_bad_drawing_leaves_the_code_as_it_was_and_a_code_counts_once(version, solver):
    code = code_of(solver, version)
    told = {"version_id": version.pk, "typed_name": "Sam", "code": code, "actor": solver, "at": AT}
    assert refused(services.sign_version, drawing="[[[1,NaN]]]", **told) == "agreements.drawing"
    assert queries.code_of(version, solver).attempts == 0
    services.sign_version(drawing=SENT, **told)
    assert refused(services.sign_version, drawing=SENT, **told) == "agreements.no_code"
    assert AgreementSignature.objects.get().drawing == TICK


def test_an_erased_party_leaves_no_drawing_where_nothing_holds(organisation, owner, solver_two):
    alone = make_draft(organisation, owner, partner_name="", contact_email=solver_two.email)
    signed(queries.newest_version(offer(alone, owner)), solver_two, SENT)
    services.forget_party(person_id=solver_two.pk)
    assert AgreementSignature.objects.get().drawing == []


def drawn_in(page, look):
    return [picture for picture in page.all("svg") if picture.attributes.get("class") == look]


def sent_again(page):
    return {one.attributes.get("name"): one.attributes.get("value") for one in page.all("input")}


def test_the_page_has_a_pad_keeps_what_was_drawn_and_shows_it(version, owner, solver, client_of):
    guest, args = client_of(solver), [version.agreement.key, version.key]
    page, sign_page = reverse("agreements:guest", args=args[:1]), reverse("agreements:sign", args=args)
    assert b"signature.js" not in guest.get(page).content
    guest.post(reverse("agreements:code", args=args))
    code = re.search(r"\b\d{6}\b", Mail.objects.filter(kind="agreement_code").latest("pk").text).group()
    begun = assert_page_ok(guest.get(page))
    (pad,) = drawn_in(begun, "signature-pad")
    bounds = [value for name, value in pad.attributes.items() if name == "viewbox" or name.startswith("data-")]
    assert bounds == [
        f"0 0 {rules.GRID_WIDTH} {rules.GRID_HEIGHT}", str(rules.MOST_STROKES), str(rules.MOST_POINTS),
    ]  # fmt: skip
    said = {"typed_name": "Sam <Solver>", "code": "x", "drawing": SENT}
    wrong = assert_page_ok(guest.post(sign_page, said), status=409)
    bad = assert_page_ok(guest.post(sign_page, {**said, "code": code, "drawing": '"><script>'}), status=409)
    kept = [sent_again(shown)["drawing"] for shown in (wrong, bad)]
    assert (kept, "Your name and the code still count" in bad.text, sent_again(bad)["code"]) == (
        [SENT, ""], True, code,
    )  # fmt: skip
    guest.post(sign_page, {**said, "code": code})
    for browser, address in ((guest, page), (client_of(owner), reverse("agreements:agreement", args=args[:1]))):
        shown = assert_page_ok(browser.get(address))
        (picture,) = drawn_in(shown, "drawn-signature")
        assert (picture.all("path")[0].attributes["d"], picture.attributes["aria-label"]) == (
            PATH,
            "Signature drawn by Sam <Solver>",
        )


def ink_of(paper, folder):
    """Return how many pictures of dots a paper has, and how many dark points, as Poppler draws it."""
    if shutil.which("pdftoppm") is None:
        lacking("pdfsig", "no pdftoppm was found (Debian: poppler-utils)")
    (folder / "paper.pdf").write_bytes(paper)
    images, drawn = (
        subprocess.run([*words, folder / "paper.pdf"], capture_output=True, check=True, timeout=60).stdout
        for words in (["pdfimages", "-list"], ["pdftoppm", "-r", "100", "-gray"])
    )
    return len(images.splitlines()[2:]), sum(point < 128 for point in drawn)


def test_the_paper_bears_the_drawing_in_lines_and_stays_the_same(version, solver, tmp_path):
    signature = signed(version, solver)
    plain = queries.paper_of(version)
    AgreementSignature.objects.filter(pk=signature.pk).update(drawing=TICK)
    drawn = queries.paper_of(version)
    (_none, before), (images, after) = ink_of(plain, tmp_path), ink_of(drawn, tmp_path)
    assert (images, after - before > 200, drawn == queries.paper_of(version)) == (0, True, True), (before, after)
