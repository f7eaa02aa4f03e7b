"""Merging entries: by consent or for a reason, told, recorded, undone; sealed entries are compared with nothing."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.models import Idea, Merge, MergeStep, PairSearch, SimilarPair
from permea.ledger.models import Crossing
from permea.people import services as people
from tests.cast import AT

REASON = "Both propose the same soft gripper with the same pump."
GRIPPER = {
    "title": "Soft gripper with a vacuum pump",
    "summary": "A silicone gripper holds strawberries gently.",
    "body": "The silicone fingers close around strawberries; a vacuum pump holds them.",
}
CAMERA = {"title": "Night camera", "summary": "Sees ripe fruit.", "body": "Infrared light shows what is ripe."}


def code(call, **values):
    """Return with which code a service refuses."""
    with pytest.raises(RefusedError) as refused:
        call(**values)
    return refused.value.refusal.code


@pytest.fixture
def challenge(make_challenge):
    """Return a challenge that closed a day ago."""
    return make_challenge(closed=True)


@pytest.fixture
def entries(challenge, make_idea, solver, solver_two):
    """Return three entries: two that say the same, by Sam and Sina, and another one by Sina."""
    return [
        make_idea(challenge=challenge, author=solver, **GRIPPER),
        make_idea(challenge=challenge, author=solver_two, **{**GRIPPER, "title": "A soft vacuum gripper"}),
        make_idea(challenge=challenge, author=solver_two, **CAMERA),
    ]


def merge(idea, lead, actor, **values):
    """Merge for a reason."""
    told = {"reason": REASON, "at": AT, **values}
    return services.merge_ideas(idea_id=idea.pk, lead_id=lead.pk, actor=actor, **told)


def ask(idea, lead, actor, **values):
    """Ask the author."""
    told = {"words": "They look like one idea.", "at": AT, **values}
    return services.ask_to_merge(idea_id=idea.pk, lead_id=lead.pk, actor=actor, **told)


def said(idea):
    """Return where an entry stands: state, lead, how many it leads."""
    idea.refresh_from_db()
    return idea.status, idea.merged_into_id, idea.n_merged


def test_a_merged_entry_is_told_recorded_and_keeps_its_author_credited(entries, owner, solver, solver_two):
    lead, other, _camera = entries
    done = merge(other, lead, owner)
    crossing = Crossing.objects.filter(subject_key=other.key).latest("pk")

    assert (said(other), said(lead)) == (("merged", lead.pk, 0), ("submitted", None, 1))
    assert (queries.credited(lead), queries.contributors_of(lead)) == ([solver, solver_two], [solver])
    assert (crossing.kind, crossing.direction, json.loads(crossing.body)["facts"]["lead"]) == (
        "idea.merged",
        "out",
        lead.key,
    )
    assert list(done.steps.values_list("kind", "words")) == [("done", REASON)]
    assert [idea.key for idea in queries.evaluable_ideas(lead.challenge)] == [lead.key, entries[2].key]


def test_undoing_brings_everything_back(entries, owner, solver):
    lead, other, _camera = entries
    before = [Idea.objects.values().get(pk=idea.pk) for idea in entries]
    done = merge(other, lead, owner)
    services.undo_merge(merge_id=done.pk, actor=owner, reason="They differ after all.", at=AT)
    again = services.undo_merge(merge_id=done.pk, actor=owner, reason="", at=AT)

    assert [Idea.objects.values().get(pk=idea.pk) for idea in entries] == before
    assert (queries.credited(lead), again.state) == ([solver], Merge.State.UNDONE)
    assert list(done.steps.order_by("pk").values_list("kind", flat=True)) == ["done", "undone"]
    assert Crossing.objects.filter(kind="idea.unmerged", subject_key=other.key).count() == 1


def test_refused_merges_write_nothing(entries, owner, member, make_idea, make_challenge):
    lead, other, camera = entries
    draft = make_idea(challenge=make_challenge(), submitted=False)
    merge(camera, lead, owner)
    told = {"reason": REASON, "at": AT}

    assert [
        code(services.merge_ideas, idea_id=idea.pk, lead_id=into.pk, actor=actor, **{**told, **values})
        for idea, into, actor, values in [
            (other, lead, member, {}),
            (other, other, owner, {}),
            (draft, lead, owner, {}),
            (other, camera, owner, {}),
            (lead, other, owner, {}),
            (other, lead, owner, {"reason": "Same."}),
            (other, lead, owner, {"reason": "x" * 1001}),
        ]
    ] == [
        "people.not_manager",
        "ideas.merge_elsewhere",
        "ideas.sealed",
        "ideas.merged_already",
        "ideas.merge_leads",
        "ideas.merge_reason",
        "ideas.merge_words_too_long",
    ]
    assert (said(other), Merge.objects.count()) == (("submitted", None, 0), 1)


def test_nothing_is_merged_before_the_deadline_nor_after_the_answers(make_idea, make_challenge, owner, entries):
    opened = make_challenge()
    first, second = (make_idea(challenge=opened) for _ in range(2))
    lead, other, camera = entries
    done = merge(other, lead, owner)
    type(lead.challenge).objects.filter(pk=lead.challenge_id).update(status="decided", decided_at=AT)

    assert code(merge, idea=first, lead=second, actor=owner) == "ideas.sealed"
    assert code(merge, idea=camera, lead=lead, actor=owner) == "ideas.merge_decided"
    assert code(services.undo_merge, merge_id=done.pk, actor=owner, reason="", at=AT) == "ideas.merge_decided"


def test_the_database_knows_no_chains(entries, owner):
    lead, other, camera = entries
    merge(other, lead, owner)
    for values in [
        {"pk": lead.pk, "status": "merged", "merged_into": camera},
        {"pk": camera.pk, "status": "merged", "merged_into": camera},
        {"pk": camera.pk, "status": "merged"},
    ]:
        pk = values.pop("pk")
        with pytest.raises(IntegrityError), transaction.atomic():
            Idea.objects.filter(pk=pk).update(**values)


def test_an_author_who_agrees_has_the_entry_merged(entries, owner, solver_two):
    lead, other, _camera = entries
    asked = ask(other, lead, owner)
    before = said(other)
    told = {"merge_id": asked.pk, "actor": solver_two, "agrees": True, "words": "Fine with me."}
    services.answer_merge(**told, at=AT)
    services.answer_merge(**told, at=AT + timedelta(days=30))

    assert (before, said(other)) == (("submitted", None, 0), ("merged", lead.pk, 0))
    assert list(asked.steps.order_by("pk").values_list("kind", "person__name", "words")) == [
        ("asked", "Olga Owner", "They look like one idea."),
        ("agreed", "Sina Solver", "Fine with me."),
        ("done", "Sina Solver", ""),
    ]


def test_an_author_who_refuses_is_left_alone(entries, owner, solver_two):
    lead, other, _camera = entries
    asked = ask(other, lead, owner)
    services.answer_merge(merge_id=asked.pk, actor=solver_two, agrees=False, words="Mine pumps water.", at=AT)
    asked.refresh_from_db()

    assert (asked.state, said(other), said(lead)) == ("refused", ("submitted", None, 0), ("submitted", None, 0))


def test_only_its_author_answers_in_time_and_once(entries, owner, solver, solver_two):
    lead, other, camera = entries
    asked = ask(other, lead, owner)
    told = {"merge_id": asked.pk, "agrees": True, "words": ""}
    found = [
        code(services.answer_merge, **told, actor=solver, at=AT),
        code(services.answer_merge, **told, actor=solver_two, at=asked.answer_by),
        code(services.answer_merge, **{**told, "words": "x" * 1001}, actor=solver_two, at=AT),
    ]
    merge(lead, camera, owner)
    found.append(code(services.answer_merge, **told, actor=solver_two, at=AT))
    services.answer_merge(**{**told, "agrees": False}, actor=solver_two, at=AT)
    found.append(code(services.answer_merge, **told, actor=solver_two, at=AT))

    assert found == [
        "ideas.not_contributor",
        "ideas.merge_too_late",
        "ideas.merge_words_too_long",
        "ideas.merged_already",
        "ideas.merge_not_asked",
    ]


def test_while_an_author_can_answer_nobody_decides_and_afterwards_somebody_does(entries, owner):
    lead, other, camera = entries
    asked = ask(other, lead, owner)
    early = [code(merge, idea=other, lead=lead, actor=owner), code(ask, idea=other, lead=camera, actor=owner)]
    merge(other, lead, owner, at=asked.answer_by)
    asked.refresh_from_db()

    assert (early, asked.state, said(other)[0]) == (["ideas.merge_asked"] * 2, "dropped", "merged")


def test_a_question_can_be_taken_back_once(entries, owner, member):
    lead, other, _camera = entries
    asked = ask(other, lead, owner)
    told = {"merge_id": asked.pk, "at": AT}
    refused = code(services.take_back_question, **told, actor=member)
    services.take_back_question(**told, actor=owner)
    again = services.take_back_question(**told, actor=owner)
    done = merge(other, lead, owner)

    assert (refused, again.state, again.steps.count()) == ("people.not_manager", "dropped", 2)
    assert code(services.take_back_question, merge_id=done.pk, actor=owner, at=AT) == "ideas.merge_not_asked"
    assert code(services.undo_merge, merge_id=asked.pk, actor=owner, reason="", at=AT) == "ideas.merge_not_done"
    assert code(services.undo_merge, merge_id=done.pk, actor=member, reason="", at=AT) == "people.not_manager"


def test_alike_entries_are_found_with_their_words_and_kept_apart_for_good(entries, owner, challenge):
    lead, other, _camera = entries
    n_found = services.find_pairs(challenge_id=challenge.pk, at=AT)
    pair = SimilarPair.objects.get(challenge=challenge)
    kept = services.keep_apart(first_id=other.pk, second_id=lead.pk, actor=owner, at=AT)
    services.keep_apart(first_id=lead.pk, second_id=other.pk, actor=owner, at=AT + timedelta(days=1))
    services.find_pairs(challenge_id=challenge.pk, at=AT, actor=owner)
    kept.refresh_from_db()

    assert (n_found, pair.first, pair.second) == (1, lead, other)
    assert ({"strawberries", "silicone"} <= set(pair.words), pair.score > rules.CLOSE) == (True, True)
    assert (kept.pk, kept.apart_by, kept.apart_at) == (pair.pk, owner, AT)
    assert queries.similar_page(owner, challenge, AT).proposals == []
    assert PairSearch.objects.get(challenge=challenge).n_entries == 3


def test_two_never_proposed_can_be_kept_apart_too(entries, owner):
    kept = services.keep_apart(first_id=entries[2].pk, second_id=entries[0].pk, actor=owner, at=AT)

    assert (kept.first, kept.second, kept.score) == (entries[0], entries[2], 0)


def test_sealed_entries_are_compared_with_nothing(make_idea, make_challenge, owner, member):
    opened = make_challenge()
    first, second = (make_idea(challenge=opened, **GRIPPER) for _ in range(2))
    found = services.find_pairs(challenge_id=opened.pk, at=AT)

    assert (found, SimilarPair.objects.count(), queries.similar_to(owner, opened, "gripper", AT)) == (0, 0, [])
    assert queries.closest_to(owner, opened, ["Soft gripper with a vacuum pump"], AT) == [None]
    assert [
        code(services.find_pairs, challenge_id=opened.pk, actor=owner, at=AT),
        code(services.find_pairs, challenge_id=opened.pk, actor=member, at=opened.closes_at),
        code(services.keep_apart, first_id=first.pk, second_id=second.pk, actor=owner, at=AT),
    ] == ["ideas.sealed", "people.not_manager", "ideas.sealed"]


def test_a_search_follows_what_is_handed_in_later_and_what_is_removed(entries, owner, challenge, make_idea, solver):
    def found():
        alike = queries.similar_to(owner, challenge, "strawberries and silicone", AT)
        return {one.idea for one in alike if "silicone" in one.words}

    before = found()
    later = make_idea(challenge=challenge, **{**GRIPPER, "title": "Strawberries held by silicone"})
    with_later = found()
    people.erase_person(person=solver, actor=solver, at=AT, with_texts=True)

    assert (before, with_later, found()) == (set(entries[:2]), {*entries[:2], later}, {entries[1], later})


def test_an_index_grows_by_what_is_added_and_gives_the_same(make_challenge, make_idea, owner):
    challenge = make_challenge(closed=True)
    for number in range(12):
        make_idea(challenge=challenge, title=f"Gripper number{number}")
    assert len(queries.similar_to(owner, challenge, "number3", AT, n=1)) == 1
    late = make_idea(challenge=challenge, title="Quillwort", summary="Quillwort", body="Quillwort")

    assert queries.similar_to(owner, challenge, "quillwort", AT, n=1)[0].idea == late
    assert queries.closest_to(owner, challenge, ["Quillwort", "zzz", ""], AT)[0].idea == late


def test_memory_holds_a_bounded_number_of_texts(make_challenge, make_idea, owner, monkeypatch):
    monkeypatch.setattr("permea.ideas.queries.similar.TEXTS_HELD", 2)
    challenges = [make_challenge(closed=True) for _ in range(2)]
    for challenge in challenges:
        for number in range(3):
            make_idea(challenge=challenge, title=f"Gripper{number}")
    found = [queries.similar_to(owner, challenge, "gripper2", AT)[0].idea.title for challenge in challenges]

    assert (found, len(queries.similar._held)) == (["Gripper2", "Gripper2"], 1)


def test_nobody_else_finds_anything(entries, challenge, member, other_owner):
    found = [queries.similar_to(who, challenge, "gripper", AT) for who in (member, other_owner)]

    assert found == [[], []]


def test_erasing_an_author_removes_their_words_and_pairs_and_keeps_the_merge(entries, owner, solver_two, challenge):
    lead, other, _camera = entries
    services.find_pairs(challenge_id=challenge.pk, at=AT)
    asked = ask(other, lead, owner)
    services.answer_merge(merge_id=asked.pk, actor=solver_two, agrees=True, words="I am Sina, agreed.", at=AT)
    held = queries.personal_data(solver_two)["merges"]
    goes = queries.erasure_lines(solver_two).goes
    people.erase_person(person=solver_two, actor=solver_two, at=AT, with_texts=True)

    assert [row["words"] for row in held] == ["I am Sina, agreed.", ""]
    assert goes == ["What you wrote about merging entries."]
    assert list(MergeStep.objects.order_by("pk").values_list("words", flat=True)) == [
        "They look like one idea.",
        "",
        "",
    ]
    assert (said(other)[0], SimilarPair.objects.count()) == ("merged", 0)


def test_what_was_withdrawn_is_not_merged(entries, owner):
    lead, other, _camera = entries
    Idea.objects.filter(pk=other.pk).update(status="withdrawn", withdrawn_at=AT)

    assert [code(merge, idea=other, lead=lead, actor=owner), code(merge, idea=lead, lead=other, actor=owner)] == [
        "ideas.not_submitted",
        "ideas.not_submitted",
    ]


def test_shared_words_are_marked_whatever_their_case_and_accents():
    found = rules.marked("(Über) uber_ALLES.", ["uber"])

    assert found == [("(", False), ("Über", True), (") ", False), ("uber", True), ("_ALLES.", False)]
    assert rules.marked("", ["uber"]) == []
