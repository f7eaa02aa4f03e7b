"""Whether the firm has the rights to what it chose: each gap is named, with what to ask for, until it is closed."""

from dataclasses import replace

import pytest

from permea.selection import rules
from permea.selection.rules import Evidence, TitleFacts, TitlePerson, TitleText
from tests.cast import AT

PART = TitleText("participation", "Taking part", 1, "aa", AT)
RIGHTS = TitleText("ip_assignment", "Rights", 2, "bb", AT)
SAM = TitlePerson(key="sam", name="Sam", per_cent=100, accepted=(PART, RIGHTS))
SINA = replace(SAM, key="sina", name="Sina", per_cent=50)
TWO = [replace(SAM, per_cent=50), SINA]
MERGED = [SAM, replace(SINA, per_cent=None)]
LICENSED = replace(SAM, licences=("Licence (2026-03-02)",))
WHOLE = TitleFacts(
    people=[SAM],
    texts=[PART, RIGHTS],
    rights_kind="ip_assignment",
    winner_key="sam",
    winner_name="Sam",
    won_at=AT,
    payment="paid",
    paid_at=AT,
    version=1,
    version_sha256="cc",
)


def held(kind, person="", words="A letter.", sha256=""):
    return Evidence(kind, person, words, sha256)


UNPAID = {"paid_at": None, "payment": "due"}
WAIVED = {"paid_at": None, "payment": "waived"}
KEPT = {"rights_kind": "ip_keep"}
NO_TERMS = {"texts": [], "rights_kind": ""}
SINA_SIGNED = held("signed", "sina")


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({}, []),
        ({"is_imported": True}, [("received", "ask")]),
        ({"is_imported": True, "evidence": [held("received")]}, []),
        ({"people": TWO}, [("shares", "open"), ("effect", "open")]),
        ({"people": TWO, "shares_agreed_at": AT, "evidence": [SINA_SIGNED]}, []),
        ({"people": TWO, "evidence": [held("shares"), held("signed")]}, []),
        ({"people": MERGED, "evidence": [SINA_SIGNED]}, [("shares", "ask")]),
        ({"people": MERGED, "evidence": [SINA_SIGNED, held("shares")]}, []),
        ({"people": [replace(SAM, accepted=(PART,))]}, [("texts", "open"), ("employer", "ask")]),
        ({"people": [replace(SAM, accepted=(PART, replace(RIGHTS, version=1, sha256="b1")))]}, [("texts", "open")]),
        ({"people": [replace(SAM, accepted=(PART, replace(RIGHTS, accepted_at=None)))]}, []),
        (NO_TERMS, [("texts", "open"), ("effect", "open"), ("employer", "ask")]),
        ({"evidence": [held("signed", "sam")], **NO_TERMS}, [("employer", "ask")]),
        ({"winner_key": "", "won_at": None}, [("effect", "open")]),
        (UNPAID, [("effect", "open")]),
        (WAIVED, [("effect", "ask")]),
        ({**WAIVED, "winner_key": ""}, [("effect", "open")]),
        ({**WAIVED, "evidence": [held("signed")]}, []),
        ({**UNPAID, "people": [LICENSED]}, []),
        (KEPT, [("effect", "open"), ("employer", "ask")]),
        ({**KEPT, "people": [LICENSED], "evidence": [held("employer", "sam")]}, []),
        ({**KEPT, "people": [LICENSED, SINA], "evidence": [held("shares"), held("employer")]}, [("effect", "open")]),
        ({"people": [replace(SAM, is_erased=True)]}, [("employer", "ask")]),
        ({"people": [replace(SAM, is_inside=True)]}, [("employer", "ask")]),
        ({"people": [replace(SAM, affiliation="Campus")]}, [("employer", "ask")]),
        ({"people": [replace(SAM, works_for=("Campus",))], "evidence": [held("employer")]}, []),
        ({"builds_on": ["Older"]}, [("earlier", "ask")]),
        ({"builds_on": ["Older", "Oldest"], "evidence": [held("received")]}, [("earlier", "ask")]),
        ({"builds_on": ["Older", "Oldest"], "evidence": [held("earlier")]}, []),
    ],
)  # fmt: skip
def test_each_gap_is_named_and_asks_for_something_until_something_closes_it(change, left):
    checks = rules.title_checks(replace(WHOLE, **change))
    gaps = [check for check in checks if check.state != "ok"]

    assert [(check.code.removeprefix("title."), str(check.state)) for check in gaps] == left
    assert ([check for check in checks if bool(check.ask) != (check in gaps)], rules.is_complete(checks)) == (
        [],
        not left,
    )


def test_the_lines_say_who_what_and_by_which_proof():
    people = [
        replace(TWO[0], affiliation="Campus", works_for=("Campus", "Bureau")),
        SINA,
        replace(SAM, name="Max", per_cent=None),
    ]
    evidence = [held("employer", "sina", sha256="dd")]
    checks = rules.title_checks(replace(WHOLE, people=people, evidence=evidence, builds_on=["Older"]))
    words = " ".join(f"{check.words} {check.ask}" for check in checks)
    proof = [line for check in checks for line in check.proof]

    said = (
        "Sam (50 %), Sina (50 %). Entries of Max",
        "known of Sina.",
        "Ask Campus, Bureau whether",
        "earlier entry: Older",
    )
    assert [text in words for text in said] == [True] * 4
    shown = ("A letter. (SHA-256 dd)", "“Rights”, version 2, on 2026-03-02, SHA-256 bb", "Paid on 2026-03-02")
    assert [line in proof for line in shown] == [True] * 3


@pytest.mark.parametrize(
    ("words", "sha256", "person", "code"),
    [
        ("A letter of the university", "", "", None),
        ("A letter of the university", "ab" * 32, "sam", None),
        ("Letter", "", "", "title.words"),
        ("x" * 2_001, "", "", "title.words"),
        ("A letter of the university", "ab", "", "title.hash"),
        ("A letter of the university", "xy" * 32, "", "title.hash"),
        ("A letter of the university", "", "bob", "title.person"),
    ],
)
def test_evidence_says_something_about_somebody_who_took_part(words, sha256, person, code):
    refusal = rules.why_not_record_evidence(words, sha256, person, {"sam"})

    assert (refusal.code if refusal else None) == code
