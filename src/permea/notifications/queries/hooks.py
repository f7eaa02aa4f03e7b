"""Reading webhooks and their messages."""

from __future__ import annotations

from django.db.models import Count, F, Max, Q, QuerySet

from permea.notifications.models import Hook, HookDelivery
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import role_in


def hooks_visible_to(actor: Person, organisation: Organisation) -> QuerySet[Hook]:
    """Return an organisation's hooks for its owner, the living ones first, each with how many messages wait."""
    if role_in(actor, organisation.pk) != Membership.Role.OWNER:
        return Hook.objects.none()
    waiting = Count("deliveries", filter=Q(deliveries__next_try_at__isnull=False))
    hooks = Hook.objects.filter(organisation=organisation).select_related("organisation")
    hooks = hooks.annotate(n_waiting=waiting, delivered_at=Max("deliveries__delivered_at"))
    return hooks.order_by(F("ended_at").asc(nulls_first=True), "-made_at", "-pk")


def deliveries_of(hook: Hook) -> QuerySet[HookDelivery]:
    """Return what was sent to a hook, the newest first."""
    return HookDelivery.objects.filter(hook=hook).order_by("-made_at", "-pk")
