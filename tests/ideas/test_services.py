"""Writing ideas: drafts that lose nothing, versions that never change, crossings and receipts that tell of them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from permea.agreements.models import Acceptance
from permea.challenges import services as challenges
from permea.foundation.events import hears
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.events import IdeaRevised, IdeasImported, IdeaSubmitted, IdeaWithdrawn
from permea.ideas.models import Contributor, Idea, IdeaVersion, KeptCopy
from permea.ledger import services as ledger
from permea.ledger.models import Crossing, Receipt
from permea.ledger.verifier import verify_document
from tests.cast import AT, accept_all_terms

TICK = timedelta(microseconds=1)
told = []
for _event in (IdeaSubmitted, IdeaRevised, IdeaWithdrawn, IdeasImported):
    hears(_event)(told.append)


@pytest.fixture(autouse=True)
def heard():
    told.clear()
    return told


def refused(function, **arguments):
    """Return the code with which a service refuses."""
    with pytest.raises(RefusedError) as error:
        function(**arguments)
    return error.value.refusal.code


def crossings(idea):
    return list(Crossing.objects.filter(subject_key=idea.key).order_by("number").values_list("kind", "direction"))


def keys_of(challenge):
    return [challenge.participation_terms.key, challenge.ip_terms.key]


# --- starting


def test_entering_accepts_the_terms_and_starts_one_draft(make_challenge, solver):
    challenge = make_challenge()

    first = services.enter_challenge(challenge_id=challenge.pk, actor=solver, accepted=keys_of(challenge), at=AT)
    second = services.enter_challenge(challenge_id=challenge.pk, actor=solver, accepted=[], at=AT)

    assert (
        first == second,
        first.status,
        first.affiliation,
        first.country,
        queries.contributors_of(first),
        Acceptance.objects.filter(person=solver, subject_key=challenge.key).count(),
    ) == (True, "draft", "Solver Workshop", "DE", [solver], 2)


def test_nobody_starts_without_both_texts_or_in_time(make_challenge, solver):
    challenge = make_challenge()
    ask = {"challenge_id": challenge.pk, "actor": solver}

    found = (
        refused(services.enter_challenge, **ask, accepted=keys_of(challenge)[:1], at=AT),
        refused(services.enter_challenge, **ask, accepted=keys_of(challenge), at=challenge.closes_at),
        refused(services.enter_challenge, **ask, accepted=keys_of(challenge), at=challenge.opens_at - TICK),
        Acceptance.objects.filter(person=solver).count(),
        Idea.objects.count(),
    )

    assert found == ("ideas.terms_not_accepted", "ideas.too_late", "ideas.not_open_yet", 0, 0)


def test_a_challenge_that_is_a_draft_takes_no_entries(make_challenge, solver):
    challenge = make_challenge(status="draft")
    type(challenge).objects.filter(pk=challenge.pk).update(ip_terms=None)
    challenge.refresh_from_db()

    assert (
        refused(services.start_entry, challenge_id=challenge.pk, actor=solver, at=AT),
        queries.has_accepted_terms(solver, challenge),
    ) == ("ideas.not_published", False)


def test_what_is_judged_is_what_is_handed_in_oldest_first(make_challenge, make_idea):
    challenge = make_challenge()
    first, back, _draft, last = (
        make_idea(challenge=challenge, submitted=submitted) for submitted in (True, True, False, True)
    )
    services.withdraw_idea(idea_id=back.pk, actor=back.author, at=AT)

    assert list(queries.evaluable_ideas(challenge)) == [first, last]


def test_a_draft_is_in_a_language_the_challenge_takes(make_challenge, make_person):
    challenge = make_challenge(entry_languages=["en", "de"])
    french, german = make_person(language="fr"), make_person(language="de")
    for person in (french, german):
        accept_all_terms(challenge, person, AT)

    drafts = [services.start_entry(challenge_id=challenge.pk, actor=person, at=AT) for person in (french, german)]

    assert [draft.language for draft in drafts] == ["en", "de"]


def test_the_database_keeps_one_draft_a_person(make_idea, solver):
    draft = make_idea(author=solver, submitted=False)
    draft.pk, draft.key = None, "another"

    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save(force_insert=True)


def test_after_handing_in_a_further_entry_can_be_started(make_idea, solver):
    idea = make_idea(author=solver)

    further = services.start_entry(challenge_id=idea.challenge_id, actor=solver, at=AT)

    assert (further.pk != idea.pk, further.status) == (True, "draft")


# --- saving


def test_saving_keeps_what_was_typed_and_the_same_again_changes_nothing(make_idea, solver):
    draft = make_idea(author=solver, submitted=False)
    later = AT + timedelta(minutes=1)

    saved = services.save_draft(idea_id=draft.pk, actor=solver, at=AT, title="زراعة 🍎", asked_money="1500.50")
    again = services.save_draft(idea_id=draft.pk, actor=solver, at=later, title="زراعة 🍎", asked_money=1500.5)
    draft.refresh_from_db()

    assert (draft.title, str(draft.asked_money), saved.saved_at, again.saved_at, draft.search_text) == (
        "زراعة 🍎",
        "1500.50",
        AT,
        AT,
        "",
    )


def test_saving_is_refused_to_others_after_closing_and_for_bad_text(make_idea, solver, owner):
    draft = make_idea(author=solver, submitted=False)
    ask = {"idea_id": draft.pk, "actor": solver, "at": AT, "title": "New"}

    found = [
        refused(services.save_draft, **{**ask, "actor": owner}),
        refused(services.save_draft, **{**ask, "at": draft.challenge.closes_at}),
        refused(services.save_draft, **{**ask, "title": "nul\x00"}),
    ]
    draft.refresh_from_db()

    assert (found, draft.title) == (["ideas.not_contributor", "ideas.too_late", "ideas.bad_characters"], "Idea 1")


def test_a_text_from_a_window_that_was_overtaken_is_kept_beside_the_draft(make_idea, solver):
    draft = make_idea(author=solver, submitted=False)
    shown = draft.saved_at
    ask = {"idea_id": draft.pk, "actor": solver, "seen": shown}
    services.save_draft(**ask, window="phone", at=AT, body="From the phone.")

    late = services.save_draft(**ask, window="laptop", at=AT + TICK, body="From the laptop.")
    more = services.save_draft(**ask, window="laptop", at=AT + 2 * TICK, body="From the laptop, more.")
    goes_on = services.save_draft(**ask, window="phone", at=AT + 3 * TICK, body="From the phone, on.")
    draft.refresh_from_db()

    assert (
        [saved.is_kept_apart for saved in (late, more, goes_on)],
        draft.body,
        [copy.content["body"] for copy in KeptCopy.objects.filter(idea=draft)],
    ) == ([True, True, False], "From the phone, on.", ["From the laptop, more."])


def test_copies_of_the_newest_windows_are_kept(make_idea, solver):
    draft = make_idea(author=solver, submitted=False)
    for number in range(7):
        services.save_draft(
            idea_id=draft.pk,
            actor=solver,
            at=AT + number * TICK,
            window=f"w{number}",
            seen=draft.saved_at - TICK,
            body=f"Text {number}",
        )

    assert sorted(draft.kept_copies.values_list("content__body", flat=True)) == [f"Text {n}" for n in range(2, 7)]


def test_a_kept_text_can_be_taken_and_the_other_is_kept_in_turn(make_idea, solver, stranger):
    draft = make_idea(author=solver, submitted=False, body="First")
    copy = KeptCopy.objects.create(idea=draft, window="w", content={"body": "Second"}, kept_at=AT)

    not_theirs = refused(services.adopt_copy, copy_id=copy.pk, actor=stranger, window="x", at=AT)
    services.adopt_copy(copy_id=copy.pk, actor=solver, window="x", at=AT)
    draft.refresh_from_db()
    copy.refresh_from_db()

    assert (not_theirs, draft.body, copy.content["body"]) == ("ideas.not_contributor", "Second", "First")


def test_a_kept_text_can_be_thrown_away_in_time(make_idea, solver):
    draft = make_idea(author=solver, submitted=False)
    copy = KeptCopy.objects.create(idea=draft, window="w", content={"body": "Second"}, kept_at=AT)

    late = refused(services.discard_copy, copy_id=copy.pk, actor=solver, at=draft.challenge.closes_at)
    services.discard_copy(copy_id=copy.pk, actor=solver, at=AT)

    assert (late, draft.kept_copies.count()) == ("ideas.too_late", 0)


# --- handing in


def test_handing_in_makes_a_version_a_crossing_a_receipt_and_is_told(make_idea, make_attachment, solver):
    draft = make_idea(author=solver, submitted=False)
    file = make_attachment(draft)

    idea = services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    idea.challenge.refresh_from_db()
    file.refresh_from_db()
    version, receipt = idea.versions.get(), Receipt.objects.get(person=solver)

    assert (
        idea.status,
        idea.submitted_at,
        idea.n_files,
        idea.challenge.n_entries,
        file.handed_in_at,
        crossings(idea),
        version.receipt_key,
        receipt.document["facts"]["content_sha256"],
        version.sha256,
        told,
    ) == (
        "submitted",
        AT,
        1,
        1,
        AT,
        [("idea.submitted", "in")],
        receipt.key,
        version.sha256,
        rules.fingerprint(version.content),
        [IdeaSubmitted(idea_id=idea.pk, challenge_id=idea.challenge_id, receipt_key=receipt.key, at=AT)],
    )


def test_the_ledger_holds_the_fingerprint_and_neither_content_nor_name(make_idea, solver):
    idea = make_idea(author=solver, title="Secret gripper", affiliation="Solver Workshop")
    body = Crossing.objects.get(subject_key=idea.key).body
    words = ("Secret", "gripper", solver.email, "Sam", "Workshop")

    assert (idea.versions.get().sha256 in body, [word for word in words if word in body]) == (True, [])


def test_the_chain_with_entries_in_it_verifies(make_idea, organisation):
    make_idea()

    report = verify_document(ledger.export_chain(organisation=organisation, at=AT))

    assert (report.ok, list(report.problems)) == (True, [])


def test_a_second_click_changes_nothing(make_idea, solver):
    idea = make_idea(author=solver)

    again = services.submit_idea(idea_id=idea.pk, actor=solver, at=AT)
    idea.challenge.refresh_from_db()

    assert (again.n_versions, idea.challenge.n_entries, len(crossings(idea)), len(told)) == (1, 1, 1, 1)


def test_a_second_click_of_somebody_else_is_refused(make_idea, stranger):
    assert refused(services.submit_idea, idea_id=make_idea().pk, actor=stranger, at=AT) == "ideas.not_contributor"


@pytest.mark.parametrize("wait", [timedelta(0), TICK])
def test_handing_in_at_or_after_closing_is_refused_and_writes_nothing(make_idea, solver, wait):
    draft = make_idea(author=solver, submitted=False)
    at = draft.challenge.closes_at + wait

    found = refused(services.submit_idea, idea_id=draft.pk, actor=solver, at=at)
    draft.refresh_from_db()

    assert (found, draft.status, draft.n_versions, crossings(draft), told) == ("ideas.too_late", "draft", 0, [], [])


def test_handing_in_just_before_closing_is_taken(make_idea, solver):
    draft = make_idea(author=solver, submitted=False)

    idea = services.submit_idea(idea_id=draft.pk, actor=solver, at=draft.challenge.closes_at - TICK)

    assert idea.status == "submitted"


def test_closing_early_binds_at_once(make_idea, solver, owner):
    draft = make_idea(author=solver, submitted=False)
    challenges.close_early(challenge_id=draft.challenge_id, reason="The line is already built.", actor=owner, at=AT)

    assert refused(services.submit_idea, idea_id=draft.pk, actor=solver, at=AT) == "ideas.too_late"


def test_an_incomplete_draft_is_refused_and_kept(make_idea, solver):
    draft = make_idea(author=solver, submitted=False, body="")

    found = refused(services.submit_idea, idea_id=draft.pk, actor=solver, at=AT)
    draft.refresh_from_db()

    assert (found, draft.title) == ("ideas.incomplete", "Idea 1")


def test_changes_of_a_handed_in_idea_wait_until_they_are_handed_in(make_idea, solver):
    idea = make_idea(author=solver, title="One")
    services.save_draft(idea_id=idea.pk, actor=solver, at=AT, title="Two")
    idea.refresh_from_db()
    before = (idea.title, idea.pending, idea.n_versions)

    services.revise_idea(idea_id=idea.pk, actor=solver, at=AT)
    idea.refresh_from_db()
    idea.challenge.refresh_from_db()

    assert (before, idea.title, idea.pending, idea.n_versions, idea.challenge.n_entries) == (
        ("One", {"title": "Two"}, 1),
        "Two",
        None,
        2,
        1,
    )
    assert (crossings(idea), [type(event) for event in told]) == (
        [("idea.submitted", "in"), ("idea.revised", "in")],
        [IdeaSubmitted, IdeaRevised],
    )
    assert list(idea.versions.order_by("number").values_list("content__title", flat=True)) == ["One", "Two"]


def test_going_back_to_what_was_handed_in_leaves_nothing_waiting(make_idea, solver):
    idea = make_idea(author=solver, title="One")
    for title in ("Two", "One"):
        services.save_draft(idea_id=idea.pk, actor=solver, at=AT, title=title)
    idea.refresh_from_db()

    assert idea.pending is None


def test_changes_can_be_dropped_files_included(make_idea, make_attachment, solver, django_capture_on_commit_callbacks):
    draft = make_idea(author=solver, submitted=False)
    old = make_attachment(draft, name="old.txt")
    make_attachment(draft, name="same.txt")
    idea = services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    services.save_draft(idea_id=idea.pk, actor=solver, at=AT, title="Two")
    services.remove_file(attachment_id=old.pk, actor=solver, at=AT)
    new = make_attachment(idea, name="new.txt")
    place = services.storage.root() / new.path

    with django_capture_on_commit_callbacks(execute=True):
        services.discard_changes(idea_id=idea.pk, actor=solver, at=AT)
    idea.refresh_from_db()

    assert (idea.pending, [file.name for file in queries.live_attachments(idea)], place.exists()) == (
        None,
        ["old.txt", "same.txt"],
        False,
    )


def test_dropping_the_changes_of_a_draft_changes_nothing(make_idea, solver, stranger):
    draft = make_idea(author=solver, submitted=False)

    services.discard_changes(idea_id=draft.pk, actor=solver, at=AT)
    draft.refresh_from_db()

    assert draft.title == "Idea 1"
    assert refused(services.discard_changes, idea_id=draft.pk, actor=stranger, at=AT) == "ideas.not_contributor"


def test_only_a_handed_in_idea_is_revised_and_only_by_its_people(make_idea, solver, stranger):
    draft = make_idea(author=solver, submitted=False)

    assert (
        refused(services.revise_idea, idea_id=draft.pk, actor=solver, at=AT),
        refused(services.revise_idea, idea_id=draft.pk, actor=stranger, at=AT),
    ) == ("ideas.not_submitted", "ideas.not_contributor")


# --- withdrawing


def test_withdrawing_is_counted_recorded_and_told_once(make_idea, solver):
    idea = make_idea(author=solver)

    for _click in range(2):
        idea = services.withdraw_idea(idea_id=idea.pk, actor=solver, at=AT)
    idea.challenge.refresh_from_db()

    assert (idea.status, idea.withdrawn_at, idea.challenge.n_entries, crossings(idea)[-1], told[1:]) == (
        "withdrawn",
        AT,
        0,
        ("idea.withdrawn", "out"),
        [IdeaWithdrawn(idea_id=idea.pk, challenge_id=idea.challenge_id, at=AT)],
    )


def test_a_withdrawn_idea_can_be_handed_in_again(make_idea, solver):
    idea = make_idea(author=solver)
    services.withdraw_idea(idea_id=idea.pk, actor=solver, at=AT)

    idea = services.submit_idea(idea_id=idea.pk, actor=solver, at=AT)
    idea.challenge.refresh_from_db()

    assert (idea.status, idea.withdrawn_at, idea.n_versions, idea.challenge.n_entries) == ("submitted", None, 2, 1)
    assert [kind for kind, _direction in crossings(idea)] == ["idea.submitted", "idea.withdrawn", "idea.submitted"]


def test_withdrawing_after_closing_or_of_another_is_refused(make_idea, solver, stranger):
    idea = make_idea(author=solver)

    assert (
        refused(services.withdraw_idea, idea_id=idea.pk, actor=solver, at=idea.challenge.closes_at),
        refused(services.withdraw_idea, idea_id=idea.pk, actor=stranger, at=AT),
    ) == ("ideas.too_late", "ideas.not_contributor")


# --- erasing


def test_removing_the_text_keeps_the_fingerprints(
    make_idea, make_attachment, solver, django_capture_on_commit_callbacks
):
    draft = make_idea(author=solver, submitted=False, affiliation="Acme", asked_money=5)
    file = make_attachment(draft, name="Sam Solver.txt")
    idea = services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    fingerprint, place = idea.versions.get().sha256, services.storage.root() / file.path
    still_in = refused(services.remove_text, idea_id=idea.pk, actor=solver, at=AT)
    services.withdraw_idea(idea_id=idea.pk, actor=solver, at=AT)

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_text(idea_id=idea.pk, actor=solver, at=AT)
    idea.refresh_from_db()
    file.refresh_from_db()
    version = idea.versions.get()

    assert (
        still_in,
        idea.title,
        idea.body,
        idea.search_text,
        idea.affiliation,
        idea.asked_money,
        idea.text_removed_at,
    ) == (
        "ideas.still_submitted",
        "–",
        "",
        "",
        "",
        None,
        AT,
    )
    assert (version.content, version.sha256, file.name, file.path, place.exists()) == ({}, fingerprint, "", "", False)
    assert refused(services.submit_idea, idea_id=idea.pk, actor=solver, at=AT) == "ideas.text_removed"


def test_forgetting_an_author_deletes_drafts_blanks_withdrawn_and_keeps_contributions(
    make_idea, make_attachment, make_challenge, solver, solver_two, django_capture_on_commit_callbacks
):
    challenge = make_challenge()
    kept = make_idea(challenge=challenge, author=solver, affiliation="Acme", country="DE", title="Kept")
    services.save_draft(idea_id=kept.pk, actor=solver, at=AT, body="Changed")
    back = make_idea(challenge=challenge, author=solver, title="Back")
    services.withdraw_idea(idea_id=back.pk, actor=solver, at=AT)
    draft = make_idea(challenge=challenge, author=solver, submitted=False, title="Draft")
    gone = make_attachment(draft, name="gone.txt")
    services.remove_file(attachment_id=gone.pk, actor=solver, at=AT)
    place = services.storage.root() / make_attachment(draft).path
    other = make_idea(challenge=challenge, author=solver_two, affiliation="Campus")

    with django_capture_on_commit_callbacks(execute=True):
        services.forget_author(person=solver, at=AT)
    for idea in (kept, back, other):
        idea.refresh_from_db()
    challenge.refresh_from_db()

    assert (kept.title, kept.affiliation, kept.country, kept.pending, kept.status) == (
        "Kept",
        "",
        "",
        None,
        "submitted",
    )
    assert (back.title, back.text_removed_at, other.affiliation) == ("–", AT, "Campus")
    assert (Idea.objects.filter(pk=draft.pk).exists(), place.exists(), challenge.n_entries) == (False, False, 2)
    assert rules.fingerprint(kept.versions.get().content) == kept.versions.get().sha256


def test_the_database_ties_versions_times_and_states_together(make_idea):
    idea = make_idea()
    for wrong in ({"n_versions": 0}, {"withdrawn_at": AT}, {"submitted_at": None}, {"status": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Idea.objects.filter(pk=idea.pk).update(**wrong)

    assert (IdeaVersion.objects.count(), Contributor.objects.count()) == (1, 1)
