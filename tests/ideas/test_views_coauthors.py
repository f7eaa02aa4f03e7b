"""The pages of writing together: inviting, joining, sharing the credit, comparing versions; what others see of it."""

import re

import pytest
from django.test import Client

from permea.ideas import services
from permea.ideas.models import CoauthorInvitation, CreditSplit, Idea
from permea.notifications.models import Mail
from tests.cast import AT


def text(response):
    return response.content.decode()


def link_of(person):
    """Return the path of the last link mailed to a person."""
    mail = Mail.objects.filter(kind="coauthor_invitation", to=person.email).latest("pk")
    return re.search(r"/coauthor/[^/\s]+/", mail.text).group()


@pytest.fixture
def draft(make_idea, solver, clock):
    """Return a draft of Sam's in an open challenge."""
    del clock
    return make_idea(author=solver, submitted=False, title="Soft gripper", body="It holds strawberries gently.")


@pytest.fixture
def sam(client_of, solver):
    """Return Sam's browser."""
    return client_of(solver)


@pytest.fixture
def sina(client_of, solver_two):
    """Return Sina's browser."""
    return client_of(solver_two)


@pytest.fixture
def shared_draft(draft, sam, sina, solver_two):
    """Return the draft once Sina writes it too, by the pages."""
    sam.post(f"/my/ideas/{draft.key}/coauthors/invite/", {"email": solver_two.email})
    texts = (draft.challenge.participation_terms, draft.challenge.ip_terms)
    answer = sina.post(link_of(solver_two), {terms.key: "on" for terms in texts})
    assert answer.headers["Location"] == f"/my/ideas/{draft.key}/edit/"
    return draft


def test_a_link_tells_who_asks_but_nothing_of_the_entry_and_asks_for_the_terms(draft, sam, sina, solver_two):
    sam.post(f"/my/ideas/{draft.key}/coauthors/invite/", {"email": solver_two.email})
    path = link_of(solver_two)
    unknown, signed_in = text(Client().get(path)), text(sina.get(path))
    unsigned = Client().post(path)
    without_tick = sina.post(path)

    assert [("Sam Solver" in page, draft.title in page) for page in (unknown, signed_in)] == [(True, False)] * 2
    assert (f"/account/login/?next={path}" in unsigned.headers["Location"], without_tick.status_code) == (True, 422)
    assert draft.challenge.ip_terms.title in signed_in
    assert text(sam.get(path)).count("This invitation was sent to another address") == 1


def test_a_link_can_be_declined_without_signing_in_and_then_opens_nothing(draft, sam, sina, solver_two):
    sam.post(f"/my/ideas/{draft.key}/coauthors/invite/", {"email": solver_two.email})
    path = link_of(solver_two)
    declined = text(Client().post(f"{path}decline/"))
    again, accepted = Client().post(f"{path}decline/"), sina.post(path)

    assert ("You declined." in declined, again.status_code, accepted.status_code) == (True, 200, 409)
    assert Client().get("/coauthor/no-such-link/").status_code == 404


def test_a_taken_back_link_opens_nothing_and_wrong_addresses_ask_nobody(draft, sam, sina, solver_two, solver):
    page = f"/my/ideas/{draft.key}/coauthors/"
    wrong = [sam.post(f"{page}invite/", {"email": email}).status_code for email in ("no address", solver.email)]
    sam.post(f"{page}invite/", {"email": solver_two.email})
    path, invitation = link_of(solver_two), CoauthorInvitation.objects.get()
    not_hers = sina.post(f"{page}take-back/{invitation.key}/").status_code
    sam.post(f"{page}take-back/{invitation.key}/")
    declined = Client().post(f"{path}decline/").status_code

    assert (wrong, not_hers, declined, sina.post(path).status_code) == ([422, 409], 404, 409, 409)


def test_addresses_of_the_asked_are_shown_to_the_author_alone(shared_draft, sam, sina, stranger, client_of):
    page = f"/my/ideas/{shared_draft.key}/coauthors/"
    sam.post(f"{page}invite/", {"email": "third@lab.example"})
    seen = [text(browser.get(page)) for browser in (sam, sina)]
    invitation = CoauthorInvitation.objects.get(email="third@lab.example")

    assert ["third@lab.example" in one for one in seen] == [True, False]
    assert "1 more person is asked" in seen[1]
    assert sina.post(f"{page}take-back/{invitation.key}/").status_code == 404
    assert client_of(stranger).get(page).status_code == 404


