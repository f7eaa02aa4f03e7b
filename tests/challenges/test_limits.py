"""What counts against the limits of a challenge while later steps work on it."""

from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment


def test_the_time_of_each_review_counts_against_the_hours(make_challenge, make_idea, owner, evaluator, at):
    challenge = make_challenge(closed=True)
    make_idea(challenge=challenge)
    told = {"challenge_id": challenge.pk, "actor": owner, "at": at}
    evaluation.seat_members(**told, persons=[evaluator])
    evaluation.deal_out(**told)
    assignment = Assignment.objects.get()
    for points in (3, 4):  # a changed review took time as well
        evaluation.submit_review(
            assignment_id=assignment.pk,
            actor=evaluator,
            at=at,
            scores=dict.fromkeys(challenge.criteria.values_list("key", flat=True), points),
            recommendation="",
            reason="It can be built with what is there.",
            private_note="",
            seconds_spent=900,
        )
    challenge.refresh_from_db()
    assert challenge.hours_spent == 0.5
