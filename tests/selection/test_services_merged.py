"""Merged entries in judging and deciding: they leave, come back whole, and get the answer of the entry that leads."""

import pytest

from permea.evaluation import queries as evaluation_queries
from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment, Panelist, Review
from permea.foundation.refusals import RefusedError
from permea.ideas import queries as ideas_queries
from permea.ideas import services as ideas
from permea.ideas.models import Idea
from permea.ledger.models import Crossing
from permea.measures.queries import funnel_for
from permea.notifications.models import Mail
from permea.selection import queries, services
from permea.selection.models import Answer, Award, Decision
from tests.cast import AT

REASON = "Both entries describe one and the same machine."


def merge(ranked, idea, lead):
    """Merge one entry of the ranked challenge into another."""
    told = {"actor": ranked.owner, "reason": REASON, "at": AT}
    return ideas.merge_ideas(idea_id=ranked.entries[idea].pk, lead_id=ranked.entries[lead].pk, **told)


def ranked_keys(challenge):
    """Return the entries a new ranking has."""
    ranking = evaluation.compute_ranking(challenge_id=challenge.pk, at=AT)
    return {row["key"] for row in ranking.result["ideas"]}, ranking.n_reviews


def decide_all(ranked):
    """Decide on every entry in the running: the last one is awarded."""
    entries = list(ideas_queries.evaluable_ideas(ranked.challenge))
    decline = services.DecisionInput("decline", "below_bar", "Others fitted the harvest better this year.")
    award = services.DecisionInput("award", "best_fit", "Your grip is the one we want to build with you.")
    decisions = {idea.key: award if idea == entries[-1] else decline for idea in entries}
    services.decide(**ranked.told, decisions=decisions)
    return entries


def test_a_merged_entry_leaves_the_ranking_with_its_reviews_and_comes_back_with_them(ranked):
    keys = {idea.key for idea in ranked.entries}
    before = ranked_keys(ranked.challenge)
    done = merge(ranked, 1, 0)
    without = ranked_keys(ranked.challenge)
    n_reviews_kept = Review.objects.filter(idea=ranked.entries[1], superseded_at__isnull=True).count()
    ideas.undo_merge(merge_id=done.pk, actor=ranked.owner, reason="", at=AT)

    assert (before, without) == ((keys, 10), (keys - {ranked.entries[1].key}, 8))
    assert (n_reviews_kept, ranked_keys(ranked.challenge)) == (2, before)


def test_a_merged_entry_leaves_queues_and_is_read_beside_its_lead(ranked, evaluator, make_idea):
    new = [make_idea(challenge=ranked.challenge, title=f"Late {number}") for number in range(2)]
    evaluation.deal_out(challenge_id=ranked.challenge.pk, actor=ranked.owner, at=AT)
    evaluation.set_minutes(
        panelist_id=Panelist.objects.get(person=evaluator).pk, actor=evaluator, minutes_per_week=2400, at=AT
    )
    told = {"actor": ranked.owner, "reason": REASON, "at": AT}
    ideas.merge_ideas(idea_id=new[1].pk, lead_id=new[0].pk, **told)
    (queue,) = evaluation_queries.my_queue(evaluator, at=AT)
    sheet = evaluation_queries.review_sheet(evaluator, queue.items[0].assignment.key, at=AT)

    assert [item.title for item in queue.items] == ["Late 0"]
    assert ([one.idea for one in sheet.merged], sheet.merged[0].credit) == ([new[1]], None)
    assert Assignment.objects.filter(idea=new[1], status="open").count() == 2


def test_a_review_of_a_merged_entry_is_not_taken(ranked, evaluator, make_idea):
    late = make_idea(challenge=ranked.challenge, title="Late")
    evaluation.deal_out(challenge_id=ranked.challenge.pk, actor=ranked.owner, at=AT)
    told = {"actor": ranked.owner, "reason": REASON, "at": AT}
    ideas.merge_ideas(idea_id=late.pk, lead_id=ranked.entries[0].pk, **told)
    assignment = Assignment.objects.get(idea=late, panelist__person=evaluator)
    with pytest.raises(RefusedError) as refused:
        evaluation.submit_review(
            assignment_id=assignment.pk, actor=evaluator, at=AT, scores={}, recommendation="yes",
            reason="It can be built with what is there.", private_note="",
        )  # fmt: skip

    assert refused.value.refusal.code == "evaluation.merged"


