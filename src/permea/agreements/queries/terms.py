"""Reading terms: what is in force, what was, and who accepted what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import Count
from django.shortcuts import get_object_or_404

from permea.agreements.models import Acceptance, Terms
from permea.people.models import Organisation, Person

DATA = Path(__file__).parents[1] / "data"
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class StandardText:
    """A terms text that comes with the product."""

    kind: str
    language: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class TermsLine:
    """A kind of terms in one language: the version in force and how many came before."""

    current: Terms
    earlier: list[Terms]
    n_accepted: int


@dataclass(frozen=True, slots=True)
class TermsPage:
    """A version as the world reads it, and its neighbours."""

    terms: Terms
    before: Terms | None
    latest: Terms
    translations: list[Terms]


@cache
def standard_texts() -> tuple[StandardText, ...]:
    """Return the texts that come with the product, by kind and language."""
    texts = []
    for path in sorted(DATA.glob("*.md")):
        kind, language = path.stem.split(".")
        title, body = path.read_text(encoding="utf-8").split("\n", 1)
        texts.append(StandardText(kind, language, title.removeprefix("# ").strip(), body.strip()))
    return tuple(texts)


def terms_page(key: str) -> TermsPage:
    """Return one published version of a text, for anybody. Raises Http404 if there is none."""
    terms = get_object_or_404(Terms.objects.select_related("organisation"), key=key)
    family = list(Terms.objects.filter(organisation=terms.organisation_id, kind=terms.kind).order_by("version"))
    same = [row for row in family if row.language == terms.language]
    newest = {row.language: row for row in family}
    return TermsPage(
        terms=terms,
        before=next((row for row in same if row.version == terms.version - 1), None),
        latest=same[-1],
        translations=[row for language, row in sorted(newest.items()) if language != terms.language],
    )


def latest_terms(organisation: Organisation, kind: str, language: str) -> Terms | None:
    """Return the newest version in exactly this language, or None."""
    versions = Terms.objects.filter(organisation=organisation, kind=kind, language=language)
    return versions.order_by("-version").first()


def current_terms(organisation: Organisation, kind: str, language: str) -> Terms | None:
    """Return the newest version in this language, else the English one, else None."""
    return latest_terms(organisation, kind, language) or latest_terms(organisation, kind, FALLBACK)


def terms_choices(organisation: Organisation, kinds: Iterable[str], language: str) -> list[Terms]:
    """Return the version in force of each kind, in the order asked for, in this language or else in English."""
    wanted = list(kinds)
    rows = Terms.objects.filter(organisation=organisation, kind__in=wanted, language__in=[language, FALLBACK])
    newest: dict[str, Terms] = {}
    for terms in sorted(rows, key=lambda row: (row.language == language, row.version)):
        newest[terms.kind] = terms
    return [newest[kind] for kind in wanted if kind in newest]


def has_accepted(person: Person, terms: Terms, subject_key: str) -> bool:
    """Say whether the person accepted exactly this version for this subject."""
    return Acceptance.objects.filter(person=person, terms=terms, subject_key=subject_key).exists()


def terms_lines(actor: Person, organisation: Organisation) -> list[TermsLine]:
    """Return every kind and language with its version in force and the earlier ones, for the organisation's people."""
    del actor
    rows = Terms.objects.filter(organisation=organisation).order_by("kind", "language", "-version")
    counts = Acceptance.objects.filter(terms__organisation=organisation).values_list("terms").annotate(n=Count("pk"))
    accepted = Counter(dict(counts))
    grouped: dict[tuple[str, str], list[Terms]] = {}
    for terms in rows:
        grouped.setdefault((terms.kind, terms.language), []).append(terms)
    order = [kind.value for kind in Terms.Kind]
    return [
        TermsLine(current=versions[0], earlier=versions[1:], n_accepted=sum(accepted[row.pk] for row in versions))
        for _key, versions in sorted(
            grouped.items(), key=lambda item: (order.index(item[0][0]), item[0][1] != FALLBACK)
        )
    ]


def managed_terms(actor: Person, organisation: Organisation, key: str) -> Terms:
    """Return the version in force of a text, by any version's key. Raises Http404 for another organisation's."""
    del actor
    named = get_object_or_404(Terms, organisation=organisation, key=key)
    return latest_terms(organisation, named.kind, named.language) or named
