"""Writing what the firm has in hand about the title to a chosen idea, and handing its chain of title out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.foundation.refusals import demand
from permea.ideas.models import Idea
from permea.ideas.queries import credited
from permea.ledger.services import record_export
from permea.people.models import Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage
from permea.selection import queries, rules
from permea.selection.models import TitleEvidence

GONE = "–"


@transaction.atomic
def record_title_evidence(
    *, idea_id: int, kind: str, person_key: str, words: str, document_sha256: str, actor: Person, at: datetime
) -> TitleEvidence:
    """Record what closes a gap in the title to an idea; the same sent twice is recorded once.

    Raises RefusedError as `rules.why_not_record_evidence` says.
    """
    idea = Idea.objects.select_for_update(of=("self",)).get(pk=idea_id)
    demand(why_not_manage(role_in(actor, idea.organisation_id)))
    people = {person.key: person for person in credited(idea)}
    sha256 = document_sha256.strip().lower()
    demand(rules.why_not_record_evidence(words, sha256, person_key, people))
    made = TitleEvidence(
        idea=idea,
        kind=kind,
        person=people.get(person_key),
        words=words.strip(),
        document_sha256=sha256,
        recorded_by=actor,
        recorded_at=at,
    )
    again = queries.recorded_just_now(made, at)
    if again is not None:
        return again
    made.save()
    return made


@transaction.atomic
def strike_title_evidence(*, evidence_id: int, actor: Person, at: datetime) -> TitleEvidence:
    """Strike what was recorded by mistake; it stays readable.

    Raises RefusedError as `rules.why_not_strike_evidence` says.
    """
    evidence = TitleEvidence.objects.select_for_update(of=("self",)).select_related("idea").get(pk=evidence_id)
    demand(why_not_manage(role_in(actor, evidence.idea.organisation_id)))
    demand(rules.why_not_strike_evidence(evidence))
    evidence.struck_at, evidence.struck_by = at, actor
    evidence.save(update_fields=["struck_at", "struck_by"])
    return evidence


@transaction.atomic
def export_title(*, idea: Idea, document: str, n_checks: int, actor: Person, at: datetime) -> bytes:
    """Hand the chain of title of an idea out as a file, and enter that in the ledger with the file's hash.

    Raises RefusedError to non-managers.
    """
    demand(why_not_manage(role_in(actor, idea.organisation_id)))
    return record_export(
        organisation=idea.organisation,
        kind="title.exported",
        table=document,
        n_rows=n_checks,
        actor=actor,
        at=at,
        challenge_key=idea.challenge.key,
    )


@transaction.atomic
def forget_title_words(*, person_id: int) -> int:
    """Empty the words about an erased person; that something is in hand, and its fingerprint, stay. Return how many."""
    return TitleEvidence.objects.filter(person_id=person_id).exclude(words=GONE).update(words=GONE)
