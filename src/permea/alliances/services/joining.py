"""Writing that a further partner joins a running alliance: proposed, agreed to by all, a party from its day on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from permea.alliances import queries, rules
from permea.alliances.events import JoiningMoved
from permea.alliances.models import Acceptance, Alliance, Charter, Joining, JoiningAnswer, Party
from permea.alliances.services.alliances import locked, side_in
from permea.foundation.events import publish
from permea.foundation.ids import new_key
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ledger.services import record_crossing
from permea.people.models import Organisation, Person


@transaction.atomic
def propose_joining(
    *, alliance_id: int, organisation: Organisation | None, terms: rules.JoiningTerms, actor: Person, at: datetime
) -> Joining:
    """Propose for the firm that a partner joins, which all parties agree to. Sent twice it is proposed once.

    Raises RefusedError to who may not bind the firm and as `rules.why_no_joining`, `rules.why_not_propose_joining`,
    `rules.why_not_covered` and `rules.why_not_write` say.
    """
    alliance = locked(alliance_id)
    side, waiting = side_in(alliance, actor, binding=True), queries.open_joining(alliance)
    known = next((one for one in queries.joiners(alliance) if one == organisation), None)
    if waiting is not None and known and queries.joining_just_now(waiting, known, terms, actor, at):
        return waiting
    demand(
        rules.why_not_propose_joining(
            is_firm=side.is_firm,
            is_known=known is not None,
            n_parties=len(alliance.parties.all()),
            terms=terms,
            today=at.date(),
        )
    )
    newest = queries.newest_charter(alliance)
    demand(rules.why_no_joining(alliance, newest, queries.closing_of(alliance)))
    demand(rules.why_not_change_charter(waiting))
    assert newest is not None and known is not None  # noqa: S101, PT018 - refused above
    joining = _worked_out(alliance, newest, known, terms, actor, at)
    demand(rules.why_not_write(joining.content, None))
    joining.save()
    _record(joining, "joining_proposed", alliance.organisation, actor, at)
    _announce(joining, "joining", alliance.organisation, at)
    return joining


def _worked_out(
    alliance: Alliance,
    newest: Charter,
    organisation: Organisation,
    terms: rules.JoiningTerms,
    actor: Person,
    at: datetime,
) -> Joining:
    """Return a joining with the charter as it would read, not stored yet. Raises RefusedError if nothing covers it."""
    named, cover = queries.cover_for(alliance, organisation, at)
    demand(rules.why_not_covered(named, cover))
    key, number = new_key(), newest.number + 1
    content = rules.joined_charter(newest.content, key, terms)
    keys = [*(party.organisation.key for party in alliance.parties.all()), organisation.key]
    joining = Joining(
        alliance=alliance,
        organisation=organisation,
        party_key=key,
        from_on=terms.from_on,
        reads_all=terms.reads_all,
        reason=terms.reason,
        agreement=cover,
        number=number,
        content=content,
        charter_sha256=rules.fingerprint(alliance, keys, number, content),
        proposed_by=actor,
        proposed_at=at,
    )
    joining.sha256 = rules.joining_fingerprint(joining)
    return joining


@transaction.atomic
def agree_to_joining(*, joining_id: int, seen: str, actor: Person, at: datetime) -> Joining:
    """Agree for one's side to the joining whose hash one has `seen`.

    When the present sides have agreed it is shown to who would join; when that has agreed, it is a party from the day
    named on. Raises RefusedError to who may not bind their side and as `rules.why_not_answer_joining`,
    `rules.why_no_joining` and `rules.why_not_covered` say.
    """
    joining, place = _locked_joining(joining_id, actor)
    _demand_answerable(joining, place, seen)
    demand(_why_not_enter(joining, at))
    JoiningAnswer.objects.create(
        joining=joining, organisation=place.organisation, agrees=True, person=actor, said_at=at
    )
    _record(joining, "joining_agreed", place.organisation, actor, at)
    if place.side is None:
        joining.agreed_at = at
        joining.save(update_fields=["agreed_at"])
        if joining.from_on <= at.date():
            _enter(joining, actor, at)
        return joining
    present = [party.organisation_id for party in joining.alliance.parties.all()]
    if rules.have_agreed(present, [one.organisation_id for one in queries.answers_to(joining)]):
        joining.shown_at = at
        joining.save(update_fields=["shown_at"])
        _record(joining, "joining_shown", joining.alliance.organisation, actor, at)
        _announce(joining, "joining_shown", joining.alliance.organisation, at)
    return joining


@transaction.atomic
def refuse_joining(*, joining_id: int, seen: str, reason: str, actor: Person, at: datetime) -> Joining:
    """Refuse for one's side that a partner joins, which ends it.

    Raises RefusedError to who may not bind their side or gives no reason, and as `rules.why_not_answer_joining` says.
    """
    joining, place = _locked_joining(joining_id, actor)
    _demand_answerable(joining, place, seen)
    demand(rules.why_not_refuse(reason.strip()))
    JoiningAnswer.objects.create(
        joining=joining,
        organisation=place.organisation,
        agrees=False,
        reason=reason.strip(),
        person=actor,
        said_at=at,
    )
    _end(joining, "joining_refused", place.organisation, actor, at)
    return joining


@transaction.atomic
def withdraw_joining(*, joining_id: int, actor: Person, at: datetime) -> Joining:
    """Withdraw for the firm that a partner joins, as long as not all have agreed.

    Raises RefusedError to who may not bind their side and as `rules.why_not_withdraw` says.
    """
    joining, place = _locked_joining(joining_id, actor)
    demand(rules.why_not_bind(may_bind=place.may_bind) or rules.why_not_withdraw(joining, is_firm=place.is_firm))
    _end(joining, "joining_withdrawn", place.organisation, actor, at)
    return joining


@transaction.atomic
def enter(*, joining_id: int, at: datetime) -> Joining:
    """Make who agreed with all others a party once its day has come, unless the alliance ends or nothing covers it."""
    joining = _locked(joining_id)
    is_due = joining.agreed_at is not None and joining.entered_at is None and joining.from_on <= at.date()
    if is_due and _why_not_enter(joining, at) is None:
        _enter(joining, None, at)
    return joining


def _locked(joining_id: int) -> Joining:
    """Return a joining with its locked alliance."""
    alliance = locked(Joining.objects.get(pk=joining_id).alliance_id)
    joining = Joining.objects.select_related("organisation").get(pk=joining_id)
    joining.alliance = alliance
    return joining


def _locked_joining(joining_id: int, actor: Person) -> tuple[Joining, queries.Place]:
    """Return a joining with its locked alliance, and for whom the actor answers. Raises RefusedError to others."""
    joining = _locked(joining_id)
    place = queries.place_in(joining, joining.alliance, actor)
    if place is None:
        raise RefusedError(rules.not_a_party())
    return joining, place


def _demand_answerable(joining: Joining, place: queries.Place, seen: str) -> None:
    """Go on if the side can answer. Raises RefusedError if not."""
    answered = {one.organisation_id for one in queries.answers_to(joining)}
    told: dict[str, Any] = {"seen": seen, "is_new": place.side is None, "has_agreed": place.organisation.pk in answered}
    demand(rules.why_not_bind(may_bind=place.may_bind) or rules.why_not_answer_joining(joining, **told))


def _why_not_enter(joining: Joining, at: datetime) -> Refusal | None:
    """Return why nobody can join now: the alliance ends, or no agreement covers it any more."""
    alliance = joining.alliance
    named, cover = queries.cover_for(alliance, joining.organisation, at)
    newest, closing = queries.newest_charter(alliance), queries.closing_of(alliance)
    return rules.why_no_joining(alliance, newest, closing) or rules.why_not_covered(named, cover)


def _enter(joining: Joining, actor: Person | None, at: datetime) -> None:
    """Make it a party, and put the charter that all agreed to in force."""
    alliance = joining.alliance
    known = {party.organisation_id: party for party in alliance.parties.all()}
    known[joining.organisation_id] = Party.objects.create(
        key=joining.party_key,
        alliance=alliance,
        organisation=joining.organisation,
        number=queries.next_number(alliance),
        joined_at=at,
        reads_from=None if joining.reads_all else at,
    )
    firm = alliance.parties.all()[0]
    charter = Charter.objects.create(
        alliance=alliance,
        number=joining.number,
        content=joining.content,
        sha256=joining.charter_sha256,
        note=joining.reason,
        by_party=firm,
        written_by=joining.proposed_by,
        written_at=at,
    )
    Acceptance.objects.bulk_create(
        Acceptance(charter=charter, party=known[one.organisation_id], person=one.person, accepted_at=one.said_at)
        for one in queries.answers_to(joining)
    )
    alliance.charter, joining.entered_at = charter, at
    alliance.save(update_fields=["charter"])
    joining.save(update_fields=["entered_at"])
    _record(joining, "joined", joining.organisation, actor, at)
    _announce(joining, "joined", joining.organisation, at)


def _end(joining: Joining, what: str, by: Organisation, actor: Person, at: datetime) -> None:
    """End a joining that was refused or withdrawn."""
    joining.ended_at = at
    joining.save(update_fields=["ended_at"])
    _record(joining, what, by, actor, at)
    _announce(joining, what, by, at)


def _record(joining: Joining, what: str, by: Organisation, actor: Person | None, at: datetime) -> None:
    """Append to the firm's ledger what was done, with the hashes: outwards if the firm did it."""
    firm, shown = joining.alliance.organisation, joining.organisation
    partner = shown if joining.shown_at else joining.alliance.parties.all()[1].organisation
    record_crossing(
        organisation=firm,
        kind=f"alliance.{what}",
        direction="out" if by == firm else "in",
        depth="room",
        subject_type="alliance",
        subject_key=joining.alliance.key,
        at=at,
        actor=actor,
        counterparty=partner if by == firm else by,
        facts={"joining": joining.key, "sha256": joining.sha256, "charter": joining.charter_sha256},
    )


def _announce(joining: Joining, happened: str, by: Organisation, at: datetime) -> None:
    """Announce what happened with a joining."""
    publish(JoiningMoved(joining_id=joining.pk, happened=happened, by_organisation_id=by.pk, at=at))
