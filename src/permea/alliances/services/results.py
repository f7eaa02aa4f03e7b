"""Writing joint results: what the parties made together, and how they divide it once all have agreed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from permea.alliances import queries, rules
from permea.alliances.events import AllianceChanged
from permea.alliances.models import Party, Result, Split, SplitAcceptance
from permea.alliances.services.alliances import locked, side_in, tell
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person


@transaction.atomic
def name_result(*, alliance_id: int, title: str, text: str, actor: Person, at: datetime) -> Result:
    """Name something the parties made together. What is named already is named once.

    Raises RefusedError to who may not bind their side and as `rules.why_not_name` says.
    """
    alliance = locked(alliance_id)
    side = side_in(alliance, actor, binding=True)
    demand(rules.why_not_name(alliance, title.strip()))
    result, is_new = Result.objects.get_or_create(
        alliance=alliance,
        title=title.strip(),
        defaults={"text": text.strip(), "by_party": side.party, "named_by": actor, "named_at": at},
    )
    if is_new:
        tell(alliance, "result_named", side.party, actor=actor, at=at, facts={"result": result.key})
    return result


@transaction.atomic
def propose_split(*, result_id: int, said: rules.SplitInput, actor: Person, at: datetime) -> Split:
    """Propose how a result is divided, as the next version, which all agree to anew. Sent twice it is proposed once.

    Raises RefusedError to who may not bind their side and as `rules.why_not_propose` and `rules.why_not_change_split`
    say.
    """
    result, side = _locked_result(result_id, actor)
    parties, book = queries.parties_dividing(result), queries.standings_of(result.alliance).values()
    demand(rules.why_not_divide(side.party, parties))
    standings = [one for one in book if one.line.giver in parties]
    newest, note = queries.newest_split(result), said.note.strip()
    demand(rules.why_not_propose(said, parties, standings))
    content = rules.worked_out(said, parties, standings)
    if newest is not None and queries.proposed_just_now(newest, content, note, actor, at):
        return newest
    demand(rules.why_not_change_split(newest, content, note))
    number = newest.number + 1 if newest else 1
    keys = [party.organisation.key for party in parties]
    split = Split.objects.create(
        result=result,
        number=number,
        way=said.way,
        content=content,
        sha256=rules.split_fingerprint(result, keys, number, content, note),
        note=note,
        by_party=side.party,
        written_by=actor,
        written_at=at,
    )
    _tell_split(split, "split_proposed", side.party, actor, at)
    _announce(result, "split_proposed", side.party, at)
    return split


@transaction.atomic
def accept_split(*, result_id: int, seen: str, actor: Person, at: datetime) -> SplitAcceptance:
    """Agree for one's side to the newest division, whose hash one has `seen`; the last party to agree makes it hold.

    Raises RefusedError to who may not bind their side and as `rules.why_not_accept_split` says.
    """
    result, side = _locked_result(result_id, actor)
    newest = queries.newest_split(result)
    accepted = queries.split_accepted_by(newest) if newest else []
    parties = queries.parties_dividing(result)
    has_accepted, is_outdated = side.party.pk in accepted, rules.is_outdated(newest, parties)
    demand(
        rules.why_not_divide(side.party, parties)
        or rules.why_not_accept_split(newest, seen=seen, has_accepted=has_accepted, is_outdated=is_outdated)
    )
    assert newest is not None  # noqa: S101 - refused above
    acceptance = SplitAcceptance.objects.create(split=newest, party=side.party, person=actor, accepted_at=at)
    _tell_split(newest, "split_accepted", side.party, actor, at)
    if rules.is_accepted_by_all([party.pk for party in parties], [*accepted, side.party.pk]):
        newest.agreed_at, result.split = at, newest
        newest.save(update_fields=["agreed_at"])
        result.save(update_fields=["split"])
        _tell_split(newest, "split_agreed", side.party, actor, at, shares=newest.content["shares"])
        _announce(result, "split_agreed", side.party, at)
    return acceptance


def _locked_result(result_id: int, actor: Person) -> tuple[Result, queries.Side]:
    """Return a result with its locked alliance, and the actor's side. Raises RefusedError if they may not bind it."""
    found = Result.objects.get(pk=result_id)
    alliance = locked(found.alliance_id)
    result = Result.objects.get(pk=result_id)
    result.alliance = alliance
    return result, side_in(alliance, actor, binding=True)


def _tell_split(split: Split, what: str, party: Party, actor: Person, at: datetime, **facts: Any) -> None:
    """Append to the firm's ledger what was proposed or agreed to, with its hash."""
    told = {"result": split.result.key, "sha256": split.sha256, "version": split.number, **facts}
    tell(split.result.alliance, what, party, actor=actor, at=at, facts=told)


def _announce(result: Result, happened: str, party: Party, at: datetime) -> None:
    """Announce to the other sides what happened with a result."""
    publish(
        AllianceChanged(
            alliance_id=result.alliance_id, happened=happened, by_party_id=party.pk, result_key=result.key, at=at
        )
    )  # fmt: skip
