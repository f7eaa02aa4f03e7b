"""What holds after any sequence of saving, handing in, revising, withdrawing and attaching."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from permea.challenges.models import Challenge
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.models import Idea
from permea.ledger.models import Crossing
from tests.cast import AT

TEXTS = st.sampled_from(["One", "Two", "Three 🍎", ""])


class Entries(RuleBasedStateMachine):
    """Two people and one challenge; time passes with every step."""

    ideas = Bundle("ideas")
    challenge: Challenge
    people: list

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.at = AT
        self.history = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def attempt(self, service, **values):
        """Call a service; a refusal is an answer too."""
        self.at += timedelta(seconds=1)
        try:
            return service(at=self.at, **values)
        except RefusedError:
            return None

    @initialize(target=ideas)
    def hand_one_in(self):
        idea = self.start_as(0)
        self.write_and_submit(idea, "One")
        return idea

    @rule(idea=ideas, text=TEXTS)
    def write_and_submit(self, idea, text):
        author = Idea.objects.get(pk=idea).author
        said = {"title": text, "summary": "In short.", "body": "At length."}
        self.attempt(services.save_draft, idea_id=idea, actor=author, **said)
        self.attempt(services.submit_idea, idea_id=idea, actor=author)

    @rule(target=ideas, who=st.integers(0, 1))
    def start(self, who):
        return self.start_as(who)

    def start_as(self, who):
        """Open somebody's draft."""
        return self.attempt(services.start_entry, challenge_id=self.challenge.pk, actor=self.people[who]).pk

    @rule(idea=ideas, title=TEXTS, body=TEXTS, window=st.sampled_from(["a", "b"]), lag=st.sampled_from([0, 0, 2]))
    def save(self, idea, title, body, window, lag):
        seen = self.at - timedelta(seconds=lag)
        self.attempt(
            services.save_draft,
            idea_id=idea,
            actor=Idea.objects.get(pk=idea).author,
            window=window,
            seen=seen,
            title=title,
            summary=title,
            body=body,
        )

    @rule(idea=ideas)
    def submit(self, idea):
        self.attempt(services.submit_idea, idea_id=idea, actor=Idea.objects.get(pk=idea).author)

    @rule(idea=ideas)
    def revise(self, idea):
        self.attempt(services.revise_idea, idea_id=idea, actor=Idea.objects.get(pk=idea).author)

    @rule(idea=ideas)
    def withdraw(self, idea):
        self.attempt(services.withdraw_idea, idea_id=idea, actor=Idea.objects.get(pk=idea).author)

    @rule(idea=ideas)
    def discard(self, idea):
        self.attempt(services.discard_changes, idea_id=idea, actor=Idea.objects.get(pk=idea).author)

    @rule(idea=ideas, name=st.sampled_from(["a.txt", "b.txt"]))
    def attach(self, idea, name):
        author = Idea.objects.get(pk=idea).author
        self.attempt(services.attach_file, idea_id=idea, actor=author, name=name, chunks=[b"text"])

    @rule(idea=ideas)
    def remove_first(self, idea):
        row = Idea.objects.get(pk=idea)
        file = queries.live_attachments(row).first()
        if file is not None:
            self.attempt(services.remove_file, attachment_id=file.pk, actor=row.author)

    @rule(idea=ideas)
    def act_as_the_other(self, idea):
        row = Idea.objects.get(pk=idea)
        other = next(person for person in self.people if person.pk != row.author_id)
        for service in (services.submit_idea, services.withdraw_idea, services.save_draft):
            assert self.attempt(service, idea_id=idea, actor=other) is None

    @invariant()
    def versions_are_only_ever_added_and_fit_their_fingerprints(self):
        for idea in Idea.objects.all():
            versions = [(v.number, v.sha256, v.made_at) for v in idea.versions.order_by("number")]
            before = self.history.get(idea.pk, [])
            assert versions[: len(before)] == before
            assert [number for number, _sha, _at in versions] == list(range(1, idea.n_versions + 1))
            assert all(rules.fingerprint(v.content) == v.sha256 for v in idea.versions.all())
            self.history[idea.pk] = versions

    @invariant()
    def the_counter_counts_what_is_handed_in(self):
        self.challenge.refresh_from_db()
        handed_in = Idea.objects.filter(challenge=self.challenge, status="submitted").count()
        assert self.challenge.n_entries == handed_in == queries.entry_counts(self.challenge).submitted

    @invariant()
    def a_handed_in_idea_says_what_its_latest_version_says(self):
        for idea in Idea.objects.exclude(status="draft"):
            latest = idea.versions.order_by("-number").first().content
            assert {name: rules.stored(idea)[name] for name in rules.CONTENT_FIELDS} == {
                name: latest[name] for name in rules.CONTENT_FIELDS
            }
            assert idea.n_files == len(latest["files"])

    @invariant()
    def every_version_and_withdrawal_crossed_the_boundary(self):
        for idea in Idea.objects.all():
            kinds = list(Crossing.objects.filter(subject_key=idea.key).values_list("kind", flat=True))
            assert kinds.count("idea.submitted") + kinds.count("idea.revised") == idea.n_versions
            assert kinds.count("idea.submitted") - kinds.count("idea.withdrawn") == (idea.status == "submitted")

    @invariant()
    def bytes_exist_exactly_for_rows(self):
        for idea in Idea.objects.all():
            for file in idea.attachments.all():
                assert bool(file.path) == (file.removed_at is None or file.handed_in_at is not None)
                assert not file.path or (services.storage.root() / file.path).exists()


@pytest.mark.slow
def test_any_sequence_of_steps_keeps_versions_counters_and_files_right(
    make_challenge, solver, solver_two, settings_dir
):
    from tests.cast import accept_all_terms

    challenge = make_challenge()
    for person in (solver, solver_two):
        accept_all_terms(challenge, person, AT)
    Entries.challenge, Entries.people = challenge, [solver, solver_two]
    run_state_machine_as_test(
        Entries,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
