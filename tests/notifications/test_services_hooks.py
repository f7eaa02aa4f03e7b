"""Webhooks from what happens to what arrives: written in the same transaction, signed, tried again, sent again."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.db import transaction

from permea.challenges import services as challenges
from permea.dialogue import services as dialogue
from permea.foundation import outbox
from permea.foundation.events import publish
from permea.foundation.models import OutboxEntry
from permea.foundation.refusals import RefusedError
from permea.notifications import rules, services
from permea.notifications.models import Hook, HookDelivery, Mail
from permea.people import services as people
from permea.selection.events import RightsAccepted, SelectionSettled
from permea.selection.models import Award, Decision

pytestmark = [pytest.mark.django_db, pytest.mark.services]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def hook(receiver, make_hook):
    """Return a webhook that leads to the running receiver."""
    return make_hook(receiver.address + "/in")


@pytest.fixture
def announce(organisation, at):
    """Return a function that lets something happen."""

    def announce(event: str = "challenge.closed", title: str = "Grip") -> HookDelivery:
        news = rules.News(event, "abc", title, ("challenges:public", "abc"), number=3)
        (made,) = services.announce(organisation=organisation, news=news, at=at)
        return made

    return announce


def told(hook: Hook) -> list[str]:
    return list(hook.deliveries.order_by("pk").values_list("event", flat=True))


def run(at) -> None:
    outbox.drain(at=at)


def test_what_happens_is_written_down_sent_and_signed(hook, receiver, announce, at):
    delivery = announce()
    assert (delivery.is_open, receiver.messages) == (True, [])
    run(at + MINUTE)
    (message,) = receiver.messages
    stamp = int((at + MINUTE).timestamp())
    digest = hmac.new(hook.secret.encode(), f"{stamp}.{message.body}".encode(), hashlib.sha256).hexdigest()
    assert (message.headers["Permea-Signature"], message.headers["Permea-Delivery"], message.path) == (
        f"t={stamp},v1={digest}",
        delivery.key,
        "/in",
    )
    delivery.refresh_from_db()
    assert (delivery.delivered_at, delivery.n_attempts, delivery.last_status, delivery.last_answer) == (
        at + MINUTE,
        1,
        200,
        "thanks",
    )
    assert json.loads(message.body)["id"] == delivery.key


def test_what_is_taken_back_is_not_told(hook, announce, receiver, at):
    with transaction.atomic():
        announce()
        transaction.set_rollback(True)
    run(at)
    assert (HookDelivery.objects.count(), receiver.messages) == (0, [])


def test_only_hooks_that_want_to_know_hear_of_it(make_hook, other_organisation, announce, organisation, at):
    wants = make_hook(events=["challenge.closed"])
    make_hook(events=["question.asked"])
    make_hook(house=other_organisation)
    services.end_hook(hook_id=make_hook().pk, role="owner", at=at)
    announce()
    assert list(HookDelivery.objects.values_list("hook", flat=True)) == [wants.pk]


def test_messages_are_in_the_language_of_the_house(make_hook, other_organisation, at):
    hook = make_hook(house=other_organisation, format="slack")
    news = rules.News("challenge.closed", "abc", "Griff", ("challenges:public", "abc"), number=1)
    services.announce(organisation=other_organisation, news=news, at=at)
    assert "geschlossen" in hook.deliveries.get().body


def test_what_is_not_taken_is_tried_again_with_growing_pauses_and_then_given_up(hook, receiver, announce, at):
    receiver.answers = [(500, b"later")] * 9
    delivery, when, waits = announce(), at, []
    for _turn in range(9):
        run(when)
        delivery.refresh_from_db()
        if delivery.next_try_at is None:
            break
        run(delivery.next_try_at - timedelta(seconds=1))
        waits.append(delivery.next_try_at - when)
        when = delivery.next_try_at
    assert (tuple(waits), len(receiver.messages), delivery.n_attempts) == (rules.PAUSES, 9, 9)
    assert (delivery.given_up_at, delivery.last_problem, delivery.last_status, delivery.last_answer) == (
        when,
        "status",
        500,
        "later",
    )
    assert {message.headers["Permea-Delivery"] for message in receiver.messages} == {delivery.key}
    run(when + DAY)
    assert len(receiver.messages) == 9


def test_a_try_that_the_worker_makes_twice_is_made_once(hook, receiver, announce, at):
    delivery = announce()
    for _turn in range(2):
        services.deliver(delivery_id=delivery.pk, replay=0, attempt=0, at=at)
    assert len(receiver.messages) == 1


def test_of_two_workers_at_the_same_try_one_notes_it(hook, receiver, announce, at):
    delivery = announce()

    def meanwhile(host: str, port: int) -> list[str]:
        services.deliver(delivery_id=delivery.pk, replay=0, attempt=0, at=at)
        return [host]

    services.deliver(delivery_id=delivery.pk, replay=0, attempt=0, at=at, look_up=meanwhile)
    delivery.refresh_from_db()
    ids = {message.headers["Permea-Delivery"] for message in receiver.messages}
    assert (len(receiver.messages), ids, delivery.n_attempts) == (2, {delivery.key}, 1)


def test_a_redirect_is_not_followed(hook, receiver, announce, at):
    receiver.answers = [(307, b"")]
    delivery = announce()
    run(at)
    delivery.refresh_from_db()
    assert (delivery.last_problem, [message.path for message in receiver.messages]) == ("redirect", ["/in"])


def test_without_the_setting_nothing_on_this_machine_is_told(hook, receiver, announce, settings, at):
    settings.HOOKS_PRIVATE = False
    delivery = announce()
    run(at)
    delivery.refresh_from_db()
    assert (delivery.last_problem, delivery.is_open, receiver.messages) == ("address", True, [])


def test_a_name_that_leads_inside_is_not_followed_there(make_hook, receiver, announce, settings, at):
    settings.HOOKS_PRIVATE = False
    make_hook(f"https://hooks.example:{receiver.port}/")
    delivery = announce()
    services.deliver(delivery_id=delivery.pk, replay=0, attempt=0, at=at, look_up=lambda *_: ["127.0.0.1"])
    delivery.refresh_from_db()
    assert (delivery.last_problem, receiver.messages) == ("address", [])


def test_sending_again_keeps_the_id_and_signs_anew(hook, receiver, announce, at):
    delivery = announce()
    run(at)
    services.replay(delivery_id=delivery.pk, role="owner", at=at + DAY)
    run(at + DAY)
    first, second = (message.headers for message in receiver.messages)
    assert first["Permea-Delivery"] == second["Permea-Delivery"] == delivery.key
    assert (first["Permea-Signature"] != second["Permea-Signature"], receiver.messages[1].body) == (
        True,
        receiver.messages[0].body,
    )
    delivery.refresh_from_db()
    assert (delivery.n_replays, delivery.delivered_at) == (1, at + DAY)


def test_sending_again_takes_the_place_of_the_try_that_waited(hook, receiver, announce, at):
    receiver.answers = [(500, b"")]
    delivery = announce()
    run(at)
    services.replay(delivery_id=delivery.pk, role="owner", at=at)
    run(at)
    run(at + DAY)
    assert len(receiver.messages) == 2


def test_a_paused_hook_waits_and_gets_it_all_when_it_is_resumed(hook, receiver, announce, at):
    before = announce(title="Before")
    services.pause_hook(hook_id=hook.pk, role="owner", at=at)
    announce(title="Meanwhile")
    run(at)
    with pytest.raises(RefusedError) as refused:
        services.replay(delivery_id=before.pk, role="owner", at=at)
    assert (receiver.messages, refused.value.refusal.code) == ([], "notifications.hook_paused")
    for _turn in range(2):
        services.resume_hook(hook_id=hook.pk, role="owner", at=at + DAY)
    run(at + DAY)
    titles = [json.loads(message.body)["about"]["title"] for message in receiver.messages]
    assert (titles, OutboxEntry.objects.filter(kind="hook.deliver", done_at=None).count()) == (
        ["Before", "Meanwhile"],
        0,
    )


def test_failing_again_and_again_pauses_a_hook_and_tells_its_owners(hook, receiver, announce, owner, manager, at):
    receiver.answers = [(500, b"")] * 25
    for _turn in range(21):
        announce()
    run(at)
    hook.refresh_from_db()
    assert (hook.is_paused_by_failures, hook.paused_at, hook.n_failures, len(receiver.messages)) == (True, at, 20, 20)
    (mail,) = Mail.objects.filter(kind="hook_paused")
    assert (mail.to, "20 tries in a row" in mail.text, "It answered with an error." in mail.text) == (
        owner.email,
        True,
        True,
    )
    receiver.answers = []
    services.resume_hook(hook_id=hook.pk, role="owner", at=at + DAY)
    run(at + DAY)
    hook.refresh_from_db()
    assert (hook.is_paused_by_failures, hook.n_failures, hook.deliveries.exclude(delivered_at=None).count()) == (
        False,
        0,
        21,
    )


def test_a_failure_that_comes_in_after_the_pause_tells_nobody_again(hook, receiver, announce, at):
    delivery = announce()
    Hook.objects.filter(pk=hook.pk).update(n_failures=30)
    receiver.answers = [(500, b"")]

    def meanwhile(host: str, port: int) -> list[str]:
        services.pause_hook(hook_id=hook.pk, role="owner", at=at)
        return [host]

    services.deliver(delivery_id=delivery.pk, replay=0, attempt=0, at=at, look_up=meanwhile)
    hook.refresh_from_db()
    assert (hook.n_failures, hook.is_paused_by_failures, Mail.objects.filter(kind="hook_paused").count()) == (
        31,
        False,
        0,
    )


def test_one_that_is_taken_ends_the_row_of_failures(hook, receiver, announce, at):
    receiver.answers = [(500, b""), (500, b"")]
    for _turn in range(3):
        announce()
    run(at)
    hook.refresh_from_db()
    assert hook.n_failures == 0


def test_an_ended_hook_gets_nothing_more_and_loses_its_secret(hook, receiver, announce, at):
    delivery = announce()
    services.end_hook(hook_id=hook.pk, role="owner", at=at)
    run(at)
    hook.refresh_from_db()
    delivery.refresh_from_db()
    assert (receiver.messages, hook.secret, delivery.given_up_at) == ([], "", at)
    for change in (services.end_hook, services.pause_hook, services.resume_hook, services.send_hook_test):
        with pytest.raises(RefusedError) as refused:
            change(hook_id=hook.pk, role="owner", at=at)
        assert refused.value.refusal.code == "notifications.hook_ended"


def test_only_owners_change_hooks(hook, announce, at):
    delivery = announce()
    for change in (services.end_hook, services.pause_hook, services.resume_hook, services.send_hook_test):
        with pytest.raises(RefusedError) as refused:
            change(hook_id=hook.pk, role="manager", at=at)
        assert refused.value.refusal.code == "people.not_owner"
    with pytest.raises(RefusedError):
        services.replay(delivery_id=delivery.pk, role="manager", at=at)


def test_a_hook_keeps_its_own_secret_and_its_events_in_order(make_hook):
    one, two = make_hook(events=["question.asked", "challenge.closed"]), make_hook()
    assert (one.events, one.secret != two.secret, len(one.secret) > 40) == (
        ["challenge.closed", "question.asked"],
        True,
        True,
    )


def test_there_are_at_most_twenty_living_hooks(make_hook, at):
    made = [make_hook() for _number in range(rules.MOST_HOOKS)]
    with pytest.raises(RefusedError) as refused:
        make_hook()
    services.end_hook(hook_id=made[0].pk, role="owner", at=at)
    make_hook()
    assert refused.value.refusal.code == "notifications.many_hooks"


def test_a_test_message_is_sent_while_one_waits_paused_or_not(hook, receiver, at):
    services.pause_hook(hook_id=hook.pk, role="owner", at=at)
    sent = services.send_hook_test(hook_id=hook.pk, role="owner", at=at)
    assert (sent.delivered_at, sent.last_answer, receiver.messages[0].headers["Permea-Event"]) == (at, "thanks", "test")
    receiver.answers = [(403, b"who are you?")]
    failed = services.send_hook_test(hook_id=hook.pk, role="owner", at=at)
    failed.refresh_from_db()
    assert (failed.given_up_at, failed.last_status, failed.last_answer) == (at, 403, "who are you?")
    run(at + DAY)
    assert len(receiver.messages) == 2


def test_a_challenge_is_told_from_publishing_to_the_answers(
    make_hook, make_challenge, make_idea, make_posting, owner, solver, at
):
    hook = make_hook()
    challenge = make_challenge(title="Soft fruit picker")
    idea = make_idea(challenge=challenge, author=solver, title="Secret grip", summary="Hidden", body="Hush")
    dialogue.ask_question(
        challenge_id=challenge.pk, actor=solver, text="How wet may the fruit be?", language="en", at=at
    )
    challenges.extend(
        challenge_id=challenge.pk, closes_at=challenge.closes_at + DAY, reason="Late harvest", actor=owner, at=at
    )
    make_posting(text="The belt stops.")
    challenge.refresh_from_db()
    challenges.tell_entries_closed(challenge_id=challenge.pk, at=challenge.closes_at)
    with transaction.atomic():
        publish(SelectionSettled(challenge_id=challenge.pk, selection_id=1, at=at))
    decision = Decision.objects.create(
        challenge=challenge,
        idea=idea,
        outcome="award",
        reason="best_fit",
        words="Yes.",
        decided_by=owner,
        decided_at=at,
    )
    award = Award.objects.create(decision=decision, prize_amount=5000, currency="EUR", rights_accepted_at=at)
    with transaction.atomic():
        publish(RightsAccepted(challenge_id=challenge.pk, award_id=award.pk, at=at))
    challenges.mark_decided(challenge_id=challenge.pk, actor=owner, at=challenge.closes_at + DAY)
    assert told(hook) == [
        "challenge.published",
        "entry.received",
        "question.asked",
        "challenge.timetable_changed",
        "posting.received",
        "challenge.closed",
        "selection.settled",
        "award.rights_accepted",
        "challenge.decided",
    ]
    bodies = {delivery.event: json.loads(delivery.body) for delivery in hook.deliveries.all()}
    assert bodies["entry.received"]["about"] == {"key": challenge.key, "title": "Soft fruit picker", "entries": 1}
    assert bodies["challenge.timetable_changed"]["about"]["closes_at"] == challenge.closes_at.isoformat()
    assert bodies["posting.received"]["about"]["title"] == "What slows you down?"


@pytest.mark.parametrize("shape", ["plain", "slack", "teams", "matrix"])
def test_nothing_of_an_entry_a_question_a_posting_or_a_person_is_ever_sent(
    make_hook, make_challenge, make_idea, make_posting, solver, at, shape
):
    hook, challenge = make_hook(format=shape), make_challenge(title="Picker")
    idea = make_idea(challenge=challenge, author=solver, title="Secret grip", summary="Hidden", body="Hush")
    dialogue.ask_question(
        challenge_id=challenge.pk, actor=solver, text="How wet may the fruit be?", language="en", at=at
    )
    make_posting(text="The belt stops.", sender=solver)
    sent = "\n".join(hook.deliveries.values_list("body", flat=True))
    hidden = ("Secret grip", "Hidden", "Hush", "How wet", "belt", idea.key, "Sam", str(solver.email), solver.key)
    assert (hook.deliveries.count(), [words for words in hidden if words in sent]) == (4, [])


def test_erasing_a_person_leaves_hooks_alone_for_they_name_nobody(hook, make_idea, solver, at):
    make_idea(author=solver)
    before = list(hook.deliveries.values_list("body", "about"))
    people.erase_person(person=solver, actor=solver, at=at)
    assert (list(hook.deliveries.values_list("body", "about")), len(before)) == (before, 2)


def changed(**said) -> services.HookInput:
    return services.HookInput(
        **{"label": "New", "address": "https://new.example/x", "format": "plain", "events": [], **said}
    )


@pytest.mark.parametrize(
    ("said", "role", "code"),
    [
        ({"events": ["question.asked"], "address": "http://new.example/"}, "owner", None),
        ({"events": ["question.asked"], "address": "https://user@new.example/"}, "owner", "address_with_user"),
        ({"events": []}, "owner", "no_such_event"),
        ({"events": ["question.asked"], "format": "fax"}, "owner", "no_such_event"),
        ({"events": ["question.asked"]}, "manager", "people.not_owner"),
    ],
)
def test_a_changed_hook_is_held_to_what_new_ones_are(hook, settings, said, role, code, at):
    settings.HOOKS_PRIVATE = code is None
    if code is None:
        services.change_hook(hook_id=hook.pk, role=role, said=changed(**said), at=at)
    else:
        with pytest.raises(RefusedError) as refused:
            services.change_hook(hook_id=hook.pk, role=role, said=changed(**said), at=at)
        assert code in refused.value.refusal.code
    secret, label = hook.secret, hook.label
    hook.refresh_from_db()

    assert (hook.label, hook.secret) == ("New" if code is None else label, secret)


def test_what_waits_goes_to_the_new_address_but_in_another_format_no_more(hook, receiver, announce, at):
    Hook.objects.filter(pk=hook.pk).update(n_failures=7)
    said = {"events": ["question.asked"], "address": receiver.address + "/moved"}
    delivery = announce()
    services.change_hook(hook_id=hook.pk, role="owner", said=changed(**said), at=at)
    run(at)
    news = rules.News("question.asked", "abc", "Grip", ("challenges:public", "abc"))
    waiting = services.announce(organisation=hook.organisation, news=news, at=at)
    services.change_hook(hook_id=hook.pk, role="owner", said=changed(**said, format="slack"), at=at)
    run(at)
    delivery.refresh_from_db()
    waiting[0].refresh_from_db()
    hook.refresh_from_db()

    assert ([message.path for message in receiver.messages], delivery.delivered_at) == (["/moved"], at)
    assert (waiting[0].given_up_at, hook.n_failures, hook.changed_at, hook.deliveries.count()) == (at, 0, at, 2)


@pytest.mark.parametrize(("keeps_old", "n_signed"), [(True, [2, 1]), (False, [1, 1])])
def test_after_a_change_of_secrets_both_sign_for_a_day(hook, receiver, announce, at, keeps_old, n_signed):
    old = hook.secret
    new = services.rotate_secret(hook_id=hook.pk, role="owner", keeps_old=keeps_old, at=at).secret
    for when in (at, at + DAY):
        announce()
        run(when)
    services.forget_old_secrets(at=at + DAY)
    hook.refresh_from_db()
    signed = [message.headers["Permea-Signature"].split(",")[1:] for message in receiver.messages]
    text = f"{int(at.timestamp())}.{receiver.messages[0].body}".encode()
    expected = ["v1=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest() for secret in (new, old)]

    assert ([len(parts) for parts in signed], signed[0]) == (n_signed, expected[: n_signed[0]])
    assert (new != old, hook.old_secret, hook.old_secret_until) == (True, "", None)


def test_an_ended_hook_is_not_changed_and_keeps_no_secret(hook, at):
    services.rotate_secret(hook_id=hook.pk, role="owner", keeps_old=True, at=at)
    ended, codes = services.end_hook(hook_id=hook.pk, role="owner", at=at), []
    for change in (
        lambda: services.change_hook(hook_id=hook.pk, role="owner", said=changed(events=["question.asked"]), at=at),
        lambda: services.rotate_secret(hook_id=hook.pk, role="owner", keeps_old=True, at=at),
    ):
        with pytest.raises(RefusedError) as refused:
            change()
        codes.append(refused.value.refusal.code)

    assert (codes, ended.secret, ended.old_secret) == (["notifications.hook_ended"] * 2, "", "")
