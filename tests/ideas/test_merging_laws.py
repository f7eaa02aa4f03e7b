"""What holds after any sequence of merges, answers and undos."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from permea.foundation.refusals import RefusedError
from permea.ideas import queries, services
from permea.ideas.models import Contributor, Idea, Merge
from tests.cast import AT

WHICH = st.integers(0, 3)
REASON = "They say the same in nearly the same words."


class Merging(RuleBasedStateMachine):
    """Four entries of a closed challenge, two of them by one author."""

    entries: list
    owner = None

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.at = AT
        self.before = self.rows()
        self.own = {idea.pk: queries.contributors_of(idea) for idea in self.entries}

    def teardown(self):
        try:
            for done in Merge.objects.filter(state=Merge.State.DONE):
                services.undo_merge(merge_id=done.pk, actor=self.owner, reason="", at=self.at)
            assert self.rows() == self.before
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def rows(self):
        """Return everything the entries and their contributors say."""
        keys = [idea.pk for idea in self.entries]
        rows = Idea.objects.filter(pk__in=keys).order_by("pk").values()
        return list(rows), list(Contributor.objects.filter(idea__in=keys).order_by("pk").values())

    def attempt(self, service, **values):
        """Call a service; a refusal is an answer too."""
        self.at += timedelta(hours=1)
        try:
            service(at=self.at, **values)
        except RefusedError:
            return

    @rule(idea=WHICH, lead=WHICH)
    def merge(self, idea, lead):
        told = {"idea_id": self.entries[idea].pk, "lead_id": self.entries[lead].pk, "actor": self.owner}
        self.attempt(services.merge_ideas, **told, reason=REASON)

    @rule(idea=WHICH, lead=WHICH)
    def ask(self, idea, lead):
        told = {"idea_id": self.entries[idea].pk, "lead_id": self.entries[lead].pk, "actor": self.owner}
        self.attempt(services.ask_to_merge, **told, words="")

    @rule(agrees=st.booleans())
    def answer(self, agrees):
        asked = Merge.objects.filter(state=Merge.State.ASKED).select_related("idea__author").order_by("pk").first()
        if asked is not None:
            told = {"merge_id": asked.pk, "actor": asked.idea.author, "agrees": agrees}
            self.attempt(services.answer_merge, **told, words="")

    @rule(number=WHICH)
    def undo(self, number):
        done = list(Merge.objects.filter(state=Merge.State.DONE).order_by("pk"))
        if done:
            told = {"merge_id": done[number % len(done)].pk, "actor": self.owner}
            self.attempt(services.undo_merge, **told, reason="")

    @invariant()
    def credit_is_that_of_all_who_wrote_one_of_the_group(self):
        for idea in Idea.objects.filter(pk__in=self.own, status=Idea.Status.SUBMITTED):
            group = [idea.pk, *Idea.objects.filter(merged_into=idea).values_list("pk", flat=True)]
            union = {person for pk in group for person in self.own[pk]}
            assert (set(queries.credited(idea)), idea.n_merged) == (union, len(group) - 1)
            assert len(queries.credited(idea)) == len(union)

    @invariant()
    def every_entry_is_judged_once_by_itself_or_in_its_lead(self):
        for idea in Idea.objects.filter(pk__in=self.own).select_related("merged_into"):
            if idea.merged_into is not None:
                assert (idea.status, idea.merged_into.status, idea.n_merged) == ("merged", "submitted", 0)
                assert Merge.objects.filter(idea=idea, state=Merge.State.DONE, lead=idea.merged_into).count() == 1
            else:
                assert idea.status == "submitted"


@pytest.mark.django_db
def test_merges_lose_no_credit_and_undoing_all_restores_the_start(make_challenge, make_idea, owner, solver):
    challenge = make_challenge(closed=True)
    Merging.entries = [
        make_idea(challenge=challenge, author=solver if number < 2 else None, title=f"Entry {number}")
        for number in range(4)
    ]
    Merging.owner = owner
    run_state_machine_as_test(
        Merging,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
