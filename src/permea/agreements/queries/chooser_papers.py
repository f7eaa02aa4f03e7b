"""The term sheet of the chooser as a Word file, to talk about and to hand to a lawyer."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from permea.agreements.queries.chooser import Compared, RunPage
from permea.agreements.queries.library import checklist
from permea.agreements.queries.word import heading, line, word_file


def sheet_file(page: RunPage, compared: Compared, language: str) -> bytes:
    """Return what both sides see of a finished round as a DOCX file, the same for both."""
    return word_file(page.run.title, _paragraphs(page, compared, language))


def _paragraphs(page: RunPage, compared: Compared, language: str) -> Iterator[str]:
    """Yield the paragraphs of a term sheet."""
    firm, partner = page.run.organisation.name, page.run.partner.name
    yield line(f"{firm} · {partner}")
    yield line(gettext("This is no contract and binds nobody. A starting point for talks, not legal advice."))
    yield heading(gettext("What we recommend"))
    yield line(" / ".join(compared.kinds), label=gettext("Kind of agreement"))
    ways = " / ".join(option.text for option in compared.options)
    yield line(ways, label=gettext("Owning and using the results"))
    yield heading(gettext("Why"))
    yield from (line(f"– {reason.text}") for reason in compared.reasons)
    yield heading(gettext("Term sheet"))
    yield from (line(text, label=label) for label, text in compared.lines)
    yield heading(gettext("Where you differ"))
    yield from _differences(page, compared, firm, partner)
    yield heading(gettext("Ask a lawyer if"))
    yield from (line(f"– {said}") for said in checklist("", language).ask)


def _differences(page: RunPage, compared: Compared, firm: str, partner: str) -> Iterator[str]:
    """Yield the questions that both sides answered differently, with both answers."""
    words = {"yes": gettext("Yes"), "no": gettext("No"), "unsure": gettext("Unsure")}
    for each in compared.differences:
        mark = f" ({gettext('changes the result')})" if each.is_decisive else ""
        said = f"{firm}: {words.get(each.host, '–')}; {partner}: {words.get(each.partner, '–')}{mark}"
        yield line(said, label=page.names[each.question])
    if not compared.differences:
        yield line(gettext("Nowhere: both sides gave the same answers."))