def test_two_people_share_the_credit_by_the_pages(shared_draft, sam, sina, solver, solver_two):
    page = f"/my/ideas/{shared_draft.key}/coauthors/"
    names = [f"share-{person.key}" for person in (solver, solver_two)]
    wrong = [sam.post(f"{page}shares/", dict(zip(names, shares, strict=True))) for shares in ((60, 60), (60, ""))]
    sam.post(f"{page}shares/", dict(zip(names, (60, 40), strict=True)))
    split = CreditSplit.objects.get()
    asked = [text(sina.get(path)) for path in (page, "/my/", f"/my/ideas/{shared_draft.key}/edit/")]
    sina.post(f"{page}shares/{split.key}/", {"answer": "agree"})
    late = sina.post(f"{page}shares/{split.key}/", {"answer": "refuse"})
    settled = text(sam.get(page))

    assert [answer.status_code for answer in wrong] == [409, 422]
    assert ["Do you agree" in one for one in asked] == [True, True, True]
    assert ("60\N{NO-BREAK SPACE}%" in settled, "All of them agreed" in settled, late.status_code) == (True, True, 409)


def test_a_refused_proposal_is_gone_and_people_go_by_the_pages(shared_draft, sam, sina, solver, solver_two):
    page = f"/my/ideas/{shared_draft.key}/coauthors/"
    sam.post(f"{page}shares/", {f"share-{solver.key}": 60, f"share-{solver_two.key}": 40})
    refused = sina.post(f"{page}shares/{CreditSplit.objects.get().key}/", {"answer": "refuse"}, follow=True)
    author_stays = [sam.post(f"{page}leave/").status_code, sam.post(f"{page}remove/{solver.key}/").status_code]
    sam.post(f"{page}remove/{solver_two.key}/")
    gone = [sina.get(page).status_code, sina.post(f"{page}leave/").status_code]

    assert ("the proposal is dropped" in text(refused), author_stays, gone) == (True, [409, 409], [404, 404])


def test_somebody_who_leaves_finds_the_entry_no_more(shared_draft, sina):
    left = sina.post(f"/my/ideas/{shared_draft.key}/coauthors/leave/", follow=True)

    assert ("You have left this entry." in text(left), shared_draft.title in text(left)) == (True, False)


def test_a_text_kept_apart_names_who_typed_it(shared_draft, sam, sina):
    edit = f"/my/ideas/{shared_draft.key}/edit/"
    seen = re.search(r'name="seen" value="([^"]+)"', text(sina.get(edit))).group(1)
    sam.post(edit, {"title": "Sam’s title", "window": "a", "seen": seen})
    sina.post(edit, {"title": "Sina’s title", "window": "b", "seen": seen})
    page = text(sam.get(edit))

    assert ("Typed by Sina Solver" in page, "Only those who write it" in page, "Sam’s title" in page) == (
        True,
        True,
        True,
    )


def test_versions_are_compared_by_who_may_read_them(
    shared_draft, sam, sina, solver, solver_two, owner, client_of, clock
):
    services.submit_idea(idea_id=shared_draft.pk, actor=solver, at=AT)
    seen = Idea.objects.get(pk=shared_draft.pk).saved_at
    services.save_draft(
        idea_id=shared_draft.pk, actor=solver_two, at=AT, seen=seen, body="It holds ripe strawberries gently."
    )
    services.submit_idea(idea_id=shared_draft.pk, actor=solver_two, at=AT)
    path, olga = f"/ideas/{shared_draft.key}/history/", client_of(owner)
    page = text(sina.get(path))
    sealed = olga.get(path).status_code
    wrong = [sina.get(f"{path}?{query}").status_code for query in ("after=7", "before=7", "before=x&after=0")]
    first = text(sina.get(f"{path}?after=1"))
    clock.at = shared_draft.challenge.closes_at
    opened = text(olga.get(path))
    detail = text(olga.get(f"/ideas/{shared_draft.key}/"))

    assert re.search(r"<ins><span[^>]*> put in: </span> ripe<", page)
    assert ("Handed in by Sina Solver" in page, "Unchanged: Title" in page, "first version" in first) == (
        True,
        True,
        True,
    )
    assert (sealed, wrong, "ripe" in opened) == (404, [404, 404, 200], True)
    assert ("Sina Solver" in detail, "50\N{NO-BREAK SPACE}%" in detail, "Equal parts" in detail) == (True, True, True)


def test_removed_text_is_shown_by_no_comparison(draft, sam, solver):
    services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    services.save_draft(idea_id=draft.pk, actor=solver, at=AT, body="Another text.")
    services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    services.withdraw_idea(idea_id=draft.pk, actor=solver, at=AT)
    services.remove_text(idea_id=draft.pk, actor=solver, at=AT)
    page = text(sam.get(f"/ideas/{draft.key}/history/"))

    assert ("strawberries" in page, "Another text" in page, "removed for good" in page) == (False, False, True)
