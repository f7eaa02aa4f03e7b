"""An alliance as one document, from which anybody can compute its balance again and check every hash."""

from __future__ import annotations

from typing import Any

from permea.alliances import rules
from permea.alliances.models import (
    Acceptance,
    Alliance,
    Charter,
    Joining,
    JoiningAnswer,
    Party,
    PulseAnswer,
    Reached,
    Split,
    SplitAcceptance,
)
from permea.alliances.queries.closing import closing_of, ratings_of
from permea.alliances.queries.joining import joinings_of
from permea.alliances.queries.lines import read_by, standings_of
from permea.alliances.queries.results import results_of
from permea.ledger.chain import plain

FORMAT, VERSION = "permea-alliance", 1


def document_of(alliance: Alliance, party: Party) -> dict[str, Any]:
    """Return all that a party reads of an alliance as plain values; people are left out, organisations go by key."""
    parties = list(alliance.parties.all())
    found = read_by(standings_of(alliance), party)
    content = {
        "format": FORMAT,
        "version": VERSION,
        "alliance": alliance.key,
        "title": alliance.title,
        "currency": alliance.currency,
        "live_since": alliance.live_since,
        "closed_at": alliance.closed_at,
        "parties": [
            {"key": one.organisation.key, "name": one.organisation.name, "joined_at": one.joined_at} for one in parties
        ],
        "charters": _charters(alliance, parties, party),
        "lines": _lines(list(found.values())),
        "pulse": _pulse(alliance, parties, party),
        "milestones": _milestones(alliance, party),
        "results": _results(alliance, parties, party),
        "joinings": _joinings(alliance, parties, party),
        "closing": _closing(alliance, parties),
        "balances": [
            {
                "party": one.party.organisation.key,
                "given": str(one.given),
                "received": str(one.received),
                "lines": one.n,
            }
            for one in rules.balances(parties, found.values())
        ],
    }
    return dict(plain(content))


def _pulse(alliance: Alliance, parties: list[Party], party: Party) -> list[dict[str, Any]]:
    """Return the marks of every quarter that all parties have answered."""
    rounds = rules.full_rounds(
        parties, PulseAnswer.objects.filter(alliance=alliance).select_related("party__organisation")
    )
    return [
        {"quarter": one.quarter, "marks": {said.party.organisation.key: said.marks for said in one.answers}}
        for one in rounds
        if party.reads_from is None or rules.is_asked(party, one.quarter)
    ]


def _charters(alliance: Alliance, parties: list[Party], party: Party) -> list[dict[str, Any]]:
    """Return every version of the charter with its hash and who accepted it."""
    accepted: dict[int, list[dict[str, Any]]] = {}
    rows = Acceptance.objects.filter(charter__alliance=alliance).select_related("party__organisation").order_by("pk")
    for one in rows:
        said = {"party": one.party.organisation.key, "at": one.accepted_at}
        accepted.setdefault(one.charter_id, []).append(said)
    return [
        {
            "number": one.number,
            "sha256": one.sha256,
            "parties": [side.organisation.key for side in parties if rules.was_party(side, one.written_at)],
            "content": one.content,
            "accepted": accepted.get(one.pk, []),
        }
        for one in Charter.objects.filter(alliance=alliance).order_by("number")
        if rules.reads(party, one.written_at)
    ]


def _lines(standings: list[rules.Standing]) -> list[dict[str, Any]]:
    """Return every line as it was hashed, what was said of it, where it stands and what of it counts."""
    said, previous = [], rules.GENESIS
    for one in standings:
        words = [
            {"party": word.party.organisation.key, "said": word.kind, "value": word.value, "reason": word.reason,
             "at": word.said_at}
            for word in one.words
        ]  # fmt: skip
        standing = {"state": one.state, "counted": one.counted, "words": words}
        said.append({"hashed": rules.content_of(one.line, previous), "sha256": one.line.sha256, **standing})
        previous = one.line.sha256
    return said