def test_every_entry_gets_one_answer_and_merged_ones_that_of_their_lead(ranked):
    merge(ranked, 1, 4)
    merge(ranked, 0, 4)
    entries = decide_all(ranked)
    services.release_answers(**ranked.told)
    answers = {answer.idea.key: answer for answer in Answer.objects.select_related("idea", "decision__idea")}

    assert (len(entries), set(answers)) == (3, {idea.key for idea in ranked.entries})
    assert {answers[idea.key].decision.idea for idea in (ranked.entries[0], ranked.entries[1])} == {ranked.entries[4]}
    told = Crossing.objects.filter(kind="answer.sent").values_list("subject_key", flat=True)
    assert (sorted(told), Award.objects.count()) == (sorted(answers), 1)
    assert Mail.objects.filter(kind="answer").count() == len(ranked.entries)


def test_credit_for_an_award_is_shared_and_the_dossier_names_the_entries(ranked, solver):
    merge(ranked, 0, 4)
    decide_all(ranked)
    services.release_answers(**ranked.told)
    _challenge, awards = queries.awards_for(ranked.owner, ranked.challenge.key)
    parts = queries.dossier_parts(ranked.owner, ranked.challenge.key, at=AT)[1]
    view = queries.status_for(solver, ranked.entries[0].key, at=AT)

    assert {key: credit.others for key, credit in queries.credits_of(awards).items()} == {awards[0].key: [solver]}
    assert parts["awards"][0]["credit_shared_with"] == [ranked.entries[0].key]
    merged_into = {row["key"]: row["merged_into"] for row in parts["entries"]}
    assert (merged_into[ranked.entries[0].key], merged_into[ranked.entries[4].key]) == (ranked.entries[4].key, "")
    assert (view.answer.decision.outcome, view.award, view.lead_title, view.n_sharing) == ("award", None, "", 1)
    assert (view.merge.last.words, view.is_overdue) == (REASON, False)


def test_what_is_decided_is_not_merged(ranked):
    decline = services.DecisionInput("decline", "below_bar", "Others fitted the harvest better this year.")
    services.decide(**ranked.told, decisions={ranked.entries[0].key: decline})
    with pytest.raises(RefusedError) as refused:
        merge(ranked, 1, 0)

    assert (refused.value.refusal.code, Decision.objects.count()) == ("selection.merge_decided", 1)


def test_a_judge_near_the_other_author_bars_the_merge(ranked, evaluator, make_idea, make_person):
    colleague = make_person("ernst@experts.example", "Ernst", affiliation="Emil Consulting")
    theirs = make_idea(challenge=ranked.challenge, author=colleague)
    told = {"actor": ranked.owner, "reason": REASON, "at": AT}
    with pytest.raises(RefusedError) as refused:
        ideas.merge_ideas(idea_id=theirs.pk, lead_id=ranked.entries[0].pk, **told)
    ideas.merge_ideas(idea_id=ranked.entries[0].pk, lead_id=theirs.pk, **told)

    assert refused.value.refusal.code == "evaluation.merge_conflict"
    assert set(ideas_queries.people_behind([theirs.pk])[theirs.pk]) == {colleague, ranked.entries[0].author}


def test_a_merged_entry_still_counts_as_received_and_answered(ranked):
    merge(ranked, 0, 4)
    decide_all(ranked)
    services.release_answers(**ranked.told)
    view = funnel_for(ranked.owner, ranked.challenge.organisation, ranked.challenge.key, at=AT)

    assert [row.n for row in view.stages] == [5, 5, 5, 5, 2, 2]
    assert Idea.objects.filter(status="merged").count() == 1
