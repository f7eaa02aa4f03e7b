"""What is taken into a box, what cameras write is taken out, and which form belongs to which box."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from permea.foundation.refusals import Refusal
from permea.ideas import rules
from permea.ideas.models import IdeaBox, Posting
from tests.cast import AT
from tests.ideas.pictures import SECRET, exif, jpeg, png, segment, webp

BOX = IdeaBox(key="box1", title="Box")
GOOD = {"kind": "need", "source": "customer", "text": "The belt stops."}


def code(refusal):
    return refusal.code if refusal else None


# --- pictures


@pytest.mark.parametrize(
    ("kind", "picture"), [("image/jpeg", jpeg()), ("image/jpeg", jpeg(6)), ("image/png", png()), ("image/webp", webp())]
)
def test_a_picture_keeps_nothing_its_camera_tells(kind, picture):
    clean = rules.without_metadata(kind, picture)

    assert (SECRET in picture, SECRET in clean, rules.without_metadata(kind, clean) == clean) == (True, False, True)


@pytest.mark.parametrize("order", ["<", ">"])
def test_which_side_is_up_stays_and_nothing_else_of_the_exif_data(order):
    clean = rules.without_metadata("image/jpeg", jpeg(6, order=order))

    assert clean[2:6] == b"\xff\xe1\x00\x22"
    head, entry = b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01", b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    assert clean[6:38] == head + entry + bytes(4)


def test_what_draws_a_picture_stays_as_it_was():
    clean = rules.without_metadata("image/jpeg", jpeg())

    assert b"\x12\xff\x00\x34\xff\xd0\x56" in clean
    assert (clean.count(b"\xff\xda"), b"ICC_PROFILE" in clean, b"JFIF" in clean, clean.endswith(b"\x78\xff\xd9")) == (
        2, True, True, True,
    )  # fmt: skip


def test_webp_no_longer_announces_what_is_gone():
    clean = rules.without_metadata("image/webp", webp())

    assert (clean[20], int.from_bytes(clean[4:8], "little")) == (0, len(clean) - 8)


@pytest.mark.parametrize("data", [exif(6)[:20], b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00"])
def test_exif_data_without_a_side_leave_the_picture_upright(data):
    picture = b"\xff\xd8" + segment(0xE1, data) + segment(0xDA, b"\x01") + b"\x12\xff\xd9"

    assert rules.without_metadata("image/jpeg", picture)[2:4] == b"\xff\xda"


@pytest.mark.parametrize(
    ("kind", "picture"),
    [
        ("image/jpeg", b"\xff\xd8"),
        ("image/jpeg", b"\xff\xd8\x00\x01"),
        ("image/jpeg", b"\xff\xd8\xff\xd8\x00\x02"),
        ("image/jpeg", jpeg()[:-40]),
        ("image/png", png()[:50]),
        ("image/png", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xffIHDR"),
        ("image/webp", webp()[:25]),
        ("image/webp", webp()[:30]),
        ("image/webp", b"RIFF"),
    ],
)
def test_a_broken_picture_is_none(kind, picture):
    assert rules.without_metadata(kind, picture) is None


# --- what is taken


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({"kind": "wish"}, "box.no_kind"),
        ({"source": "ghost"}, "ideas.bad_source"),
        ({"text": " \n"}, "box.no_text"),
        ({"text": "x" * 4001}, "box.too_long"),
        ({"text": "a\x00b"}, "box.bad_characters"),
    ],
)
def test_what_a_box_takes(values, expected):
    assert code(rules.why_not_post(BOX, **{**GOOD, **values})) == expected


def test_a_closed_box_takes_nothing():
    assert code(rules.why_not_post(IdeaBox(closed_at=AT), **GOOD)) == "box.closed"


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("a.JPG", 10, None),
        ("a.pdf", 10, "box.photo_kind"),
        ("a.png", rules.MAX_PHOTO, None),
        ("a.png", rules.MAX_PHOTO + 1, "box.photo_too_big"),
    ],
)
def test_which_photos_a_box_takes(name, size, expected):
    assert code(rules.why_not_photo(name, size)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The belt stops.\nTwice a day.", "The belt stops."),
        ("word " * 30, "word " * 16 + "word…"),
        ("x" * 100, "x" * 89 + "…"),
    ],
)
def test_the_first_line_is_the_title_cut_at_a_word(text, expected):
    assert rules.title_of(text) == expected


def test_a_place_is_one_line_of_text():
    assert rules.clean_place(" press\x00 3\n hall  A ") == "press 3 hall A"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["https://www.Example.org/", "", " https://www.example.org"], ["https://www.example.org"]),
        (["http://127.0.0.1:8000", "https://a.example"], ["http://127.0.0.1:8000", "https://a.example"]),
        (["https://example.org/page"], "box.bad_origin"),
        (["https://*.example.org"], "box.bad_origin"),
        (["example.org"], "box.bad_origin"),
        (["https://a.example; script-src *"], "box.bad_origin"),
        (["'self'"], "box.bad_origin"),
        ([f"https://a{n}.example" for n in range(21)], "box.too_many_origins"),
    ],
)
def test_sites_are_listed_exactly(lines, expected):
    found = rules.clean_origins(lines)

    assert (found.code if isinstance(found, Refusal) else found) == expected


# --- forms


@pytest.mark.parametrize(
    ("box", "way", "after", "expected"),
    [
        (BOX, "page", timedelta(seconds=2), None),
        (BOX, "page", timedelta(hours=12), None),
        (BOX, "page", timedelta(hours=12, seconds=1), "box.form_too_old"),
        (BOX, "page", timedelta(seconds=1), "box.too_fast"),
        (BOX, "embed", timedelta(seconds=2), "box.other_form"),
        (IdeaBox(key="box2"), "page", timedelta(seconds=2), "box.other_form"),
    ],
)
def test_a_form_belongs_to_its_box_its_way_and_its_time(box, way, after, expected):
    slip = rules.unsealed(rules.sealed(BOX, way="page", seed="s", at=AT))

    assert code(rules.why_not_sealed(slip, box, way=way, at=AT + after)) == expected


def test_a_changed_slip_is_none_of_ours(settings):
    slip = rules.sealed(BOX, way="page", seed="s", at=AT)
    body, _colon, seal = slip.rpartition(":")
    forged = [f"{body[:-2]}AA:{seal}", body, "", slip + "x"]
    settings.SECRET_KEY = "another key, as long as a key should be, to sign with"

    assert [rules.unsealed(one) for one in (*forged, slip)] == [None] * 5
    assert code(rules.why_not_sealed(None, BOX, way="page", at=AT)) == "box.other_form"


def test_neither_stored_hash_leads_to_the_private_link():
    token, form = rules.private_token("s"), rules.form_hash("s")

    assert (len(token), len(form), token[:20] in form, rules.private_token("t") == token) == (43, 64, False, False)


# --- what may be done


def posting(status="new", **values):
    return Posting(pk=1, organisation_id=1, kind=values.pop("kind", "need"), status=status, **values)


WORDS = {"outcome": "taken_up", "reason": "", "words": "We do it."}


@pytest.mark.parametrize(
    ("status", "role", "values", "expected"),
    [
        ("new", "manager", {}, None),
        ("considered", "owner", {"outcome": "declined", "reason": "over_budget"}, None),
        ("new", "member", {}, "people.not_manager"),
        ("new", None, {}, "people.not_manager"),
        ("declined", "owner", {}, "box.is_answered"),
        ("withdrawn", "owner", {}, "box.is_withdrawn"),
        ("merged", "owner", {}, "box.is_merged"),
        ("new", "owner", {"outcome": "new"}, "box.no_outcome"),
        ("new", "owner", {"words": " "}, "box.no_words"),
        ("new", "owner", {"words": "x" * 5001}, "box.answer_too_long"),
        ("new", "owner", {"outcome": "declined"}, "box.no_reason"),
        ("new", "owner", {"reason": "over_budget"}, "box.no_reason"),
    ],
)
def test_nothing_ends_without_an_answer(status, role, values, expected):
    assert code(rules.why_not_answer_posting(posting(status), role=role, **{**WORDS, **values})) == expected


@pytest.mark.parametrize(
    ("status", "main", "values", "expected"),
    [
        ("new", posting(), {}, None),
        ("new", posting("declined"), {}, None),
        ("new", posting(), {"role": "member"}, "people.not_manager"),
        ("declined", posting(), {}, "box.is_answered"),
        ("new", None, {}, "box.no_main"),
        ("new", posting("merged"), {}, "box.main_is_gone"),
        ("new", posting("withdrawn"), {}, "box.main_is_gone"),
        ("new", posting(), {"n_merged": 1}, "box.is_main"),
        ("new", posting(), {"why": " "}, "box.no_why"),
    ],
)
def test_what_can_be_merged(status, main, values, expected):
    if main is not None:
        main.pk = 2
    given = {"role": "manager", "n_merged": 0, "why": "The same belt.", **values}

    assert code(rules.why_not_merge_posting(posting(status), main, **given)) == expected


def test_nothing_is_merged_with_itself_or_across_firms():
    one, elsewhere = posting(), Posting(pk=2, organisation_id=2)
    given = {"role": "owner", "n_merged": 0, "why": "Same."}

    assert [code(rules.why_not_merge_posting(one, other, **given)) for other in (one, elsewhere)] == ["box.no_main"] * 2


@pytest.mark.parametrize(
    ("main", "role", "expected"),
    [
        (posting(), "owner", None),
        (posting(), "member", "people.not_manager"),
        (None, "owner", "box.not_merged"),
        (posting("declined", answered_at=AT), "owner", "box.is_answered"),
    ],
)
def test_when_merging_can_be_undone(main, role, expected):
    merged = SimpleNamespace(merged_into=main)

    assert code(rules.why_not_unmerge(merged, role=role)) == expected


@pytest.mark.parametrize(
    ("status", "values", "role", "expected"),
    [
        ("new", {}, "owner", None),
        ("taken_up", {}, "owner", None),
        ("new", {}, "member", "people.not_manager"),
        ("new", {"kind": "idea"}, "owner", "box.not_a_need"),
        ("new", {"became_challenge_id": 3}, "owner", "box.has_challenge"),
        ("merged", {}, "owner", "box.is_merged"),
        ("withdrawn", {}, "owner", "box.is_withdrawn"),
    ],
)
def test_what_can_become_a_challenge(status, values, role, expected):
    assert code(rules.why_not_draft_challenge(posting(status, **values), role=role)) == expected


def test_until_when_an_address_can_be_left():
    answered = posting("declined", answered_at=AT)
    merged = posting("merged", merged_into=answered)
    cases = [
        posting(),
        answered,
        merged,
        posting("withdrawn", text_removed_at=AT),
        posting("merged", merged_into=posting()),
    ]

    assert [code(rules.why_not_address(one)) for one in cases] == [
        None, "box.is_answered", "box.is_answered", "box.is_withdrawn", None,
    ]  # fmt: skip
