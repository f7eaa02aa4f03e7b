"""Partners that are probably the same, those kept apart, and those merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from permea.foundation.refusals import Refusal
from permea.partners import rules
from permea.partners.models import Apart, Contact, Partner, PartnerMerge
from permea.partners.queries.ties import tied_parties
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Twins:
    """Two partners that are probably the same, by what one can tell, and why one cannot be merged into the other."""

    first: Partner
    second: Partner
    reasons: tuple[rules.Reason, ...]
    why_not_first_gone: Refusal | None
    why_not_second_gone: Refusal | None


@dataclass(frozen=True, slots=True)
class DuplicatesPage:
    """The pairs of one page, and what was said of others."""

    page: Page[rules.Pair]
    twins: list[Twins]
    apart: list[Apart]
    merges: list[PartnerMerge]


def duplicates_of(organisation: Organisation, *, page: int) -> DuplicatesPage:
    """Return a page of a firm's pairs, without those that were kept apart."""
    apart = Apart.objects.filter(organisation=organisation).select_related("first__party", "second__party")
    known = {(one.first_id, one.second_id) for one in apart}
    pairs = [pair for pair in rules.pairs_of(_listed(organisation)) if (pair.first, pair.second) not in known]
    shown = Paginator(pairs, PER_PAGE).get_page(page)
    return DuplicatesPage(
        page=shown,
        twins=_twins(list(shown)),
        apart=list(apart.order_by("-said_at", "-pk")),
        merges=list(_merges().filter(organisation=organisation, undone_at__isnull=True).order_by("-merged_at", "-pk")),
    )


def _listed(organisation: Organisation) -> list[rules.Listed]:
    """Return a firm's partners as they are compared, the oldest first; who is put away is not."""
    emails = defaultdict[int, list[str]](list)
    rows = Contact.objects.filter(organisation=organisation).exclude(email="")
    for partner_id, email in rows.values_list("partner_id", "email"):
        emails[partner_id].append(email)
    partners = Partner.objects.filter(organisation=organisation, archived_at__isnull=True).order_by("pk")
    columns = ("pk", "party__name", "party__country", "website")
    return [
        rules.listed(pk, name, country=country, website=website, emails=emails[pk])
        for pk, name, country, website in partners.values_list(*columns)
    ]


def _twins(pairs: Collection[rules.Pair]) -> list[Twins]:
    """Return pairs with their partners, and which of both has to be kept."""
    keys = {key for pair in pairs for key in (pair.first, pair.second)}
    partners = Partner.objects.select_related("party", "owner").in_bulk(keys)
    tied = tied_ids(keys)
    return [
        Twins(
            first,
            second,
            pair.reasons,
            rules.why_not_merge(first, second, has_ties=first.pk in tied),
            rules.why_not_merge(second, first, has_ties=second.pk in tied),
        )
        for pair in pairs
        for first, second in [(partners[pair.first], partners[pair.second])]
    ]


def tied_ids(partner_ids: Collection[int]) -> set[int]:
    """Return which of these partners have guests, invitations, agreements or anything else that other steps hold."""
    partners = Partner.objects.filter(pk__in=partner_ids)
    return set(partners.filter(reduce(or_, tied_parties(partners), Q(pk__in=()))).values_list("pk", flat=True))


def _merges() -> QuerySet[PartnerMerge]:
    """Return merges with both partners."""
    return PartnerMerge.objects.select_related("organisation", "gone__party", "kept__party", "merged_by")


def managed_merge(actor: Person, key: str) -> PartnerMerge:
    """Return a merge in a firm the actor manages. Raises Http404 for all others."""
    return get_object_or_404(_merges().filter(organisation_id__in=managed_organisation_ids(actor)), key=key)
