"""Webhooks: made, changed, paused and ended by owners."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from permea.foundation import outbox
from permea.foundation.refusals import demand
from permea.notifications import rules
from permea.notifications.models import Hook, HookDelivery
from permea.people.models import Organisation

DELIVER = "hook.deliver"


@dataclass(frozen=True, slots=True)
class HookInput:
    """What an owner says about a hook."""

    label: str
    address: str
    format: str
    events: Collection[str]


@transaction.atomic
def make_hook(*, organisation: Organisation, role: str, said: HookInput, at: datetime) -> Hook:
    """Make a webhook; its secret is shown now and never again.

    Raises RefusedError as `rules.why_not_make` says.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    refusal = rules.why_not_make(
        role,
        n_hooks=Hook.objects.filter(organisation=organisation, ended_at__isnull=True).count(),
        address=said.address,
        shape=said.format,
        events=said.events,
        is_private_allowed=settings.HOOKS_PRIVATE,
    )
    demand(refusal)
    return Hook.objects.create(
        organisation=organisation,
        label=said.label,
        address=said.address,
        format=said.format,
        events=[event for event in rules.EVENTS if event in said.events],
        secret=_new_secret(),
        made_at=at,
    )


def _new_secret() -> str:
    """Return a secret nobody can guess."""
    return f"permea_{secrets.token_urlsafe(32)}"


@transaction.atomic
def change_hook(*, hook_id: int, role: str, said: HookInput, at: datetime) -> Hook:
    """Give a hook another name, address, format or other events; its log and its secret stay.

    What waits goes to the new address. In another format it would not be understood: then it is given up, and stays
    in the log. Raises RefusedError as `rules.why_not_change` says.
    """
    hook = _locked(hook_id)
    refusal = rules.why_not_change(
        hook,
        role,
        address=said.address,
        shape=said.format,
        events=said.events,
        is_private_allowed=settings.HOOKS_PRIVATE,
    )
    demand(refusal)
    if said.format != hook.format:
        HookDelivery.objects.filter(hook=hook, next_try_at__isnull=False).update(next_try_at=None, given_up_at=at)
    if said.address != hook.address:
        hook.n_failures = 0
    hook.label, hook.address, hook.format = said.label, said.address, said.format
    hook.events = [event for event in rules.EVENTS if event in said.events]
    hook.changed_at = at
    hook.save(update_fields=["label", "address", "format", "events", "n_failures", "changed_at"])
    return hook


@transaction.atomic
def rotate_secret(*, hook_id: int, role: str, keeps_old: bool, at: datetime) -> Hook:
    """Give a hook a new secret, shown now and never again; if wanted the old one signs as well for a day.

    Raises RefusedError as `rules.why_not_use` says.
    """
    hook = _locked(hook_id)
    demand(rules.why_not_use(hook, role))
    hook.old_secret, hook.old_secret_until = (hook.secret, at + rules.OLD_SECRET_LIFE) if keeps_old else ("", None)
    hook.secret, hook.changed_at = _new_secret(), at
    hook.save(update_fields=["secret", "old_secret", "old_secret_until", "changed_at"])
    return hook


def forget_old_secrets(*, at: datetime) -> None:
    """Erase old secrets that sign nothing any more."""
    Hook.objects.filter(old_secret_until__lte=at).update(old_secret="", old_secret_until=None)


@transaction.atomic
def pause_hook(*, hook_id: int, role: str, at: datetime) -> Hook:
    """Send nothing to a hook for now; what happens meanwhile waits. Raises RefusedError as `rules.why_not_use` says."""
    hook = _locked(hook_id)
    demand(rules.why_not_use(hook, role))
    hook.paused_at = hook.paused_at or at
    hook.save(update_fields=["paused_at"])
    return hook


@transaction.atomic
def resume_hook(*, hook_id: int, role: str, at: datetime) -> Hook:
    """Send to a hook again, first what waited. Raises RefusedError as `rules.why_not_use` says."""
    hook = _locked(hook_id)
    demand(rules.why_not_use(hook, role))
    if hook.paused_at is None:
        return hook
    hook.paused_at, hook.is_paused_by_failures, hook.n_failures = None, False, 0
    hook.save(update_fields=["paused_at", "is_paused_by_failures", "n_failures"])
    for delivery in HookDelivery.objects.filter(hook=hook, next_try_at__isnull=False).order_by("pk"):
        queue(delivery, at=at)
    return hook


@transaction.atomic
def end_hook(*, hook_id: int, role: str, at: datetime) -> Hook:
    """Send nothing to a hook any more, for good; its log stays. Raises RefusedError as `rules.why_not_use` says."""
    hook = _locked(hook_id)
    demand(rules.why_not_use(hook, role))
    hook.ended_at, hook.secret, hook.old_secret, hook.old_secret_until = at, "", "", None
    hook.save(update_fields=["ended_at", "secret", "old_secret", "old_secret_until"])
    HookDelivery.objects.filter(hook=hook, next_try_at__isnull=False).update(next_try_at=None, given_up_at=at)
    return hook


def _locked(hook_id: int) -> Hook:
    return Hook.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=hook_id)


def queue(delivery: HookDelivery, *, at: datetime, due_at: datetime | None = None) -> None:
    """Have the next try of a message made, at once or when it is due."""
    turn = {"delivery_id": delivery.pk, "replay": delivery.n_replays, "attempt": delivery.n_attempts}
    outbox.put(kind=DELIVER, payload=turn, at=at, due_at=due_at)
