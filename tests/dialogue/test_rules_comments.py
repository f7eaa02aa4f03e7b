"""Deciding about comments on entries: who may write and change them, under which name, and who is meant."""

from datetime import timedelta

import pytest

from permea.dialogue import rules
from permea.dialogue.models import Comment
from permea.people.models import Person
from tests.cast import AT

SAM, SINA = Person(pk=1), Person(pk=2)


def comment(**fields):
    return Comment(
        **{"writer": SAM, "idea_id": 7, "status": "shown", "written_at": AT, "voice": "participant", **fields}
    )


def code(refusal):
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (rules.why_not_talk(is_running=True, is_in_circle=True), None),
        (rules.why_not_talk(is_running=False, is_in_circle=True), "comment.not_now"),
        (rules.why_not_talk(is_running=True, is_in_circle=False), "comment.not_in_circle"),
        (rules.why_not_said("x"), None),
        (rules.why_not_said(""), "comment.empty"),
        (rules.why_not_said("x" * 4001), "comment.too_long"),
        (rules.why_not_said("half \ud83d"), "comment.bad_characters"),
        (rules.why_not_answer_to(comment(), 7), None),
        (rules.why_not_answer_to(comment(), 8), "comment.not_shown"),
        (rules.why_not_answer_to(comment(status="hidden"), 7), "comment.not_shown"),
        (rules.why_not_edit(comment(), SAM, at=AT + timedelta(minutes=14)), None),
        (rules.why_not_edit(comment(), SAM, at=AT + timedelta(minutes=15)), "comment.too_late"),
        (rules.why_not_edit(comment(), SINA, at=AT), "moderation.not_yours"),
        (rules.why_not_take_back(comment(status="hidden"), SAM), "moderation.not_shown"),
        (rules.why_not_react(comment(), SINA, "helpful"), None),
        (rules.why_not_react(comment(), SINA, "love"), "comment.no_such_reaction"),
        (rules.why_not_react(comment(status="held"), SINA, "doubt"), "moderation.not_shown"),
        (rules.why_not_react(comment(), SAM, "helpful"), "moderation.own_text"),
        (rules.why_not_name("Ada B.", house="Lindenhof"), None),
        (rules.why_not_name("A", house="Lindenhof"), "comment.no_name"),
        (rules.why_not_name("buy.example.com", house="Lindenhof"), "comment.no_name"),
        (rules.why_not_name("Lindenhof team", house="Lindenhof"), "comment.name_misleads"),
        (rules.why_not_name("Participant 3", house="Lindenhof"), "comment.name_misleads"),
        (rules.why_not_name("teilnehmer 3", house="Lindenhof"), "comment.name_misleads"),
    ],
)
def test_what_is_refused_and_why(refusal, expected):
    assert code(refusal) == expected


def test_who_speaks_as_what():
    kinds = [(True, True), (True, False), (False, True), (False, False)]

    assert [rules.voice_of(is_author=author, is_inside=inside) for author, inside in kinds] == [
        "author", "author", "house", "participant",
    ]  # fmt: skip


def test_names_and_numbers_after_an_at_sign_are_meant():
    told = rules.mentions_in("@Participant 12, and @Ada B. too; ada@example.org is no one")

    assert (told.numbers, {"ada b", "ada"} <= told.names, "example.org" in told.names) == (frozenset({12}), True, False)


def test_long_texts_of_new_accounts_that_are_made_alike_are_held():
    words = [f"word{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(60)]
    text, alike, other = " ".join(words), " ".join([*words[:50], "and", "so", "on"]), " ".join(reversed(words))
    known = {"is_new_account": True, "n_today": 0, "n_by_new_accounts": 3, "recent_texts": ()}
    wave = rules.judge_text(text, rules.Circumstances(**known, texts_of_new_accounts=(alike, alike + " more")))
    alone = rules.judge_text(text, rules.Circumstances(**known, texts_of_new_accounts=(alike, other, "short")))

    assert ("wave 2" in wave.noted, alone.noted, "2 long texts" in rules.reasons_in(wave.noted)) == (
        True, "new_account 0", True,
    )  # fmt: skip


def test_only_hidden_comments_are_objected_to_and_once():
    states = [{"status": "hidden"}, {"status": "hidden", "appealed_at": AT}, {}]

    assert [rules.can_object(comment(**state)) for state in states] == [True, False, False]
