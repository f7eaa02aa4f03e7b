"""Limits, selections, decisions, answers, awards and dossiers, as stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import Http404

from permea.challenges.models import Challenge
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.ledger.verifier import verify_document
from permea.notifications.models import Mail
from permea.people.services import erase_person
from permea.selection import queries, services
from permea.selection.models import Answer, Award, Clarification, Decision, Selection
from tests.cast import AT

pytestmark = pytest.mark.django_db


def refused(call, *args, **kwargs):
    with pytest.raises(RefusedError) as caught:
        call(*args, **kwargs)
    return caught.value.refusal


# --- selecting


def test_the_best_set_comes_with_its_proof(selected):
    proof = selected.selection.certificate

    assert set(selected.selection.chosen) == {selected.entries[3].key, selected.entries[4].key}
    assert (proof["proven"], proof["status"], proof["bound"] >= proof["value"]) == (True, "optimal", True)
    assert (proof["used"], proof["budgets"]) == ({"money": 2000.0, "days": 20.0}, {"money": 2500.0, "days": 30.0})
    assert set(proof["runner_up"]["joining"] + proof["runner_up"]["leaving"])
    assert {more["budget"] for more in proof["more"]} == {"money", "days"}
    assert all(0 <= share <= 1 for share in proof["stability"].values())


def test_the_same_input_is_stored_once_a_new_limit_anew(selected):
    again = services.compute_selection(**selected.told)
    services.set_limits(**selected.told, limits=services.LimitsInput(money=Decimal(1000), bar=Decimal(2)))
    tighter = services.compute_selection(**selected.told)

    assert (again.pk, tighter.chosen, Selection.objects.count()) == (
        selected.selection.pk, [selected.entries[4].key], 2,
    )  # fmt: skip


def test_without_limits_everything_above_the_bar_is_chosen(ranked):
    selection = services.compute_selection(**ranked.told)

    assert set(selection.chosen) == {entry.key for entry in ranked.entries[3:]} | (
        {ranked.entries[2].key} if ranked.entries[2].key in selection.chosen else set()
    )
    assert selection.certificate["more"] == []


def test_groups_exclusions_and_dependencies_hold(limited):
    keys = [entry.key for entry in limited.entries]
    limits = services.LimitsInput(
        n_most=3, bar=Decimal(1), buckets=[{"name": "soft", "minimum": 1, "maximum": 1}],
        exclusions=[[keys[4], keys[2]]], dependencies=[[keys[4], keys[0]]],
    )  # fmt: skip
    services.set_limits(**limited.told, limits=limits)

    chosen = set(services.compute_selection(**limited.told).chosen)

    assert len(chosen & {keys[1], keys[3]}) == 1
    assert not {keys[4], keys[2]} <= chosen
    assert keys[4] not in chosen or keys[0] in chosen


def test_limits_that_cannot_hold_together_are_named(limited):
    limits = services.LimitsInput(
        money=Decimal(500),
        buckets=[{"name": "soft", "minimum": 1, "maximum": None}, {"name": "hard", "minimum": None, "maximum": None}],
    )
    services.set_limits(**limited.told, limits=limits)

    refusal = refused(services.compute_selection, **limited.told)

    assert (refusal.code, "the money" in refusal.reason, "soft" in refusal.reason) == (
        "selection.impossible",
        True,
        True,
    )


def test_wrong_limits_and_estimates_are_refused(limited):
    told = limited.told
    estimate = services.EstimateInput(Decimal(1), Decimal(1))

    assert refused(services.save_estimates, **told, estimates={"nosuch": estimate}).code == "selection.unknown_idea"
    limits = services.LimitsInput(buckets=[{"name": "nosuch", "minimum": 1, "maximum": 1}])
    assert refused(services.set_limits, **told, limits=limits).code == "selection.unknown_bucket"


def test_outsiders_select_nothing(limited, member):
    told = {**limited.told, "actor": member}

    assert refused(services.compute_selection, **told).code == "people.not_manager"


def test_without_a_ranking_there_is_nothing_to_select(make_challenge, owner):
    challenge = make_challenge(closed=True)

    assert (
        refused(services.compute_selection, challenge_id=challenge.pk, actor=owner, at=AT).code
        == "selection.no_ranking"
    )


def test_a_change_by_hand_is_kept_with_its_cost_and_reason(selected):
    change = {
        "selection_id": selected.selection.pk,
        "actor": selected.owner,
        "at": AT,
        "reason": "Our customer asked for exactly this.",
    }
    out, entry = selected.entries[3].key, selected.entries[1].key

    taken_out = services.change_selection(**change, idea_key=out, taken_in=False)
    twice = services.change_selection(**change, idea_key=out, taken_in=False)
    taken_in = services.change_selection(**change, idea_key=entry, taken_in=True)

    selection = Selection.objects.get(pk=selected.selection.pk)
    assert (set(selection.chosen), taken_out.pk) == ({entry, selected.entries[4].key}, twice.pk)
    assert (taken_out.value_change < 0, taken_in.value_change <= 0.5) == (True, True)
    assert (
        refused(services.change_selection, **change, idea_key="nosuch", taken_in=True).code == "selection.unknown_idea"
    )


def test_settling_puts_a_fingerprint_into_the_ledger_once(selected):
    told = {"selection_id": selected.selection.pk, "actor": selected.owner, "at": AT}

    services.settle_selection(**told)
    services.settle_selection(**told)

    crossing = Crossing.objects.get(kind="selection.settled")
    assert selected.selection.input_sha256 in crossing.body
    assert services.compute_selection(**selected.told).pk != selected.selection.pk


# --- deciding and answering


def test_decisions_are_stored_and_can_be_changed_until_the_answers_go_out(selected, decide_all):
    decide_all()
    changed = {
        selected.entries[0].key: services.DecisionInput("reserve", "over_budget", "Good, but not this year alas.")
    }
    services.decide(**selected.told, decisions=changed)

    assert (Decision.objects.count(), Decision.objects.get(idea=selected.entries[0]).outcome) == (5, "reserve")


def test_one_wrong_decision_stores_none(selected):
    decisions = {
        selected.entries[0].key: services.DecisionInput("award", "best_fit", "A long enough sentence here."),
        selected.entries[1].key: services.DecisionInput("award", "best_fit", "Short."),
    }

    assert refused(services.decide, **selected.told, decisions=decisions).code == "selection.words_missing"
    assert Decision.objects.count() == 0


def test_nobody_is_told_before_everybody_has_an_answer(selected, decide_all):
    decide_all()
    Decision.objects.filter(idea=selected.entries[0]).delete()

    assert refused(services.release_answers, **selected.told).code == "selection.undecided"
    assert (Answer.objects.count(), Challenge.objects.get(pk=selected.challenge.pk).status) == (0, "published")


def test_everybody_is_told_at_once_and_once(answered):
    again = services.release_answers(**answered.told)

    assert (len(again), Answer.objects.count(), Crossing.objects.filter(kind="answer.sent").count()) == (5, 5, 5)
    assert Mail.objects.filter(kind__startswith="answer").count() == 5
    assert Challenge.objects.get(pk=answered.challenge.pk).status == "decided"
    assert set(Award.objects.values_list("decision__idea__key", flat=True)) == set(answered.selection.chosen)
    lines = Answer.objects.get(idea=answered.entries[4]).profile
    assert {(line["mean"], line["bar"]) for line in lines} == {(5.0, 2.0)}


def test_answers_without_limits_are_held_against_the_usual_bar(ranked):
    decision = services.DecisionInput("decline", "incomplete", "There was too little to judge it by.")
    services.decide(**ranked.told, decisions={entry.key: decision for entry in ranked.entries})

    services.release_answers(**ranked.told)

    assert Answer.objects.first().profile[0]["bar"] == 3.0


def test_after_the_answers_nothing_is_decided_any_more(answered):
    decision = services.DecisionInput("award", "best_fit", "A long enough sentence here.")

    assert (
        refused(services.decide, **answered.told, decisions={answered.entries[0].key: decision}).code
        == "selection.decided"
    )


def test_a_contributor_asks_once_and_is_replied_to_once(answered, solver, owner, member):
    answer = Answer.objects.get(idea=answered.entries[0])
    ask = {"answer_id": answer.pk, "actor": solver, "at": AT}
    asked = services.ask_clarification(**ask, question="Which test did it fail?")
    twice = services.ask_clarification(**ask, question="Which test did it fail? ")
    reply = {"clarification_id": asked.pk, "at": AT}

    assert (asked.pk, refused(services.ask_clarification, **ask, question="And now?").code) == (
        twice.pk, "selection.asked_already",
    )  # fmt: skip
    assert refused(services.reply_clarification, **reply, actor=member, reply="x").code == "people.not_manager"
    assert refused(services.reply_clarification, **reply, actor=owner, reply=" ").code == "selection.reply_missing"
    services.reply_clarification(**reply, actor=owner, reply="The pick rate.")
    services.reply_clarification(**reply, actor=owner, reply="Something else.")
    assert Clarification.objects.get().reply == "The pick rate."


def test_erasing_a_person_empties_their_question_and_keeps_the_reply(answered, solver, owner):
    answer = Answer.objects.get(idea=answered.entries[0])
    asked = services.ask_clarification(answer_id=answer.pk, actor=solver, question="I am Sam, call me!", at=AT)
    services.reply_clarification(clarification_id=asked.pk, actor=owner, reply="We did.", at=AT)

    erase_person(person=solver, actor=solver, at=AT)

    asked.refresh_from_db()
    assert (asked.question, asked.reply) == ("", "We did.")


def test_the_first_look_at_an_answer_is_kept(answered):
    answer = Answer.objects.first()
    services.mark_answer_read(answer_id=answer.pk, at=AT)
    services.mark_answer_read(answer_id=answer.pk, at=AT.replace(year=2027))

    assert Answer.objects.get(pk=answer.pk).first_read_at == AT


def test_the_winner_accepts_then_is_paid(answered, owner, member, solver):
    award = Award.objects.select_related("decision__idea__author").first()
    author = award.decision.idea.author
    pay = {"award_id": award.pk, "payment": "paid", "note": " wire ", "at": AT}

    assert refused(services.record_payment, **pay, actor=owner).code == "selection.rights_open"
    assert refused(services.record_payment, **pay, actor=member).code == "people.not_manager"
    assert refused(services.accept_rights, award_id=award.pk, actor=solver, at=AT).code == "selection.not_author"
    services.accept_rights(award_id=award.pk, actor=author, at=AT)
    services.accept_rights(award_id=award.pk, actor=author, at=AT)
    services.record_payment(**pay, actor=owner)
    services.record_payment(**pay, actor=owner)

    award.refresh_from_db()
    assert (award.payment, award.payment_note, award.paid_at, award.rights_accepted_at) == ("paid", "wire", AT, AT)
    kinds = Crossing.objects.filter(subject_key=award.key).order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["award.rights_accepted", "award.payment"]
    spent = [Award.objects.get(pk=award.pk).decision.challenge.money_spent]
    services.record_payment(**{**pay, "payment": "ordered"}, actor=owner)
    spent.append(Award.objects.get(pk=award.pk).decision.challenge.money_spent)
    assert (Award.objects.get(pk=award.pk).paid_at, spent) == (None, [award.prize_amount, 0])


# --- dossiers


def test_a_dossier_verifies_names_nobody_and_keeps_notes_inside(answered, owner, evaluator):
    document = services.make_dossier(actor=owner, challenge_key=answered.challenge.key, at=AT)

    text = str(document)
    assert (verify_document(document).problems, verify_document(document).ok) == ((), True)
    assert not [word for word in (evaluator.name, "Only for the team", "Sam Solver") if word in text]
    assert len(document["parts"]["reviews"]) == 10


def test_a_dossier_with_another_mark_is_found(answered, owner):
    document = services.make_dossier(actor=owner, challenge_key=answered.challenge.key, at=AT)
    document["parts"]["reviews"][0]["reason"] = "Something else."

    assert verify_document(document).problems[0].code == "document.part"


def test_a_dossier_of_an_empty_challenge_can_be_made(make_challenge, owner):
    challenge = make_challenge(closed=True)

    parts = services.make_dossier(actor=owner, challenge_key=challenge.key, at=AT)["parts"]

    assert (parts["ranking"], parts["selection"], parts["entries"]) == (None, None, [])


def test_there_is_no_dossier_while_entries_are_sealed_or_for_others(make_challenge, owner, member):
    sealed = make_challenge()

    for actor in (owner, member):
        with pytest.raises(Http404):
            services.make_dossier(actor=actor, challenge_key=sealed.key, at=AT)


def test_status_shows_nothing_before_the_answers_are_out(selected, decide_all, solver):
    decide_all()
    key = selected.entries[0].key

    before = queries.status_for(solver, key, at=AT)
    services.release_answers(**selected.told)
    after = queries.status_for(solver, key, at=AT)

    assert (before.answer, after.answer.decision.outcome) == (None, "decline")
    assert before.is_overdue is False
    late = selected.challenge.answer_by
    Answer.objects.all().delete()
    assert queries.status_for(solver, key, at=late).is_overdue is True
