"""Handing in, revising and withdrawing: each time a version, a crossing and a receipt."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from permea.challenges.rules import steps_of, widest_circle
from permea.challenges.services import count_entry
from permea.foundation.events import publish
from permea.foundation.refusals import Refusal, demand
from permea.ideas import queries, rules
from permea.ideas.events import IdeaRevised, IdeaSubmitted, IdeaWithdrawn
from permea.ideas.models import Attachment, Idea, IdeaVector, IdeaVersion
from permea.ideas.services.common import apply, locked
from permea.ledger.models import Crossing
from permea.ledger.services import issue_receipt, record_crossing
from permea.people.models import Person


@transaction.atomic
def submit_idea(*, idea_id: int, actor: Person, at: datetime) -> Idea:
    """Hand in what the editor shows as the next version; with nothing new since the last one, change nothing.

    What was withdrawn is handed in again by its author alone. Raises RefusedError as `rules.why_not_submit` and
    `rules.why_not_author` say.
    """
    idea = locked(idea_id)
    fields = rules.edited(idea)
    files = list(queries.live_attachments(idea))
    if idea.status == Idea.Status.SUBMITTED and not queries.has_changes(idea, files):
        demand(_why_not_mine(actor, idea))
        return idea
    demand(
        rules.why_not_submit(
            idea,
            fields,
            is_contributor=queries.is_contributor(actor, idea),
            has_accepted=queries.has_accepted_terms(actor, idea.challenge),
            at=at,
        )
    )
    if idea.status == Idea.Status.WITHDRAWN:
        demand(rules.why_not_author(is_author=queries.acts_as_author(actor, idea)))
    is_revision = idea.status == Idea.Status.SUBMITTED
    version = _hand_in(idea, fields, files, actor, at)
    crossing = _record(idea, version, actor, "idea.revised" if is_revision else "idea.submitted", at)
    version.receipt_key = _receipt(idea, version, crossing, actor, at)
    version.save(update_fields=["receipt_key"])
    if not is_revision:
        count_entry(challenge_id=idea.challenge_id, change=1)
    fact = IdeaRevised if is_revision else IdeaSubmitted
    publish(fact(idea_id=idea.pk, challenge_id=idea.challenge_id, receipt_key=version.receipt_key, at=at))
    return idea


@transaction.atomic
def revise_idea(*, idea_id: int, actor: Person, at: datetime) -> Idea:
    """Hand the changes of a handed-in idea in as its next version.

    Raises RefusedError if the idea is not handed in, and as `rules.why_not_submit` says.
    """
    idea = locked(idea_id)
    demand(_why_not_mine(actor, idea))
    demand(rules.why_not_revise(idea))
    return submit_idea(idea_id=idea_id, actor=actor, at=at)


@transaction.atomic
def withdraw_idea(*, idea_id: int, actor: Person, at: datetime) -> Idea:
    """Take a handed-in idea back; the second time changes nothing. It can be handed in again until the deadline.

    Raises RefusedError as `rules.why_not_withdraw` and `rules.why_not_author` say.
    """
    idea = locked(idea_id)
    demand(rules.why_not_withdraw(idea, is_contributor=queries.is_contributor(actor, idea), at=at))
    demand(rules.why_not_author(is_author=queries.acts_as_author(actor, idea)))
    if idea.status == Idea.Status.WITHDRAWN:
        return idea
    idea.status, idea.withdrawn_at = Idea.Status.WITHDRAWN, at
    idea.save(update_fields=["status", "withdrawn_at"])
    IdeaVector.objects.filter(idea=idea).delete()
    count_entry(challenge_id=idea.challenge_id, change=-1)
    record_crossing(
        organisation=idea.challenge.organisation,
        kind="idea.withdrawn",
        direction=Crossing.Direction.OUT,
        depth=Crossing.Depth.INVITED,
        subject_type="idea",
        subject_key=idea.key,
        at=at,
        actor=actor,
        counterparty=actor,
        challenge_key=idea.challenge.key,
        facts={"version": idea.n_versions},
    )
    publish(IdeaWithdrawn(idea_id=idea.pk, challenge_id=idea.challenge_id, at=at))
    return idea


def _why_not_mine(actor: Person, idea: Idea) -> Refusal | None:
    """Return why the actor has no say over the idea, or None if they have."""
    return rules.why_not_contributor(is_contributor=queries.is_contributor(actor, idea))


def _hand_in(
    idea: Idea, fields: dict[str, object], files: list[Attachment], actor: Person, at: datetime
) -> IdeaVersion:
    """Make the idea say what the editor shows, and write that down as its next version."""
    apply(idea, fields)
    idea.search_text = rules.search_text_of(idea.title, idea.summary)
    if idea.status != Idea.Status.SUBMITTED:
        idea.shown_to = widest_circle(steps_of(idea.challenge))
    idea.pending, idea.status, idea.withdrawn_at = None, Idea.Status.SUBMITTED, None
    idea.submitted_at = idea.saved_at = at
    idea.n_versions += 1
    idea.n_files = len(files)
    idea.save()
    content = rules.content_of(fields, files, salt=secrets.token_hex(16))
    Attachment.objects.filter(pk__in=[file.pk for file in files], handed_in_at=None).update(handed_in_at=at)
    return IdeaVersion.objects.create(
        idea=idea,
        number=idea.n_versions,
        content=content,
        sha256=rules.fingerprint(content),
        made_at=at,
        made_by=actor,
    )


def _record(idea: Idea, version: IdeaVersion, actor: Person, kind: str, at: datetime) -> Crossing:
    """Append to the ledger that this version came in: its fingerprint, not its content."""
    personal = {"email": actor.email or "", "name": actor.name, "affiliation": idea.affiliation}
    terms = idea.challenge.participation_terms
    return record_crossing(
        organisation=idea.challenge.organisation,
        kind=kind,
        direction=Crossing.Direction.IN,
        depth=Crossing.Depth.INVITED,
        subject_type="idea",
        subject_key=idea.key,
        at=at,
        actor=actor,
        counterparty=actor,
        challenge_key=idea.challenge.key,
        terms_key=terms.key if terms else "",
        facts={"version": version.number, "sha256": version.sha256, **queries.stated_credit(idea)},
        personal={name: value for name, value in personal.items() if value},
        person=actor,
    )


def _receipt(idea: Idea, version: IdeaVersion, crossing: Crossing, actor: Person, at: datetime) -> str:
    """Issue the signed receipt of a version and return its key."""
    facts = {
        "challenge": idea.challenge.key,
        "challenge_title": idea.challenge.title,
        "idea": idea.key,
        "version": version.number,
        "content_sha256": version.sha256,
        "files": [{"name": file["name"], "sha256": file["sha256"]} for file in version.content["files"]],
    }
    return issue_receipt(crossing=crossing, person=actor, facts=facts, at=at).key
