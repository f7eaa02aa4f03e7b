"""The chain of title as a document, and what it holds about a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from permea.people.models import Person
from permea.selection.models import TitleEvidence
from permea.selection.queries.title import TitlePage


def title_document(page: TitlePage) -> dict[str, Any]:
    """Return the chain of title of an idea for a lawyer, ready for JSON."""
    idea = page.line.idea
    return {
        "format": "permea-title",
        "version": 1,
        "idea": {"key": idea.key, "title": idea.title, "source": idea.source},
        "challenge": {"key": idea.challenge.key, "title": idea.challenge.title},
        "is_complete": page.line.is_complete,
        "people": [asdict(person) for person in page.line.people],
        "checks": [asdict(check) for check in page.line.checks],
        "evidence": [_evidence_document(one) for one in page.line.evidence],
        "ledger": [
            {"number": one.number, "kind": one.kind, "at": one.crossed_at.isoformat(), "hash": one.hash}
            for one, _kind in page.crossings
        ],
    }


def _evidence_document(one: TitleEvidence) -> dict[str, Any]:
    """Return evidence, ready for JSON."""
    return {
        "kind": one.kind,
        "about": one.person.key if one.person else None,
        "words": one.words,
        "document_sha256": one.document_sha256,
        "recorded_at": one.recorded_at.isoformat(),
        "struck_at": one.struck_at.isoformat() if one.struck_at else None,
    }


def title_data(person: Person) -> dict[str, Any]:
    """Return what firms recorded about a person as evidence of title."""
    rows = TitleEvidence.objects.filter(person=person).select_related("idea").order_by("pk")
    return {"title_evidence": [{"idea": one.idea.key, **_evidence_document(one)} for one in rows]}
