"""Writing terms: a new version, the standard texts, an acceptance."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import TermsAccepted, TermsPublished
from permea.agreements.models import Acceptance, Terms
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage


@transaction.atomic
def publish_terms(
    *,
    organisation: Organisation,
    kind: str,
    language: str,
    title: str,
    body: str,
    at: datetime,
    actor: Person | None = None,
) -> Terms:
    """Put the next version of a text in force and return it; without an actor the product itself speaks.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_publish_terms` says.
    """
    if actor is not None:
        demand(why_not_manage(role_in(actor, organisation.pk)))
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    latest = queries.latest_terms(organisation, kind, language)
    demand(rules.why_not_publish_terms(latest, title, body))
    terms = _version(organisation, kind=kind, language=language, title=title, body=body, at=at)
    terms.version = latest.version + 1 if latest else 1
    terms.save()
    publish(TermsPublished(terms_id=terms.pk, at=at))
    return terms


def _version(organisation: Organisation, *, kind: str, language: str, title: str, body: str, at: datetime) -> Terms:
    """Return a first version of a text, not stored yet."""
    return Terms(
        organisation=organisation,
        kind=kind,
        version=1,
        language=language,
        title=title.strip(),
        body=rules.tidy(body),
        sha256=rules.fingerprint(title, body),
        published_at=at,
    )


@transaction.atomic
def ensure_standard_terms(*, organisation: Organisation, at: datetime) -> list[Terms]:
    """Put the product's own texts in force where the organisation has none yet; return what was added."""
    if not _standard_texts_lacking(organisation):
        return []
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    added = Terms.objects.bulk_create(
        _version(organisation, kind=text.kind, language=text.language, title=text.title, body=text.body, at=at)
        for text in _standard_texts_lacking(organisation)
    )
    for terms in added:
        publish(TermsPublished(terms_id=terms.pk, at=at))
    return added


def _standard_texts_lacking(organisation: Organisation) -> list[queries.StandardText]:
    """Return the product's texts of the kinds and languages of which the organisation has none."""
    present = set(Terms.objects.filter(organisation=organisation).values_list("kind", "language"))
    return [text for text in queries.standard_texts() if (text.kind, text.language) not in present]


@transaction.atomic
def accept_terms(
    *,
    terms: Terms,
    person: Person,
    subject_key: str,
    at: datetime,
    method: str = "click",
    challenge_key: str = "",
) -> Acceptance:
    """Record that a person accepts a version of a text for one subject; the second time changes nothing."""
    acceptance, is_new = Acceptance.objects.get_or_create(
        terms=terms, person=person, subject_key=subject_key, defaults={"accepted_at": at, "method": method}
    )
    if is_new:
        record_crossing(
            organisation=terms.organisation,
            kind="terms.accepted",
            direction="in",
            depth="invited",
            subject_type="acceptance",
            subject_key=acceptance.key,
            at=at,
            actor=person,
            counterparty=person,
            challenge_key=challenge_key,
            terms_key=terms.key,
            facts={
                "for": subject_key,
                "kind": terms.kind,
                "language": terms.language,
                "method": method,
                "sha256": terms.sha256,
                "version": terms.version,
            },
        )
        publish(TermsAccepted(acceptance_id=acceptance.pk, at=at))
    return acceptance
