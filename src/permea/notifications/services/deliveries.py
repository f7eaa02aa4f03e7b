"""Messages to webhooks: written with what caused them, sent by the worker, tried again, sent again on demand."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from permea.foundation import outgoing
from permea.foundation.ids import new_key
from permea.foundation.refusals import demand
from permea.notifications import rules
from permea.notifications.models import Hook, HookDelivery
from permea.notifications.services.hooks import queue
from permea.notifications.services.letters import link
from permea.notifications.services.mails import tell
from permea.people.models import Membership, Organisation
from permea.people.queries import members_of


@transaction.atomic
def announce(*, organisation: Organisation, news: rules.News, at: datetime) -> list[HookDelivery]:
    """Write what happened for every hook of the organisation that wants to know, and have it sent.

    For a paused hook it waits until the hook is resumed.
    """
    made = []
    for hook in Hook.objects.filter(organisation=organisation, ended_at__isnull=True).order_by("pk"):
        if news.event not in hook.events:
            continue
        delivery = _write(hook, organisation, news, at)
        queue(delivery, at=at)
        made.append(delivery)
    return made


def _write(hook: Hook, organisation: Organisation, news: rules.News, at: datetime) -> HookDelivery:
    """Write a message in the organisation's language."""
    key, (page, about) = new_key(), news.place
    with translation.override(organisation.language):
        body = rules.body_for(hook.format, news, key=key, organisation=organisation.name, link=link(page, about), at=at)
    return HookDelivery.objects.create(
        key=key, hook=hook, event=news.event, about=news.about, body=body, made_at=at, next_try_at=at
    )


def deliver(
    *, delivery_id: int, replay: int, attempt: int, at: datetime, look_up: outgoing.LookUp = outgoing.look_up
) -> None:
    """Make one try of a message, if it is still to be made, and note how it went."""
    delivery = HookDelivery.objects.select_related("hook").get(pk=delivery_id)
    if not rules.is_due(delivery, replay=replay, attempt=attempt):
        return
    outcome = _send(delivery, at, look_up)
    _note(delivery_id=delivery_id, replay=replay, attempt=attempt, outcome=outcome, at=at)


def _send(delivery: HookDelivery, at: datetime, look_up: outgoing.LookUp) -> outgoing.Outcome:
    """Send a message as it stands, signed for now."""
    return outgoing.post(
        delivery.hook.address,
        body=delivery.body.encode(),
        headers=rules.hook_headers(delivery, at=at),
        guard=outgoing.Guard(is_private_allowed=settings.HOOKS_PRIVATE),
        look_up=look_up,
    )


@transaction.atomic
def _note(*, delivery_id: int, replay: int, attempt: int, outcome: outgoing.Outcome, at: datetime) -> None:
    """Note how a try went, and have the next one made; a hook that fails again and again is paused."""
    found = HookDelivery.objects.get(pk=delivery_id)
    hook = Hook.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=found.hook_id)
    delivery = HookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if not delivery.is_open or (delivery.n_replays, delivery.n_attempts) != (replay, attempt):
        return
    _take_down(delivery, outcome, at)
    hook.n_failures = hook.n_failures + 1 if outcome.problem else 0
    is_too_much = hook.n_failures >= rules.MOST_FAILURES and hook.paused_at is None
    if is_too_much:
        hook.paused_at, hook.is_paused_by_failures = at, True
    hook.save(update_fields=["n_failures", "paused_at", "is_paused_by_failures"])
    if delivery.is_open:
        queue(delivery, at=at, due_at=delivery.next_try_at)
    if is_too_much:
        _tell_owners(hook, delivery, at)


def _take_down(delivery: HookDelivery, outcome: outgoing.Outcome, at: datetime) -> None:
    """Keep the answer, and whether and when to try again."""
    delivery.n_attempts += 1
    delivery.tried_at = at
    delivery.last_problem, delivery.last_status, delivery.last_answer = outcome.problem, outcome.status, outcome.said
    pause = rules.pause_after(delivery.n_attempts)
    delivery.next_try_at = at + pause if outcome.problem and pause else None
    delivery.delivered_at = None if outcome.problem else at
    delivery.given_up_at = at if outcome.problem and pause is None else None
    delivery.save()


def _tell_owners(hook: Hook, delivery: HookDelivery, at: datetime) -> None:
    """Tell the owners that a hook was paused."""
    for seat in members_of(hook.organisation).filter(role=Membership.Role.OWNER):
        tell(
            to=seat.person,
            kind="hook_paused",
            at=at,
            organisation=hook.organisation,
            about=hook.key,
            hook=hook,
            problem=rules.PROBLEMS[delivery.last_problem],
            n_failures=hook.n_failures,
        )


@transaction.atomic
def replay(*, delivery_id: int, role: str, at: datetime) -> HookDelivery:
    """Have a message sent again from the start: with the same id, signed anew, tried as often as a new one.

    Raises RefusedError as `rules.why_not_replay` says.
    """
    found = HookDelivery.objects.get(pk=delivery_id)
    hook = Hook.objects.select_for_update(of=("self",)).get(pk=found.hook_id)
    demand(rules.why_not_replay(hook, role))
    delivery = HookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    delivery.n_replays, delivery.n_attempts = delivery.n_replays + 1, 0
    delivery.next_try_at, delivery.delivered_at, delivery.given_up_at = at, None, None
    delivery.save()
    queue(delivery, at=at)
    return delivery


def send_hook_test(
    *, hook_id: int, role: str, at: datetime, look_up: outgoing.LookUp = outgoing.look_up
) -> HookDelivery:
    """Send a test message now, paused or not, and return how it went; it is not tried again by itself.

    Raises RefusedError as `rules.why_not_use` says.
    """
    hook = Hook.objects.select_related("organisation").get(pk=hook_id)
    demand(rules.why_not_use(hook, role))
    news = rules.News(rules.TEST, hook.key, hook.label, ("notifications:hook", hook.key))
    delivery = _write(hook, hook.organisation, news, at)
    outcome = _send(delivery, at, look_up)
    _take_down(delivery, outcome, at)
    if delivery.is_open:
        delivery.next_try_at, delivery.given_up_at = None, at
        delivery.save(update_fields=["next_try_at", "given_up_at"])
    return delivery
