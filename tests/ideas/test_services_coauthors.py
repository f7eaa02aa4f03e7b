"""Several people write one entry: asked, joined, saved apart, handed in, left; credit shared, recorded, kept."""

import json
from datetime import timedelta

import pytest

from permea.agreements.models import Acceptance
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, services
from permea.ideas.models import CoauthorInvitation, Contributor, CreditSplit, Idea, KeptCopy
from permea.ledger.models import Crossing
from permea.notifications.models import Mail, Notice
from permea.people import services as people
from permea.people.queries import personal_data_of
from tests.cast import AT

LATER = AT + timedelta(hours=1)


def code(call, **values):
    """Return with which code a service refuses."""
    with pytest.raises(RefusedError) as refused:
        call(**values)
    return refused.value.refusal.code


@pytest.fixture
def draft(make_idea, solver):
    """Return a draft of Sam's in an open challenge."""
    return make_idea(author=solver, submitted=False)


def texts_of(idea):
    """Return the keys of the texts a challenge is held under."""
    return [terms.key for terms in (idea.challenge.participation_terms, idea.challenge.ip_terms)]


def ask(idea, person, *, actor=None, at=AT):
    """Ask a person to write an entry too."""
    return services.invite_coauthor(idea_id=idea.pk, actor=actor or idea.author, email=str(person.email), at=at)


def together(idea, person, *, at=AT):
    """Let a person write an entry too."""
    invitation = ask(idea, person, at=at)
    return services.join_entry(invitation_id=invitation.pk, actor=person, accepted=texts_of(idea), at=at)


def shared(idea):
    """Return the per cents by person, the author first, and whether all agreed."""
    credit = queries.credit_of([idea.pk])[idea.pk]
    return [(row.person, row.per_cent) for row in credit.rows], credit.is_agreed


def propose(idea, per_cents, *, at=AT):
    """Propose shares as the author."""
    shares = {person.pk: share for person, share in per_cents.items()}
    return services.propose_shares(idea_id=idea.pk, actor=idea.author, per_cents=shares, at=at)


def crossings(idea, *kinds):
    """Return the facts of an entry's crossings of these kinds, with direction and counterparty."""
    rows = Crossing.objects.filter(subject_key=idea.key, kind__in=kinds).order_by("number")
    return [(row.kind, row.direction, row.counterparty_key, json.loads(row.body)["facts"]) for row in rows]


def told(kind):
    """Return to whom mails of a kind went, with their subjects."""
    return list(Mail.objects.filter(kind=kind).order_by("pk").values_list("to", "subject"))


def test_who_accepts_the_link_and_the_terms_writes_the_entry_too(draft, solver, solver_two):
    invitation = ask(draft, solver_two)
    (mail,) = Mail.objects.filter(kind="coauthor_invitation")
    before = queries.is_contributor(solver_two, draft)
    without_terms = code(services.join_entry, invitation_id=invitation.pk, actor=solver_two, accepted=[], at=AT)
    for _again in range(2):
        services.join_entry(invitation_id=invitation.pk, actor=solver_two, accepted=texts_of(draft), at=AT)
    saved = services.save_draft(idea_id=draft.pk, actor=solver_two, at=LATER, seen=draft.saved_at, title="Ours")
    handed_in = services.submit_idea(idea_id=draft.pk, actor=solver_two, at=LATER)

    assert (before, without_terms, saved.idea.title, handed_in.status) == (
        False,
        "ideas.terms_not_accepted",
        "Ours",
        "submitted",
    )
    assert (mail.to, "Sam Solver" in mail.text, draft.title in mail.text) == (solver_two.email, True, False)
    assert [person for person, _share in shared(draft)[0]] == [solver, solver_two]
    assert Acceptance.objects.filter(person=solver_two, subject_key=draft.challenge.key).count() == 2
    assert crossings(draft, "idea.coauthor_joined") == [("idea.coauthor_joined", "in", solver_two.key, {"version": 0})]
    assert told("coauthor_news") == [(solver.email, f"Sina Solver writes “{draft.title}” with you now")]
    assert handed_in.versions.get().made_by == solver_two


