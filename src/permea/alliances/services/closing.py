"""Writing milestones that were reached, and the end of an alliance: asked for, rated by each side, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from permea.alliances import queries, rules
from permea.alliances.events import AllianceChanged
from permea.alliances.models import Alliance, Closing, Party, Reached, SuccessRating
from permea.alliances.services.alliances import locked, side_in, tell
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingInput:
    """How one's side rates an alliance: a mark and words for each criterion in its order, and overall."""

    marks: Sequence[tuple[int, str]]
    overall: int
    words: str = ""


@transaction.atomic
def reach_milestone(*, alliance_id: int, milestone: str, on: date, actor: Person, at: datetime) -> Reached:
    """Say for one's side that a milestone of the charter was reached; the day can be corrected until it is confirmed.

    Raises RefusedError to who stands on no side and as `rules.why_not_reach` says.
    """
    alliance = locked(alliance_id)
    side = side_in(alliance, actor)
    said = Reached.objects.filter(alliance=alliance, milestone=milestone).first()
    demand(rules.why_not_reach(alliance, milestone, on, side.party, said, today=at.date()))
    if said is not None and said.on == on:
        return said
    told = {"on": on, "party": side.party, "said_by": actor, "said_at": at}
    reached, is_new = Reached.objects.update_or_create(alliance=alliance, milestone=milestone, defaults=told)
    facts = {"milestone": reached.key, "on": on.isoformat()}
    tell(alliance, "milestone_reached", side.party, actor=actor, at=at, facts=facts)
    if is_new:
        _announce(alliance, "milestone", side.party, at)
    return reached


@transaction.atomic
def confirm_milestone(*, reached_id: int, seen: date | None, actor: Person, at: datetime) -> Reached:
    """Confirm for one's side that another reached a milestone on the day one has `seen`.

    Raises RefusedError to who stands on no side and as `rules.why_not_confirm` says.
    """
    alliance = locked(Reached.objects.get(pk=reached_id).alliance_id)
    side, reached = side_in(alliance, actor), Reached.objects.get(pk=reached_id)
    reached.alliance = alliance
    demand(rules.why_not_confirm(reached, side.party, seen=seen))
    reached.confirming_party, reached.confirmed_by, reached.confirmed_at = side.party, actor, at
    reached.save(update_fields=["confirming_party", "confirmed_by", "confirmed_at"])
    facts = {"milestone": reached.key, "on": reached.on.isoformat()}
    tell(alliance, "milestone_confirmed", side.party, actor=actor, at=at, facts=facts)
    return reached


@transaction.atomic
def ask_to_close(*, alliance_id: int, reason: str, days: int, actor: Person, at: datetime) -> Closing:
    """Ask for one's side to close an alliance, and give all so many days to rate it. Sent twice it is asked once.

    Raises RefusedError to who may not bind their side and as `rules.why_not_ask` says.
    """
    alliance = locked(alliance_id)
    side = side_in(alliance, actor, binding=True)
    again = queries.asked_just_now(alliance, reason.strip(), actor, at)
    if again is not None:
        return again
    demand(rules.why_not_ask(alliance, queries.closing_of(alliance), reason.strip(), days))
    assert alliance.charter is not None  # noqa: S101 - it lives by a charter
    closing = Closing.objects.create(
        alliance=alliance,
        charter=alliance.charter,
        party=side.party,
        reason=reason.strip(),
        until=at + timedelta(days=days),
        asked_by=actor,
        asked_at=at,
    )
    facts = {"closing": closing.key, "until": closing.until.isoformat(), "sha256": closing.charter.sha256}
    tell(alliance, "closing_asked", side.party, actor=actor, at=at, facts=facts)
    _announce(alliance, "closing", side.party, at)
    return closing