def _milestones(alliance: Alliance, party: Party) -> list[dict[str, Any]]:
    """Return which milestones were reached, on which day, who said so and who confirmed it."""
    related = ("party__organisation", "confirming_party__organisation")
    return [
        {
            "milestone": one.milestone,
            "on": one.on,
            "party": one.party.organisation.key,
            "at": one.said_at,
            "confirmed_by": one.confirming_party.organisation.key if one.confirming_party else "",
            "confirmed_at": one.confirmed_at,
        }
        for one in Reached.objects.filter(alliance=alliance).select_related(*related).order_by("said_at", "pk")
        if one.confirmed_at is None or rules.reads(party, one.confirmed_at)
    ]


def _results(alliance: Alliance, parties: list[Party], party: Party) -> list[dict[str, Any]]:
    """Return every joint result with each division of it as it was hashed, and who agreed to it."""
    accepted: dict[int, list[dict[str, Any]]] = {}
    keys = {party.pk: party.organisation.key for party in parties}
    for one in SplitAcceptance.objects.filter(split__result__alliance=alliance).order_by("pk"):
        accepted.setdefault(one.split_id, []).append({"party": keys[one.party_id], "at": one.accepted_at})
    splits: dict[int, list[dict[str, Any]]] = {}
    for split in Split.objects.filter(result__alliance=alliance).select_related("result").order_by("number"):
        split.result.alliance = alliance
        among = [row["party"] for row in split.content["shares"]]
        hashed = rules.hashed_split(split.result, among, split.number, split.content, split.note)
        told = {"at": split.written_at, "accepted": accepted.get(split.pk, []), "agreed_at": split.agreed_at}
        splits.setdefault(split.result_id, []).append({"hashed": hashed, "sha256": split.sha256, **told})
    return [
        {"result": one.key, "title": one.title, "text": one.text, "splits": splits.get(one.pk, [])}
        for one in results_of(alliance, party).order_by("named_at", "pk")
    ]


def _closing(alliance: Alliance, parties: list[Party]) -> dict[str, Any] | None:
    """Return who asked to close and why; once it is closed, how each party rated each criterion, and who did not."""
    closing = closing_of(alliance)
    if closing is None:
        return None
    keys = {party.pk: party.organisation.key for party in parties}
    given = ratings_of(closing) if closing.closed_at is not None else []
    silent = set(keys) - {one.party_id for one in given} if closing.closed_at is not None else set()
    return {
        "asked_by": keys[closing.party_id],
        "reason": closing.reason,
        "asked_at": closing.asked_at,
        "until": closing.until,
        "charter": closing.charter.sha256,
        "criteria": rules.criteria_of(closing),
        "ratings": [
            {"party": keys[one.party_id], "marks": one.marks, "overall": one.overall, "words": one.words}
            for one in given
        ],
        "silent": sorted(keys[pk] for pk in silent),
        "closed_at": closing.closed_at,
    }


def _joinings(alliance: Alliance, parties: list[Party], party: Party) -> list[dict[str, Any]]:
    """Return every joining as it was hashed, with the charter as it would read, and what each side said of it."""
    found = joinings_of(alliance, party)
    said: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in found}
    for one in JoiningAnswer.objects.filter(joining__in=found).select_related("organisation").order_by("pk"):
        answer = {"party": one.organisation.key, "agrees": one.agrees, "reason": one.reason, "at": one.said_at}
        said[one.joining_id].append(answer)
    return [_joining(joining, alliance, parties, said[joining.pk]) for joining in reversed(found)]


def _joining(
    joining: Joining, alliance: Alliance, parties: list[Party], answers: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return one joining as it was hashed."""
    joining.alliance = alliance
    before = [side for side in parties if side.organisation_id != joining.organisation_id]
    keys = [side.organisation.key for side in before if rules.was_party(side, joining.proposed_at)]
    charter = {"number": joining.number, "content": joining.content}
    return {
        "hashed": rules.hashed_joining(joining),
        "sha256": joining.sha256,
        "charter": {**charter, "parties": [*keys, joining.organisation.key]},
        "answers": answers,
        "entered_at": joining.entered_at,
        "ended_at": joining.ended_at,
    }
