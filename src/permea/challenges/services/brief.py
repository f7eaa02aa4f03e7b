"""From a template to a public challenge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from permea.agreements.models import Terms
from permea.agreements.queries import current_terms
from permea.agreements.services import ensure_standard_terms
from permea.challenges import queries, rules
from permea.challenges.events import ChallengePublished
from permea.challenges.models import Challenge, Criterion
from permea.challenges.services.locking import lay_stages, locked
from permea.foundation.events import publish
from permea.foundation.refusals import Refusal, demand
from permea.ledger.services import record_crossing
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage
from permea.strategy.models import Goal


@transaction.atomic
def draft_challenge(
    *,
    organisation: Organisation,
    template: str,
    title: str,
    goal: Goal | None,
    actor: Person,
    at: datetime,
    language: str = "",
) -> Challenge:
    """Start a challenge from a template ("" for an empty one) in a language, with criteria and terms to begin with.

    Raises RefusedError if the actor may not manage, the template is unknown or the goal is another organisation's.
    """
    demand(why_not_manage(role_in(actor, organisation.pk)))
    language = language or organisation.language
    chosen = queries.template_named(template, language)
    if template and chosen is None:
        demand(Refusal("challenges.no_template", _("There is no such template.")))
    ensure_standard_terms(organisation=organisation, at=at)
    challenge = Challenge(
        organisation=organisation,
        owner=actor,
        template=template,
        language=language,
        entry_languages=[language],
        created_at=at,
        ip_terms=current_terms(organisation, chosen.ip_kind if chosen else Terms.Kind.IP_LICENCE, language),
        participation_terms=current_terms(organisation, Terms.Kind.PARTICIPATION, language),
        steps=rules.written_steps(queries.steps_from(chosen)),
        **_from_template(chosen),
    )
    challenge.title = title.strip() or challenge.title
    demand(_why_not_take(challenge, {"goal": goal}))
    challenge.goal = goal
    challenge.save()
    _store_criteria(challenge, [_from_text(text) for text in queries.standard_criteria(language, chosen)])
    return challenge


def _from_template(template: queries.ChallengeTemplate | None) -> dict[str, Any]:
    """Return the fields of a challenge that a template fills in."""
    if template is None:
        return {}
    brief = dict(template.brief)
    for field in ("prize_amount", "money_limit"):
        brief[field] = Decimal(brief[field]) if brief.get(field) else None
    return brief


def _from_text(text: queries.CriterionTemplate) -> dict[str, Any]:
    """Return a criterion of the product as `save_criteria` takes it."""
    return {"name": text.name, "question": text.question, "weight": Decimal(text.weight), "anchors": text.anchors}


@transaction.atomic
def save_brief(*, challenge_id: int, actor: Person, at: datetime, **fields: Any) -> Challenge:
    """Change some of the fields of a draft; half a brief may be kept.

    Raises RefusedError once it is public, if the actor may not manage, if goal, owner or terms are another
    organisation's, or as `rules.why_not_steps`, `why_not_auto_moves` and `why_not_keep_back` say; TypeError for a
    field that is not part of a brief.
    """
    del at
    if unknown := set(fields) - set(rules.BRIEF_FIELDS):
        raise TypeError(sorted(unknown))
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_change_brief(challenge))
    demand(
        _why_not_take(challenge, fields)
        or _why_not_lay(challenge, fields)
        or rules.why_not_keep_back(fields.get("room_fields", []))
    )
    for field, value in fields.items():
        setattr(challenge, field, value)
    if fields:
        challenge.save(update_fields=list(fields))
    return challenge


def _why_not_take(challenge: Challenge, fields: dict[str, Any]) -> Refusal | None:
    """Return why a challenge cannot point at these rows, or None if they are of its own organisation."""
    house = challenge.organisation_id
    related = [fields[name] for name in ("goal", "ip_terms", "participation_terms") if fields.get(name) is not None]
    if any(row.organisation_id != house for row in related):
        return Refusal("challenges.other_organisation", _("Goal and terms must belong to the same organisation."))
    owner = fields.get("owner", challenge.owner)
    if role_in(owner, house) is None:
        return Refusal("challenges.owner_outside", _("The owner of a challenge must belong to the organisation."))
    return None


def _why_not_lay(challenge: Challenge, fields: dict[str, Any]) -> Refusal | None:
    """Return why a challenge cannot have these steps and this rule, whatever its dates, or None if it can."""
    steps = rules.read_steps(fields.get("steps", challenge.steps))
    moves = rules.AutoMoves(**fields.get("auto_moves", challenge.auto_moves))
    return rules.why_not_steps(steps, None) or rules.why_not_auto_moves(moves, steps, None)


@transaction.atomic
def save_criteria(
    *, challenge_id: int, criteria: Sequence[dict[str, Any]], actor: Person, at: datetime
) -> list[Criterion]:
    """Replace a draft's criteria by these (name, question, weight, five anchors), in this order.

    Raises RefusedError once the challenge is public, if the actor may not manage, or if there are too many.
    """
    del at
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_change_brief(challenge))
    if len(criteria) > rules.MOST_CRITERIA:
        reason = _("More than %(number)d criteria cannot be judged with care. Join some of them.")
        demand(Refusal("challenges.too_many_criteria", reason % {"number": rules.MOST_CRITERIA}))
    return _store_criteria(challenge, criteria)


def _store_criteria(challenge: Challenge, criteria: Sequence[dict[str, Any]]) -> list[Criterion]:
    """Replace the criteria of a draft; a criterion that stays at its place keeps its key."""
    keys = dict(Criterion.objects.filter(challenge=challenge).values_list("position", "key"))
    Criterion.objects.filter(challenge=challenge).delete()
    rows = []
    for position, values in enumerate(criteria, start=1):
        row = Criterion(challenge=challenge, position=position, **values)
        row.key = keys.get(position, row.key)
        rows.append(row)
    return Criterion.objects.bulk_create(rows)


@transaction.atomic
def let_public_compare(*, challenge_id: int, is_allowed: bool, actor: Person, at: datetime) -> Challenge:
    """Say whether the public may compare entries after the deadline; ending it is always possible.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_let_public_compare` says.
    """
    challenge = locked(challenge_id, actor)
    if challenge.public_compares == is_allowed:
        return challenge
    if is_allowed:
        has_entrants = queries.has_entrants(challenge)
        demand(rules.why_not_let_public_compare(challenge, has_entrants=has_entrants, at=at))
    challenge.public_compares = is_allowed
    challenge.save(update_fields=["public_compares"])
    if challenge.status != Challenge.Status.DRAFT:
        record_crossing(
            organisation=challenge.organisation,
            kind="challenge.public_comparison_changed",
            direction="out",
            depth="public",
            subject_type="challenge",
            subject_key=challenge.key,
            at=at,
            actor=actor,
            challenge_key=challenge.key,
            facts={"public_compares": is_allowed},
        )
    return challenge


def _confidentiality_in_force(challenge: Challenge, at: datetime) -> Terms | None:
    """Return what people agree to before they read what the challenge keeps back."""
    ensure_standard_terms(organisation=challenge.organisation, at=at)
    return current_terms(challenge.organisation, Terms.Kind.NDA, challenge.language)


@transaction.atomic
def publish_challenge(*, challenge_id: int, actor: Person, at: datetime) -> Challenge:
    """Make a draft public, for good: from here on only its dates can move; entries do not open before that.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_publish` says; a second click is refused
    with the code "challenges.published" and changes nothing.
    """
    challenge = locked(challenge_id, actor)
    criteria = queries.criteria_of(challenge)
    demand(rules.why_not_publish(challenge, criteria, at=at))
    challenge.status, challenge.published_at = Challenge.Status.PUBLISHED, at
    challenge.opens_at = max(at, rules.dates_of(challenge).opens_at)
    challenge.nda_terms = _confidentiality_in_force(challenge, at) if challenge.room_fields else None
    challenge.save(update_fields=["status", "published_at", "opens_at", "nda_terms"])
    lay_stages(challenge)
    record_crossing(
        organisation=challenge.organisation,
        kind="challenge.published",
        direction="out",
        depth="public",
        subject_type="challenge",
        subject_key=challenge.key,
        at=at,
        actor=actor,
        challenge_key=challenge.key,
        terms_key=challenge.ip_terms.key if challenge.ip_terms else "",
        facts={"brief_sha256": rules.brief_digest(challenge, criteria), **rules.dates_as_facts(challenge)},
    )
    publish(ChallengePublished(challenge_id=challenge.pk, at=at))
    return challenge
