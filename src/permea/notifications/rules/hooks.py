"""Deciding about webhooks: which address may be told, when it is tried again, how a message is signed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from permea.foundation import outgoing
from permea.foundation.refusals import Refusal
from permea.notifications.models import Hook, HookDelivery
from permea.people.rules import why_not_own

TEST = "test"
EVENTS: dict[str, str | Promise] = {
    "challenge.published": gettext_lazy("A challenge is published"),
    "challenge.timetable_changed": gettext_lazy("A challenge closes later or sooner"),
    "challenge.closed": gettext_lazy("Entries are closed"),
    "entry.received": gettext_lazy("An entry was handed in (only how many there are)"),
    "question.asked": gettext_lazy("A question waits for its answer"),
    "posting.received": gettext_lazy("Something was put into an idea box"),
    "selection.settled": gettext_lazy("A selection is settled"),
    "challenge.decided": gettext_lazy("All answers are out"),
    "award.rights_accepted": gettext_lazy("A winner has accepted the rights"),
}
PROBLEMS: dict[str, str | Promise] = {
    "address": gettext_lazy("This address may not be reached from here."),
    "name": gettext_lazy("No machine is known under this name."),
    "timeout": gettext_lazy("It did not answer in time."),
    "tls": gettext_lazy("No safe connection came about: look at its certificate."),
    "network": gettext_lazy("It cannot be reached over the network."),
    "redirect": gettext_lazy("It wants to send us to another address; give that one."),
    "status": gettext_lazy("It answered with an error."),
}
_TEST_LABEL = pgettext_lazy("webhook", "Test")
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES = (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, 12 * _HOUR)
MOST_FAILURES, MOST_HOOKS = 20, 20
OLD_SECRET_LIFE = timedelta(days=1)


def event_label(event: str) -> str:
    """Return an event in words."""
    return str(EVENTS.get(event, _TEST_LABEL))


def why_not_address(address: str, *, is_private_allowed: bool) -> Refusal | None:
    """Return why nothing may be sent to an address as it is written, or None if it may."""
    parts = outgoing.parts_of(address)
    if parts is None:
        return Refusal(
            "notifications.no_address",
            _("Give a whole address such as https://hooks.example.com/permea, without spaces and special letters."),
        )
    if "@" in parts.netloc:
        return Refusal("notifications.address_with_user", _("Leave user and password out of the address."))
    if parts.scheme == "http" and not is_private_allowed:
        return Refusal("notifications.not_https", _("The address must begin with https://."))
    return None


def why_not_make(
    role: str,
    *,
    n_hooks: int,
    address: str,
    shape: str,
    events: Collection[str],
    is_private_allowed: bool,
) -> Refusal | None:
    """Return why no such hook may be made, or None if it may."""
    refusal = why_not_own(role)
    if refusal is None and n_hooks >= MOST_HOOKS:
        text = _("There are %(count)s webhooks. End one that you do not need.")
        refusal = Refusal("notifications.many_hooks", text % {"count": MOST_HOOKS})
    return refusal or _why_not_so(address, shape, events, is_private_allowed=is_private_allowed)


def why_not_change(
    hook: Hook, role: str, *, address: str, shape: str, events: Collection[str], is_private_allowed: bool
) -> Refusal | None:
    """Return why a hook may not become like this, or None if it may: an address is held to what new ones are."""
    return why_not_use(hook, role) or _why_not_so(address, shape, events, is_private_allowed=is_private_allowed)


def _why_not_so(address: str, shape: str, events: Collection[str], *, is_private_allowed: bool) -> Refusal | None:
    """Return why no hook may be like this, or None if one may."""
    if shape not in Hook.Format.values or not events or not set(events) <= set(EVENTS):
        return Refusal("notifications.no_such_event", _("Choose a format and at least one event from the list."))
    return why_not_address(address, is_private_allowed=is_private_allowed)


def why_not_use(hook: Hook, role: str) -> Refusal | None:
    """Return why somebody may not pause, test or end a hook, or None if they may."""
    if hook.ended_at is not None:
        return why_not_own(role) or Refusal("notifications.hook_ended", _("This webhook has ended."))
    return why_not_own(role)


def why_not_replay(hook: Hook, role: str) -> Refusal | None:
    """Return why no message may be sent to a hook again, or None if it may."""
    refusal = why_not_use(hook, role)
    if refusal is None and hook.paused_at is not None:
        return Refusal("notifications.hook_paused", _("This webhook is paused. Resume it first."))
    return refusal


def is_due(delivery: HookDelivery, *, replay: int, attempt: int) -> bool:
    """Say whether this try of a message is still to be made; every try is made once, and none while it is paused."""
    is_same = (delivery.n_replays, delivery.n_attempts) == (replay, attempt)
    return is_same and delivery.is_open and delivery.hook.paused_at is None and delivery.hook.ended_at is None


def pause_after(n_attempts: int) -> timedelta | None:
    """Return how long to wait after so many tries, or None if it is to be given up."""
    return PAUSES[n_attempts - 1] if n_attempts <= len(PAUSES) else None


def outcome_words(delivery: HookDelivery) -> str:
    """Return how the last try of a message went, the answer included."""
    said = " ".join(str(part) for part in (delivery.last_status, delivery.last_answer) if part)
    if not delivery.last_problem:
        return _("The message was taken. The answer: %(said)s") % {"said": said}
    reason = str(PROBLEMS[delivery.last_problem])
    return _("%(reason)s The answer: %(said)s") % {"reason": reason, "said": said} if said else reason


def secrets_of(hook: Hook, *, at: datetime) -> list[str]:
    """Return the secrets that sign for a hook: its own, and until it has run out the one before."""
    is_old_valid = hook.old_secret_until is not None and at < hook.old_secret_until
    return [hook.secret, hook.old_secret] if is_old_valid else [hook.secret]


def signature(secrets: Collection[str], body: str, *, at: datetime) -> str:
    """Return the signature header of a body sent at `at`, signed with each of the secrets."""
    stamp = int(at.timestamp())
    signed = f"{stamp}.{body}".encode()
    digests = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={stamp}", *(f"v1={digest}" for digest in digests)])


def hook_headers(delivery: HookDelivery, *, at: datetime) -> dict[str, str]:
    """Return what goes over the wire before the body."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Permea-Webhook/1",
        "Permea-Delivery": delivery.key,
        "Permea-Event": delivery.event,
        "Permea-Signature": signature(secrets_of(delivery.hook, at=at), delivery.body, at=at),
    }
