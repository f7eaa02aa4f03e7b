"""Texts of a challenge that only those read who agreed to keep them to themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from permea.agreements.models import Agreement
from permea.challenges import queries, rules, services
from permea.challenges.models import Challenge
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.people.services import issue_token
from permea.surface.testing import assert_page_ok
from tests.cast import AT

SECRET, TEST = "the pump of the new line", "five hundred hours at two bar"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Hold the time that pages read at the present of all tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def challenge(make_challenge):
    """Return a public challenge that keeps its problem and its test back."""
    return make_challenge(
        problem=f"It is {SECRET}.",
        acceptance_test=f"It runs {TEST}.",
        constraints="",
        room_fields=["problem", "acceptance_test", "constraints"],
    )


def agree(challenge, person, at=AT):
    return services.agree_to_confidentiality(challenge_key=challenge.key, person=person, at=at)


def viewed():
    return list(
        Crossing.objects.filter(kind="disclosure.viewed").order_by("number").values_list("counterparty_key", "depth")
    )


def test_what_is_kept_back_depends_on_where_one_stands():
    brief = Challenge(problem="a", acceptance_test="b", room_fields=["acceptance_test", "constraints", "problem"])
    found = {standing: rules.kept_back(brief, standing) for standing in ("public", "invited", "room", "inside")}
    assert found == {
        "public": ["problem", "acceptance_test"], "invited": ["problem", "acceptance_test"], "room": [], "inside": []
    }  # fmt: skip


def test_only_the_long_texts_can_be_kept_back(make_challenge, owner):
    draft = make_challenge(status="draft")
    with pytest.raises(RefusedError) as refused:
        services.save_brief(challenge_id=draft.pk, room_fields=["title"], actor=owner, at=AT)
    assert refused.value.refusal.code == "challenges.not_confidential"


def test_nothing_confidential_reaches_the_world_on_any_channel(client, client_of, challenge, stranger, make_challenge):
    addresses = [
        reverse("challenges:public", args=[challenge.key]),
        reverse("challenges:home"),
        reverse("challenges:feed"),
        reverse("challenges:deadline_calendar", args=[challenge.key]),
        reverse("api:list_challenges"),
        reverse("api:get_challenge", args=[challenge.key]),
    ]
    read = [visitor.get(address) for visitor in (client, client_of(stranger)) for address in addresses]
    assert {answer.status_code for answer in read} == {200}
    assert [text for answer in read for text in (SECRET, TEST) if text in answer.content.decode()] == []
    assert read[5].json()["confidential"] == ["problem", "acceptance_test"]
    assert client.get(reverse("api:get_confidential_texts", args=[challenge.key])).status_code == 401
    assert client_of(stranger).get(reverse("api:get_confidential_texts", args=[challenge.key])).status_code == 404
    assert reverse("challenges:confidential", args=[challenge.key]) in read[0].content.decode()
    assert viewed() == []


def test_a_click_opens_the_texts_and_every_reading_is_on_record_once_an_hour(
    client_of, challenge, solver, solver_two, monkeypatch
):
    page, form = (reverse(f"challenges:{name}", args=[challenge.key]) for name in ("public", "confidential"))
    reader = client_of(solver)
    assert_page_ok(reader.get(form))
    unticked, agreed = reader.post(form), reader.post(form, {"agree": "on"})
    first, second = reader.get(page).content.decode(), reader.get(page).content.decode()
    assert (unticked.status_code, agreed.headers["Location"]) == (422, page)
    assert [SECRET in first, TEST in first, first.count("keep it to yourself") >= 2] == [True, True, True]
    assert (SECRET in second, viewed()) == (True, [(solver.key, "room")])
    assert reader.get(form).headers["Location"] == page
    assert SECRET not in client_of(solver_two).get(page).content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(hours=2))
    _token, secret = issue_token(person=solver, label="reader", at=AT)
    answered = reader.get(
        reverse("api:get_confidential_texts", args=[challenge.key]), headers={"Authorization": f"Bearer {secret}"}
    ).json()
    assert (SECRET in answered["problem"], answered["why_now"]) == (True, "")
    assert viewed() == [(solver.key, "room")] * 2


def test_agreeing_twice_is_agreeing_once_and_it_ends_with_the_answers(challenge, solver):
    agreement = agree(challenge, solver)
    again = agree(challenge, solver, AT + DAY)
    standing = [queries.standing_of(solver, challenge, at) for at in (AT, challenge.answer_by)]
    assert (again, agreement.valid_until, standing) == (agreement, challenge.answer_by, ["room", "public"])
    services.note_confidential_reading(
        challenge_key=challenge.key, reader=solver, channel="page", at=challenge.answer_by
    )
    assert viewed() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [({"room_fields": []}, "challenges.nothing_confidential"), ({"status": "archived"}, "challenges.over")],
)
def test_there_is_nothing_to_agree_to_without_secrets_or_when_it_is_over(challenge, solver, change, code):
    Challenge.objects.filter(pk=challenge.pk).update(**change)
    with pytest.raises(RefusedError) as refused:
        agree(challenge, solver)
    assert (refused.value.refusal.code, Agreement.objects.count()) == (code, 0)


def test_people_inside_read_all_without_a_record(client_of, challenge, member, evaluator):
    page = reverse("challenges:public", args=[challenge.key])
    read = [client_of(person).get(page).content.decode() for person in (member, evaluator)]
    assert ([SECRET in text for text in read], viewed()) == ([True, True], [])


def test_who_agreed_is_listed_and_can_be_shut_out(client_of, challenge, owner, member, solver, other_owner):
    agreement = agree(challenge, solver)
    services.note_confidential_reading(challenge_key=challenge.key, reader=solver, channel="page", at=AT)
    listed = reverse("challenges:readers", args=[challenge.key])
    end = reverse("challenges:end_access", args=[challenge.key, agreement.key])
    assert [client_of(person).get(listed).status_code for person in (member, other_owner)] == [404, 404]
    page = client_of(owner).get(listed)
    assert_page_ok(page)
    assert solver.display_name in page.content.decode()
    assert (client_of(member).post(end).status_code, queries.standing_of(solver, challenge, AT)) == (404, "room")
    twice = [client_of(owner).post(end).status_code for _click in range(2)]
    rows = queries.confidential_readers(owner, challenge, AT)
    assert (twice, queries.standing_of(solver, challenge, AT)) == ([302, 302], "public")
    assert [(row.is_open, row.n_read) for row in rows] == [(False, 1)]
    assert Crossing.objects.filter(kind="agreement.ended").count() == 1
    with pytest.raises(Http404):
        services.end_confidential_access(challenge_id=challenge.pk, agreement_key="nothing", actor=owner, at=AT)


def test_the_preview_shows_both_sides(client_of, make_challenge, owner):
    draft = make_challenge(status="draft", problem=f"It is {SECRET}.", room_fields=["problem"])
    preview = reverse("challenges:preview", args=[draft.key])
    read = [client_of(owner).get(preview + query).content.decode() for query in ("", "?as=agreed")]
    assert [SECRET in text for text in read] == [False, True]
