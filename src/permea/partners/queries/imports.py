"""Files of partners: those that wait, those that were taken over, and what was built on what they brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from permea.partners import rules
from permea.partners.models import Apart, Contact, Partner, PartnerImport
from permea.partners.queries.ties import fields_to, tied_parties, tied_subjects
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids


def managed_import(actor: Person, key: str) -> PartnerImport:
    """Return a file of a firm the actor manages. Raises Http404 for all others."""
    rows = PartnerImport.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    return get_object_or_404(rows.select_related("organisation"), key=key)


def imports_of(organisation: Organisation) -> QuerySet[PartnerImport]:
    """Return the files a firm has taken over, the newest first."""
    rows = PartnerImport.objects.filter(organisation=organisation, taken_at__isnull=False).defer("content")
    return rows.select_related("uploaded_by").order_by("-taken_at", "-pk")


def stale_imports(before: datetime) -> QuerySet[PartnerImport]:
    """Return files that nobody took over in time."""
    return PartnerImport.objects.filter(taken_at__isnull=True, uploaded_at__lt=before)


def known_partners(organisation: Organisation) -> rules.KnownPartners:
    """Return whom a firm knows, put away or not: partners by their marks, and the people at each."""
    rows = Partner.objects.filter(organisation=organisation).order_by("-pk")
    partners = list(rows.values_list("party__name", "pk", "merged_into_id"))
    merged = {pk: into for _name, pk, into in partners if into}
    people = defaultdict[int, set[str]](set)
    for partner_id, name, email in Contact.objects.filter(organisation=organisation).values_list(
        "partner_id", "name", "email"
    ):
        people[partner_id] |= {rules.person_mark(name, email), rules.folded(name)}
    return rules.KnownPartners(
        partners={rules.partner_mark(name): _kept(pk, merged) for name, pk, _into in partners},
        people={partner_id: frozenset(marks) for partner_id, marks in people.items()},
    )


def _kept(pk: int, merged: Mapping[int, int]) -> int:
    """Return the partner that was kept where this one was merged into another, else this one."""
    while pk in merged:
        pk = merged[pk]
    return pk


def in_use(found: PartnerImport) -> list[str]:
    """Return the names of partners that an import brought, or brought people to, and that something was built on."""
    brought = Partner.objects.filter(brought_by=found)
    used = Q(changed_at__isnull=False) | Q(archived_at__isnull=False) | ~Q(stage=Partner.Stage.KNOWN)
    rows_of_others = [*tied_parties(brought), *_tied_partners(brought, found), *tied_subjects()]
    for rows in rows_of_others:
        used |= rows
    touched = brought.filter(used) | Partner.objects.filter(pk__in=_invited(found).values("partner_id"))
    return list(touched.order_by("party__name", "pk").distinct().values_list("party__name", flat=True))


def _invited(found: PartnerImport) -> QuerySet[Contact]:
    """Return the people an import brought who were invited or are guests since."""
    is_asked = Q(invited_at__isnull=False) | Q(person__isnull=False)
    return Contact.objects.filter(is_asked, brought_by=found)


def _tied_partners(brought: QuerySet[Partner], found: PartnerImport) -> Iterator[Q]:
    """Yield for each kind of row about partners which of these it is about, what the import brought itself aside."""
    for field in (one for one in fields_to(Partner) if one.model is not Apart):
        rows = field.model._default_manager.filter(**{f"{field.name}__in": brought.values("pk")})  # noqa: SLF001 - Django's own name
        rows = rows.exclude(brought_by=found) if field.model is Contact else rows
        yield Q(pk__in=rows.values(field.attname))