def test_an_invitation_that_is_over_or_somebody_elses_opens_nothing(draft, solver, solver_two, stranger):
    invitation = ask(draft, solver_two)
    renewed = ask(draft, solver_two)
    refusals = [
        code(services.invite_coauthor, idea_id=draft.pk, actor=stranger, email="x@y.example", at=AT),
        code(services.join_entry, invitation_id=renewed.pk, actor=stranger, accepted=texts_of(draft), at=AT),
    ]
    token_before, token_now = invitation.token_hash, CoauthorInvitation.objects.get().token_hash
    for _again in range(2):
        services.decline_invitation(invitation_id=renewed.pk, at=AT)
    refusals.append(code(services.join_entry, invitation_id=renewed.pk, actor=solver_two, accepted=[], at=AT))
    again = ask(draft, solver_two)
    for _again in range(2):
        services.take_invitation_back(invitation_id=again.pk, actor=solver, at=AT)
    refusals.append(code(services.decline_invitation, invitation_id=again.pk, at=AT))

    assert refusals == ["ideas.not_author", "ideas.other_address", "ideas.invitation_declined", "ideas.no_invitation"]
    assert (token_before != token_now, queries.contributors_of(draft)) == (True, [solver])
    assert told("coauthor_news") == [(solver.email, f"{solver_two.email} does not write “{draft.title}” with you")]


def test_what_two_people_type_at_once_is_kept_apart_and_swapped_by_choice(draft, solver, solver_two):
    together(draft, solver_two)
    seen = draft.saved_at
    services.save_draft(idea_id=draft.pk, actor=solver, at=LATER, window="s", seen=seen, title="Sam’s title")
    late = services.save_draft(idea_id=draft.pk, actor=solver_two, at=LATER, window="s", seen=seen, title="Sina’s")
    unseen = services.save_draft(idea_id=draft.pk, actor=solver_two, at=LATER, title="Sina’s, by program")
    mine = services.save_draft(idea_id=draft.pk, actor=solver, at=LATER, title="Sam’s title, by program")
    kept = dict(KeptCopy.objects.filter(idea=draft).values_list("window", "content__title"))
    copy = KeptCopy.objects.get(window="s", kept_by=solver_two)
    services.adopt_copy(copy_id=copy.pk, actor=solver_two, window="t", at=LATER)
    copy.refresh_from_db()
    draft.refresh_from_db()

    assert [one.is_kept_apart for one in (late, unseen, mine)] == [True, True, False]
    assert kept == {"s": "Sina’s", "": "Sina’s, by program"}
    assert (draft.title, draft.saved_by, copy.content["title"], copy.kept_by) == (
        "Sina’s",
        solver_two,
        "Sam’s title, by program",
        solver,
    )


def test_only_the_author_takes_the_entry_back_in_again_or_its_text_away(draft, solver, solver_two):
    together(draft, solver_two)
    services.submit_idea(idea_id=draft.pk, actor=solver_two, at=AT)
    refusals = [code(services.withdraw_idea, idea_id=draft.pk, actor=solver_two, at=AT)]
    services.withdraw_idea(idea_id=draft.pk, actor=solver, at=AT)
    refusals += [
        code(services.submit_idea, idea_id=draft.pk, actor=solver_two, at=AT),
        code(services.remove_text, idea_id=draft.pk, actor=solver_two, at=AT),
    ]

    assert (refusals, services.submit_idea(idea_id=draft.pk, actor=solver, at=AT).status) == (
        ["ideas.not_author"] * 3,
        "submitted",
    )


def test_whoever_is_removed_or_leaves_has_no_part_any_more_and_is_told(draft, solver, solver_two, stranger):
    together(draft, solver_two)
    invitation = CoauthorInvitation.objects.get()
    together(draft, stranger)
    propose(draft, {solver: 50, solver_two: 30, stranger: 20})
    for _again in range(2):
        services.remove_coauthor(idea_id=draft.pk, person_id=solver_two.pk, actor=solver, at=LATER)
    services.leave_entry(idea_id=draft.pk, actor=stranger, at=LATER)
    old_link = code(services.join_entry, invitation_id=invitation.pk, actor=solver_two, accepted=[], at=LATER)
    gone = code(services.leave_entry, idea_id=draft.pk, actor=stranger, at=LATER)

    assert (old_link, gone, shared(draft)) == (
        "ideas.invitation_used",
        "ideas.not_contributor",
        ([(solver, 100)], True),
    )
    assert [(kind, who) for kind, _out, who, _facts in crossings(draft, "idea.coauthor_left")] == [
        ("idea.coauthor_left", solver_two.key),
        ("idea.coauthor_left", stranger.key),
    ]
    assert CreditSplit.objects.filter(dropped_at__isnull=True).count() == 0
    assert (solver_two.email, f"You do not write “{draft.title}” any more") in told("coauthor_news")


