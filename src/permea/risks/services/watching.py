"""Watching risks: what each is watched for, and looking whether it has come to pass."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage
from permea.risks import queries, rules
from permea.risks.events import TriggersFired
from permea.risks.models import Risk, Trigger


@transaction.atomic
def watch(
    *, risk_id: int, kind: str, about: queries.Subject | None, limit: int, actor: Person, at: datetime
) -> Trigger:
    """Watch a risk for something, and look at once; what is watched already stays as it is.

    Raises RefusedError to non-managers and as `rules.why_not_watch` says.
    """
    risk = Risk.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=risk_id)
    demand(why_not_manage(role_in(actor, risk.organisation_id)))
    living = risk.triggers.filter(ended_at__isnull=True)
    same = living.filter(kind=kind, about_key=about.key if about else "", limit=limit).first()
    if same is not None:
        return same
    about_kind = about.kind if about else ""
    demand(rules.why_not_watch(kind=kind, about_kind=about_kind, limit=limit, n_watched=living.count()))
    trigger = Trigger.objects.create(
        risk=risk,
        kind=kind,
        about_key=about.key if about else "",
        about_label=about.label if about else "",
        limit=limit,
        made_by=actor,
        made_at=at,
    )
    look_at_risk(risk, at)
    return trigger


@transaction.atomic
def end_watch(*, trigger_id: int, actor: Person, at: datetime) -> Trigger:
    """Watch for something no longer. Raises RefusedError to non-managers."""
    trigger = Trigger.objects.select_for_update(of=("self",)).select_related("risk").get(pk=trigger_id)
    demand(why_not_manage(role_in(actor, trigger.risk.organisation_id)))
    trigger.ended_by, trigger.ended_at = actor, at
    trigger.save(update_fields=["ended_by", "ended_at"])
    return trigger


@transaction.atomic
def look_now(*, organisation: Organisation, actor: Person, at: datetime) -> int:
    """Look at every trigger of a firm; return how many have fired. Raises RefusedError to non-managers."""
    demand(why_not_manage(role_in(actor, organisation.pk)))
    look_at_triggers(organisation=organisation, at=at)
    return queries.living_triggers().filter(risk__organisation=organisation, fired_at__isnull=False).count()


@transaction.atomic
def look_at_triggers(*, organisation: Organisation, at: datetime) -> int:
    """Look at every trigger of a firm; return how many have fired since the last time. Each is told once."""
    triggers = queries.living_triggers().filter(risk__organisation=organisation).select_related("risk")
    return look(organisation, triggers, at)


def look_at_risk(risk: Risk, at: datetime) -> int:
    """Look at everything one risk is watched for; at nothing once it is closed."""
    return look(risk.organisation, queries.living_triggers().filter(risk=risk).select_related("risk"), at)


def look(organisation: Organisation, triggers: QuerySet[Trigger], at: datetime) -> int:
    """Store what is found for triggers, and announce those that have come to pass since they were last looked at."""
    watched = list(triggers.select_for_update(of=("self",)).order_by("pk"))
    found, fired = queries.found_for(organisation, watched, at), dict[int, list[int]]()
    for one in watched:
        one.value, one.looked_at = found[one.pk], at
        if not rules.has_fired(one.kind, one.limit, one.value):
            one.fired_at = None
        elif one.fired_at is None:
            one.fired_at = at
            fired.setdefault(one.risk_id, []).append(one.pk)
    Trigger.objects.bulk_update(watched, ["value", "looked_at", "fired_at"])
    for risk_id, trigger_ids in fired.items():
        publish(TriggersFired(risk_id=risk_id, trigger_ids=tuple(trigger_ids), at=at))
    return sum(map(len, fired.values()))
