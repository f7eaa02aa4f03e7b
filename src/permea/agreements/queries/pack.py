"""The pack for a lawyer: every version, tracked changes between them, what was chosen, what to look at."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import count, pairwise
from typing import Any
from xml.sax.saxutils import quoteattr

from permea.agreements.models import Agreement, AgreementVersion
from permea.agreements.queries.agreements import party_name
from permea.agreements.queries.ip_papers import ip_document
from permea.agreements.queries.library import checklist
from permea.agreements.queries.papers import paper_of
from permea.agreements.queries.word import HEADING, word_file, word_text
from permea.surface.components import word_diff

Run = tuple[str, str]
BREAK = "\n"


def lawyer_pack(agreement: Agreement) -> bytes:
    """Return the pack of an agreement as a ZIP file."""
    related = ("written_by", "by_party__organisation", "by_party__person")
    versions = list(agreement.versions.select_related(*related).order_by("number"))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for version in versions:
            file.writestr(f"version-{version.number}.md", f"# {agreement.title}{BREAK * 2}{version.body}{BREAK}")
            file.writestr(f"version-{version.number}.pdf", paper_of(version))
            file.writestr(f"version-{version.number}.docx", _document([("same", version.body)], agreement, version))
        for before, after in pairwise(versions):
            changed = [(piece.kind, piece.text) for piece in word_diff(before.body, after.body)]
            file.writestr(f"changes-{before.number}-to-{after.number}.docx", _document(changed, agreement, after))
        file.writestr("ip-table.json", json.dumps(ip_document(agreement), ensure_ascii=False, indent=2))
        file.writestr("agreement.json", json.dumps(_facts(agreement, versions), ensure_ascii=False, indent=2))
    return held.getvalue()


def _facts(agreement: Agreement, versions: Iterable[AgreementVersion]) -> dict[str, Any]:
    """Return what was chosen and what to look at, ready for JSON."""
    looked = checklist(agreement.law, agreement.language)
    return {
        "key": agreement.key,
        "kind": agreement.kind,
        "title": agreement.title,
        "status": agreement.status,
        "governing_law": agreement.law,
        "firm": agreement.organisation.name,
        "partners": [party_name(party) for party in agreement.parties.all()],
        "checklist": looked.check,
        "ask_a_lawyer": looked.ask,
        "versions": [
            {
                "number": version.number,
                "sha256": version.sha256,
                "written_at": version.written_at.isoformat(),
                "written_by": _side(agreement, version),
                "note": version.note,
                "options": version.options,
            }
            for version in versions
        ],
    }


def _side(agreement: Agreement, version: AgreementVersion) -> str:
    """Return which side wrote a version."""
    return party_name(version.by_party) if version.by_party else agreement.organisation.name


def _document(runs: Iterable[Run], agreement: Agreement, version: AgreementVersion) -> bytes:
    """Return a DOCX file of a text; what was taken out and put in stands there as tracked changes."""
    written_at = version.written_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    who = f"w:author={quoteattr(_side(agreement, version))} w:date={quoteattr(written_at)}"
    marks = count(1)
    return word_file(agreement.title, [_paragraph(paragraph, who, marks) for paragraph in _paragraphs(runs)])


def _paragraphs(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Yield the runs of each paragraph; empty ones are left out."""
    paragraph: list[Run] = []
    for kind, text in runs:
        first, *others = text.split(BREAK)
        paragraph.append((kind, first))
        for other in others:
            yield paragraph
            paragraph = [(kind, other)]
    yield paragraph


def _paragraph(runs: list[Run], who: str, marks: Iterator[int]) -> str:
    """Return a paragraph as Word writes it, nothing for an empty one; a heading is bold."""
    whole = "".join(text for _kind, text in runs)
    if not whole.strip():
        return ""
    look = HEADING if whole.lstrip().startswith("#") else ""
    parts = []
    for kind, text in runs:
        said = text.replace("## ", "").replace("**", "").strip("*")
        run = f"<w:r>{look}{word_text(said, 'delText' if kind == 'out' else 't')}</w:r>"
        mark = {"out": "del", "in": "ins"}.get(kind)
        parts.append(f'<w:{mark} w:id="{next(marks)}" {who}>{run}</w:{mark}>' if mark else run)
    return f"<w:p>{''.join(parts)}</w:p>"