@transaction.atomic
def take_back_closing(*, alliance_id: int, actor: Person, at: datetime) -> Alliance:
    """Take back for one's side that it asked to close an alliance.

    Raises RefusedError to who may not bind their side and as `rules.why_not_take_back` says.
    """
    alliance = locked(alliance_id)
    side, closing = side_in(alliance, actor, binding=True), queries.closing_of(alliance)
    demand(rules.why_not_take_back(closing, side.party))
    assert closing is not None  # noqa: S101 - refused above
    closing.taken_back_at = at
    closing.save(update_fields=["taken_back_at"])
    tell(alliance, "closing_taken_back", side.party, actor=actor, at=at, facts={"closing": closing.key})
    _announce(alliance, "kept_open", side.party, at)
    return alliance


@transaction.atomic
def rate_success(*, alliance_id: int, said: RatingInput, actor: Person, at: datetime) -> SuccessRating:
    """Rate an alliance for one's side against the criteria of its charter; the last side to rate closes it.

    Raises RefusedError to who may not bind their side and as `rules.why_not_rate_success` says.
    """
    alliance = locked(alliance_id)
    side, closing = side_in(alliance, actor, binding=True), queries.closing_of(alliance)
    marks = [{"mark": mark, "words": words.strip()} for mark, words in said.marks]
    demand(rules.why_not_rate_success(closing, marks, said.overall))
    assert closing is not None  # noqa: S101 - refused above
    rating, is_new = SuccessRating.objects.update_or_create(
        closing=closing,
        party=side.party,
        defaults={
            "marks": marks, "overall": said.overall, "words": said.words.strip(), "said_by": actor, "said_at": at,
        },
    )  # fmt: skip
    if is_new:
        tell(alliance, "success_rated", side.party, actor=actor, at=at, facts={"closing": closing.key})
    if {one.party_id for one in queries.ratings_of(closing)} == {party.pk for party in alliance.parties.all()}:
        _close(alliance, closing, side.party, actor, at)
    return rating


@transaction.atomic
def close_alliance(*, alliance_id: int, actor: Person, at: datetime) -> Alliance:
    """Close an alliance for one's side once the others have had their time to rate; who did not is named.

    Raises RefusedError to who may not bind their side and as `rules.why_not_close` says.
    """
    alliance = locked(alliance_id)
    side, closing = side_in(alliance, actor, binding=True), queries.closing_of(alliance)
    rated = [one.party_id for one in queries.ratings_of(closing)] if closing else []
    demand(rules.why_not_close(closing, side.party, rated, at=at))
    assert closing is not None  # noqa: S101 - refused above
    _close(alliance, closing, side.party, actor, at)
    return alliance


def _close(alliance: Alliance, closing: Closing, party: Party, actor: Person, at: datetime) -> None:
    """Close an alliance, and enter in the firm's ledger how each side rated it and who did not."""
    closing.closed_by, closing.closed_at, alliance.closed_at = actor, at, at
    closing.save(update_fields=["closed_by", "closed_at"])
    alliance.save(update_fields=["closed_at"])
    tell(alliance, "closed", party, actor=actor, at=at, facts=_outcome(alliance, closing))
    _announce(alliance, "closed", party, at)


def _outcome(alliance: Alliance, closing: Closing) -> Mapping[str, Any]:
    """Return the marks of each side by the key of its organisation, and the keys of those that gave none."""
    given = {one.party_id: one for one in queries.ratings_of(closing)}
    keys = {party.pk: party.organisation.key for party in alliance.parties.all()}
    overall = {keys[pk]: one.overall for pk, one in given.items()}
    return {
        "closing": closing.key,
        "charter": closing.charter.sha256,
        "overall": overall,
        "silent": [key for pk, key in keys.items() if pk not in given],
    }


def _announce(alliance: Alliance, happened: str, party: Party, at: datetime) -> None:
    """Announce to the other sides what happened."""
    publish(AllianceChanged(alliance_id=alliance.pk, happened=happened, by_party_id=party.pk, at=at))
