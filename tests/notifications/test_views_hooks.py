"""The pages of webhooks."""

from __future__ import annotations

import pytest

from permea.foundation import outbox
from permea.notifications import rules, services
from permea.notifications.models import Hook
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db
PATH, NEW = "/settings/hooks/", "/settings/hooks/new/"


def texts(answer) -> str:
    return answer.content.decode()


def form(**said):
    return {"label": "Chat", "address": "https://x.example/y", "format": "slack", "events": ["question.asked"], **said}


def test_without_webhooks_the_page_says_what_they_are_for(client_of, organisation, owner):
    page = client_of(owner).get(PATH)
    assert_page_ok(page)
    assert "No webhook yet" in texts(page)


def test_the_secret_is_shown_once(client_of, organisation, owner):
    client = client_of(owner)
    assert_page_ok(client.get(NEW))
    made = client.post(NEW, form())
    assert_page_ok(made)
    hook = Hook.objects.get()
    shown = [hook.secret in texts(page) for page in (made, client.get(f"{PATH}{hook.key}/"), client.get(PATH))]
    assert (shown, hook.events, hook.organisation) == ([True, False, False], ["question.asked"], organisation)


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"events": []}, 422, "needs another look"),
        ({"label": ""}, 422, "needs another look"),
        ({"address": "http://x.example/"}, 409, "The address must begin with https://."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client_of, organisation, owner, said, status, words):
    page = client_of(owner).post(NEW, form(**said))
    assert (page.status_code, words in texts(page), "question.asked" in texts(page)) == (status, True, True)
    assert Hook.objects.count() == 0


def test_a_test_message_shows_the_answer(client_of, owner, receiver, make_hook):
    hook, client = make_hook(receiver.address), client_of(owner)
    receiver.answers = [(200, b"<b>got it</b>"), (500, b"broken")]
    pages = [texts(client.post(f"{PATH}{hook.key}/test/", follow=True)) for _turn in range(2)]
    assert "The message was taken. The answer: 200 &lt;b&gt;got it&lt;/b&gt;" in pages[0]
    assert "It answered with an error. The answer: 500 broken" in pages[1]


def test_a_message_is_sent_again_by_a_button(client_of, organisation, owner, receiver, make_hook, at):
    hook, client = make_hook(receiver.address), client_of(owner)
    news = rules.News("question.asked", "abc", "Grip", ("challenges:public", "abc"))
    (delivery,) = services.announce(organisation=organisation, news=news, at=at)
    outbox.drain(at=at)
    page = client.post(f"{PATH}{hook.key}/deliveries/{delivery.key}/replay/", follow=True)
    assert_page_ok(page)
    assert ("The message is sent again, with the same id." in texts(page), "waits" in texts(page)) == (True, True)
    client.post(f"{PATH}{hook.key}/pause/")
    page = client.post(f"{PATH}{hook.key}/deliveries/{delivery.key}/replay/", follow=True)
    assert "This webhook is paused. Resume it first." in texts(page)


def test_pausing_resuming_and_ending(client_of, owner, make_hook):
    hook, client = make_hook(), client_of(owner)
    said = []
    for change in ("pause", "resume", "end", "resume", "test"):
        page = client.post(f"{PATH}{hook.key}/{change}/", follow=True)
        assert_page_ok(page)
        said.append(texts(page))
    assert [
        "The webhook is paused." in said[0],
        "The webhook works again." in said[1],
        "The webhook has ended." in said[2],
        "This webhook has ended." in said[3],
        "This webhook has ended." in said[4],
    ] == [True] * 5
    assert_page_ok(client.get(PATH))


@pytest.mark.parametrize("state", [{"is_paused_by_failures": True}, {}])
def test_a_paused_hook_says_why(client_of, owner, make_hook, at, state):
    hook = make_hook()
    Hook.objects.filter(pk=hook.pk).update(paused_at=at, **state)
    page, rows = (client_of(owner).get(path) for path in (f"{PATH}{hook.key}/", PATH))
    assert_page_ok(page)
    assert ("too many tries" in texts(page), "after failures" in texts(rows)) == (bool(state), bool(state))


def test_the_owner_of_another_firm_finds_nothing(client_of, other_owner, other_organisation, make_hook, at):
    hook, client = make_hook(), client_of(other_owner)
    sent = services.send_hook_test(hook_id=hook.pk, role="owner", at=at, look_up=lambda *_: ["127.0.0.1"])
    paths = [f"{PATH}{hook.key}/{more}/" for more in ("test", "pause", "end", f"deliveries/{sent.key}/replay")]
    answers = [client.get(f"{PATH}{hook.key}/").status_code, *(client.post(path).status_code for path in paths)]
    assert (answers, hook.label in texts(client.get(PATH))) == ([404] * 5, False)


@pytest.mark.parametrize("who", ["manager", "evaluator", "member", "solver"])
def test_only_owners_come_here(client_of, make_hook, request, who):
    hook, client = make_hook(), client_of(request.getfixturevalue(who))
    answers = [client.get(path).status_code for path in (PATH, NEW, f"{PATH}{hook.key}/")]
    assert [*answers, client.post(NEW, form()).status_code] == [404] * 4


def test_a_webhook_is_changed_and_gets_a_new_secret_shown_once(client_of, owner, make_hook):
    hook, client = make_hook(), client_of(owner)
    edit = f"{PATH}{hook.key}/edit/"
    is_filled_in = f'value="{hook.address}"' in texts(client.get(edit))
    wrong = [client.post(edit, form(**said)).status_code for said in ({"label": ""}, {"address": "http://x.example/"})]
    saved, old = client.post(edit, form(label="Press room")), hook.secret
    made = client.post(f"{PATH}{hook.key}/secret/")
    hook.refresh_from_db()
    page = texts(client.get(f"{PATH}{hook.key}/"))
    client.post(f"{PATH}{hook.key}/secret/", {"ends_now": "on"})

    assert (is_filled_in, wrong, saved.url) == (
        True,
        [422, 409],
        f"{PATH}{hook.key}/",
    )
    assert (hook.label, hook.secret in texts(made), hook.secret in page, old in texts(made)) == (
        "Press room",
        True,
        False,
        False,
    )
    assert ("The old secret still signs until" in page, Hook.objects.get().old_secret) == (True, "")


def test_an_ended_webhook_is_not_changed_and_nobody_elses_is_found(client_of, owner, make_hook, other_organisation, at):
    hook, theirs, client = make_hook(), make_hook(house=other_organisation), client_of(owner)
    services.end_hook(hook_id=hook.pk, role="owner", at=at)
    answers = [
        client.post(f"{PATH}{hook.key}/edit/", form()).status_code,
        client.get(f"{PATH}{theirs.key}/edit/").status_code,
    ]
    refused = texts(client.post(f"{PATH}{hook.key}/secret/", follow=True))

    assert (answers, "This webhook has ended." in refused) == ([409, 404], True)
