"""An entry of two people: both get the answer, both are credited, neither is named to judges, one speaks for both."""

import json

import pytest

from permea.foundation.refusals import RefusedError
from permea.ideas.models import BuildsOn, Contributor, CreditShare, CreditSplit
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people import services as people
from permea.people.queries import personal_data_of
from permea.selection import queries, services
from permea.selection.models import Award
from tests.cast import AT


@pytest.fixture
def told(selected, decide_all, solver, solver_two):
    """Return the challenge once all answers are out; the best entry, an awarded one, is Sam's and Sina's, 70 to 30."""
    best = selected.entries[4]
    author = best.author
    Contributor.objects.create(idea=best, person=solver_two, since=AT)
    split = CreditSplit.objects.create(idea=best, proposed_by=author, proposed_at=AT, agreed_at=AT, version=1)
    for person, share in ((author, 70), (solver_two, 30)):
        CreditShare.objects.create(split=split, person=person, per_cent=share, agreed_at=AT)
    decide_all()
    services.release_answers(**selected.told)
    return selected


def test_everybody_with_a_part_gets_the_answer_and_finds_it_among_their_credits(told, solver, solver_two):
    best = told.entries[4]
    crossing = Crossing.objects.get(kind="answer.sent", subject_key=best.key)
    (mine,) = queries.my_credits(solver_two, page=1, at=AT)
    (other,) = queries.my_credits(solver, page=1, at=AT)
    data = personal_data_of(solver_two)["credits"]

    assert set(Mail.objects.filter(kind="answer", about=best.key).values_list("to", flat=True)) == {
        best.author.email,
        solver_two.email,
    }
    assert json.loads(crossing.body)["facts"]["also_told"] == [solver_two.key]
    assert (mine.title, mine.outcome, mine.part.per_cent, mine.part.is_author, mine.is_agreed) == (
        best.title,
        "chosen",
        30,
        False,
        True,
    )
    assert (mine.award is not None, other.outcome, other.part.per_cent, other.award) == (True, "declined", 100, None)
    assert [(row["role"], row["per_cent"], row["outcome"]) for row in data] == [("co-author", 30, "chosen")]


def test_whoever_wrote_what_a_chosen_entry_builds_on_is_told_and_credited(
    selected, decide_all, make_challenge, make_idea, solver, solver_two, client_of
):
    best, refused = selected.entries[4], selected.entries[0]
    earlier = make_idea(challenge=make_challenge(closed=True), author=solver_two, title="Tap it")
    Contributor.objects.create(idea=earlier, person=best.author, since=AT)
    for later in (best, refused):
        BuildsOn.objects.create(idea=later, earlier=earlier, said_by=later.author, said_at=AT)
    decide_all()
    services.release_answers(**selected.told)
    (mine,) = queries.my_credits(solver_two, page=1, at=AT)
    page = client_of(solver_two).get("/my/credits/").text

    assert [mail.to for mail in Mail.objects.filter(kind="built_on")] == [solver_two.email]
    assert (mine.n_built_on, mine.n_built_on_chosen) == (2, 1)
    assert "2 entries build on it, 1 of them chosen" in page


def test_managers_see_the_shares_with_the_award_and_the_dossier_has_them_without_names(told, solver_two, client_of):
    best = told.entries[4]
    _challenge, awards = queries.awards_for(told.owner, told.challenge.key)
    award = next(award for award in awards if award.decision.idea_id == best.pk)
    credit = queries.credits_of(awards)[award.key]
    parts = queries.dossier_parts(told.owner, told.challenge.key, at=AT)[1]
    entry = next(row for row in parts["entries"] if row["key"] == best.key)
    page = client_of(told.owner).get(f"/challenges/{told.challenge.key}/awards/").content.decode()

    assert ([row.per_cent for row in credit.own.rows], credit.others) == ([70, 30], [])
    assert (entry["credit"], entry["credit_agreed"], solver_two.name in json.dumps(parts, default=str)) == (
        [70, 30],
        True,
        False,
    )
    assert f"{solver_two.name} (30\N{NO-BREAK SPACE}%)" in page


def test_the_author_accepts_the_rights_and_once_they_are_erased_a_co_author(told, solver_two, client_of):
    best = told.entries[4]
    award = Award.objects.get(decision__idea=best)
    page = client_of(solver_two).get(f"/my/ideas/{best.key}/").content.decode()
    with pytest.raises(RefusedError) as refused:
        services.accept_rights(award_id=award.pk, actor=solver_two, at=AT)
    people.erase_person(person=best.author, actor=best.author, at=AT)
    accepted = services.accept_rights(award_id=award.pk, actor=solver_two, at=AT)

    assert ("The author accepts the rights text" in page, "take the prize" in page) == (True, False)
    assert (refused.value.refusal.code, accepted.rights_accepted_by) == ("selection.not_author", solver_two)


def test_the_page_of_credits_says_what_became_of_each_entry(told, solver_two, stranger, client_of):
    page = client_of(solver_two).get("/my/credits/").content.decode()
    empty = client_of(stranger).get("/my/credits/").content.decode()

    assert (told.entries[4].title in page, "Chosen" in page, "Co-author" in page, "agreed by all" in page) == (
        (True,) * 4
    )
    assert "Nothing handed in yet" in empty


def test_an_entry_that_waits_or_lost_its_text_has_no_outcome_and_no_title(make_idea, solver):
    idea = make_idea(author=solver, title="Soft gripper")
    (waiting,) = queries.my_credits(solver, page=1, at=AT)
    type(idea).objects.filter(pk=idea.pk).update(text_removed_at=AT)
    (removed,) = queries.my_credits(solver, page=1, at=AT)

    assert (waiting.title, waiting.outcome, removed.title) == ("Soft gripper", "waiting", idea.key)