def test_shares_count_once_all_have_agreed_and_are_stated_with_the_version(draft, solver, solver_two):
    together(draft, solver_two)
    equal = shared(draft)
    first = propose(draft, {solver: 70, solver_two: 30})
    same = propose(draft, {solver: 70, solver_two: 30})
    services.answer_shares(split_id=first.pk, actor=solver_two, agrees=False, at=AT)
    second = propose(draft, {solver: 60, solver_two: 40})
    third = propose(draft, {solver: 55, solver_two: 45})
    for _again in range(2):
        agreed = services.answer_shares(split_id=third.pk, actor=solver_two, agrees=True, at=LATER)
    too_late = code(services.answer_shares, split_id=second.pk, actor=solver_two, agrees=True, at=LATER)
    services.submit_idea(idea_id=draft.pk, actor=solver, at=LATER)
    in_force = propose(draft, {solver: 55, solver_two: 45})
    shares = [{"person": solver.key, "per_cent": 55}, {"person": solver_two.key, "per_cent": 45}]

    assert (equal, same, in_force) == (([(solver, 50), (solver_two, 50)], False), first, agreed)
    assert (too_late, shared(draft)) == ("ideas.shares_not_asked", ([(solver, 55), (solver_two, 45)], True))
    (settled, handed_in) = crossings(draft, "idea.shares_agreed", "idea.submitted")
    assert settled[3] == {"version": 0, "shares": shares, "shares_agreed": True}
    assert (handed_in[3]["shares"], handed_in[3]["shares_agreed"]) == (shares, True)
    assert [to for to, _subject in told("shares_asked")] == [solver_two.email] * 3
    assert [subject.split(" “")[0] for _to, subject in told("coauthor_news")] == [
        "Sina Solver writes",
        "Sina Solver does not agree to the shares of",
        "Everybody agreed to the shares of",
        "Everybody agreed to the shares of",
    ]
    assert set(Notice.objects.filter(kind="coauthor_news").values_list("variant", flat=True)) == {
        "joined",
        "refused",
        "agreed",
    }


def test_shares_of_a_version_are_those_agreed_when_it_was_handed_in(draft, solver, solver_two, make_attachment):
    together(draft, solver_two)
    old = make_attachment(draft, name="old.txt")
    services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    split = propose(draft, {solver: 70, solver_two: 30}, at=AT + timedelta(minutes=1))
    services.answer_shares(split_id=split.pk, actor=solver_two, agrees=True, at=AT + timedelta(minutes=2))
    seen = Idea.objects.get(pk=draft.pk).saved_at
    services.save_draft(idea_id=draft.pk, actor=solver_two, at=LATER, seen=seen, title="Changed", asked_days=3)
    services.remove_file(attachment_id=old.pk, actor=solver, at=LATER)
    services.submit_idea(idea_id=draft.pk, actor=solver_two, at=LATER)
    page = queries.history_page(solver, draft.key, LATER, before=0, after=0)

    assert [(row.version.number, row.by, [share.per_cent for share in row.shares]) for row in page.rows] == [
        (2, solver_two, [70, 30]),
        (1, solver, []),
    ]
    assert [(field.label, field.after) for field in page.fields if field.is_changed] == [
        ("Title", "Changed"),
        ("Person-days needed from us", "3"),
    ]
    assert (page.files_removed, page.files_added, "Summary" in page.unchanged) == (["old.txt"], [], True)


def test_a_co_author_who_is_erased_keeps_their_share_and_nothing_that_names_them(draft, solver, solver_two):
    together(draft, solver_two)
    split = propose(draft, {solver: 70, solver_two: 30})
    services.answer_shares(split_id=split.pk, actor=solver_two, agrees=True, at=AT)
    services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    propose(draft, {solver: 10, solver_two: 90})
    mine = personal_data_of(solver_two)
    people.erase_person(person=solver_two, actor=solver_two, at=LATER, with_texts=True)
    draft.refresh_from_db()
    rows, is_agreed = shared(draft)
    lower = code(propose, idea=draft, per_cents={solver: 80, solver_two: 20})

    assert [(person.display_name, share) for person, share in rows] == [("Sam Solver", 70), ("Erased person", 30)]
    assert (is_agreed, lower, draft.body != "", CoauthorInvitation.objects.get().email) == (
        True,
        "ideas.shares_of_erased",
        True,
        "",
    )
    assert mine["ideas"][0]["credit"]["role"] == "co-author"
    assert (mine["ideas"][0]["credit"]["per_cent"], len(mine["coauthor_invitations"])) == (30, 1)
    together_mails = Mail.objects.filter(kind__in=["coauthor_invitation", "coauthor_news", "shares_asked"])
    assert set(together_mails.values_list("text", "html")) == {("", "")}
    bodies = Crossing.objects.filter(subject_key=draft.key).values_list("body", flat=True)
    assert [body for body in bodies if "sina" in body.lower()] == []


