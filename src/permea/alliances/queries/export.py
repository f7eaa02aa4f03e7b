"""An alliance as one document, from which anybody can compute its balance again and check every hash."""

from __future__ import annotations

from typing import Any

from permea.alliances import rules
from permea.alliances.models import Acceptance, Alliance, Charter, Party, PulseAnswer
from permea.alliances.queries.lines import standings_of
from permea.ledger.chain import plain

FORMAT, VERSION = "permea-alliance", 1


def document_of(alliance: Alliance) -> dict[str, Any]:
    """Return all of an alliance as plain values; people are left out, organisations go by key."""
    parties = list(alliance.parties.all())
    found = standings_of(alliance)
    content = {
        "format": FORMAT,
        "version": VERSION,
        "alliance": alliance.key,
        "title": alliance.title,
        "currency": alliance.currency,
        "live_since": alliance.live_since,
        "parties": [{"key": one.organisation.key, "name": one.organisation.name} for one in parties],
        "charters": _charters(alliance),
        "lines": _lines(list(found.values())),
        "pulse": _pulse(alliance, parties),
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


def _pulse(alliance: Alliance, parties: list[Party]) -> list[dict[str, Any]]:
    """Return the marks of every quarter that all parties have answered."""
    rounds = rules.full_rounds(
        parties, PulseAnswer.objects.filter(alliance=alliance).select_related("party__organisation")
    )
    return [
        {"quarter": one.quarter, "marks": {said.party.organisation.key: said.marks for said in one.answers}}
        for one in rounds
    ]


def _charters(alliance: Alliance) -> list[dict[str, Any]]:
    """Return every version of the charter with its hash and who accepted it."""
    accepted: dict[int, list[dict[str, Any]]] = {}
    rows = Acceptance.objects.filter(charter__alliance=alliance).select_related("party__organisation").order_by("pk")
    for one in rows:
        said = {"party": one.party.organisation.key, "at": one.accepted_at}
        accepted.setdefault(one.charter_id, []).append(said)
    return [
        {"number": one.number, "sha256": one.sha256, "content": one.content, "accepted": accepted.get(one.pk, [])}
        for one in Charter.objects.filter(alliance=alliance).order_by("number")
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