def test_a_draft_whose_author_is_erased_stays_with_those_who_write_it_too(draft, solver, solver_two, stranger):
    services.save_draft(idea_id=draft.pk, actor=solver, at=AT, affiliation="Solver Workshop", country="DE")
    together(draft, solver_two)
    open_one = ask(draft, stranger)
    services.save_draft(
        idea_id=draft.pk,
        actor=solver_two,
        at=AT,
        window="x",
        seen=AT - timedelta(days=1),
        affiliation="Campus",
        title="T",
    )
    people.erase_person(person=solver, actor=solver, at=LATER)
    left = Idea.objects.get(pk=draft.pk)
    open_one.refresh_from_db()
    handed_in = services.submit_idea(idea_id=draft.pk, actor=solver_two, at=LATER)
    alone = code(services.leave_entry, idea_id=draft.pk, actor=solver_two, at=LATER)
    withdrawn = services.withdraw_idea(idea_id=draft.pk, actor=solver_two, at=LATER)

    assert (left.affiliation, left.country, left.saved_by, open_one.is_open) == ("", "", None, False)
    assert KeptCopy.objects.get(idea=draft).content == {"title": "T"}
    assert (handed_in.status, alone, withdrawn.status) == ("submitted", "ideas.author_stays", "withdrawn")


def test_a_co_author_erased_before_handing_in_has_no_part_and_the_last_one_takes_all_away(draft, solver, solver_two):
    together(draft, solver_two)
    people.erase_person(person=solver_two, actor=solver_two, at=AT)
    after_first = (queries.contributors_of(draft), Idea.objects.filter(pk=draft.pk).exists())
    people.erase_person(person=solver, actor=solver, at=AT)

    assert (after_first, Idea.objects.filter(pk=draft.pk).exists(), Contributor.objects.exists()) == (
        ([solver], True),
        False,
        False,
    )


def test_what_waits_to_be_handed_in_loses_what_an_erased_author_said_about_themselves(draft, solver, solver_two):
    together(draft, solver_two)
    services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    services.save_draft(idea_id=draft.pk, actor=solver, at=AT, title="Next", affiliation="Sam’s own firm")
    people.erase_person(person=solver, actor=solver, at=LATER)

    assert Idea.objects.get(pk=draft.pk).pending == {"title": "Next"}


def test_merged_entries_keep_the_shares_of_each(make_challenge, make_idea, solver, solver_two, stranger, owner):
    challenge = make_challenge()
    lead = make_idea(challenge=challenge, author=stranger)
    other = make_idea(challenge=challenge, author=solver, submitted=False)
    together(other, solver_two)
    split = propose(other, {solver: 90, solver_two: 10})
    services.answer_shares(split_id=split.pk, actor=solver_two, agrees=True, at=AT)
    services.submit_idea(idea_id=other.pk, actor=solver, at=AT)
    reason = "Both hold the fruit with the same soft fingers."
    closed = challenge.closes_at
    services.merge_ideas(idea_id=other.pk, lead_id=lead.pk, actor=owner, reason=reason, at=closed)
    (merged,) = queries.merged_texts(Idea.objects.get(pk=lead.pk), with_names=True)

    assert [(row.person, row.per_cent) for row in merged.credit.rows] == [(solver, 90), (solver_two, 10)]
    assert queries.credited(lead) == [stranger, solver, solver_two]


def test_addresses_of_the_asked_go_once_it_is_settled_or_long_over(draft, solver_two, stranger):
    together(draft, solver_two)
    left_open = ask(draft, stranger)
    expired = left_open.expires_at
    found = [services.forget_old_invitations(at=expired + timedelta(days=days)) for days in (29, 30, 31)]

    assert (found, set(CoauthorInvitation.objects.values_list("email", flat=True))) == ([0, 1, 0], {""})


def test_a_link_to_somebody_who_writes_the_entry_already_changes_nothing(draft, solver_two, stranger):
    together(draft, solver_two)
    second = ask(draft, stranger)
    CoauthorInvitation.objects.filter(pk=second.pk).update(email=solver_two.email)
    services.join_entry(invitation_id=second.pk, actor=solver_two, accepted=[], at=LATER)

    assert (len(crossings(draft, "idea.coauthor_joined")), len(queries.contributors_of(draft))) == (1, 2)


def test_shares_with_nobody_left_to_ask_count_at_once(draft, solver, solver_two):
    together(draft, solver_two)
    services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    people.erase_person(person=solver_two, actor=solver_two, at=AT)
    split = propose(draft, {solver: 50, solver_two: 50}, at=LATER)

    assert (split.agreed_at, shared(draft)[1], told("shares_asked")) == (LATER, True, [])
