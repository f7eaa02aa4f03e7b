"""What becomes of postings: considered, merged, made a challenge, answered; and what goes of their senders in time."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.challenges.services import draft_challenge, save_brief
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ideas import rules
from permea.ideas.events import PostingAnswered
from permea.ideas.models import Posting, PostingStep
from permea.ideas.services.box import locked_posting, part, take_out
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person
from permea.people.queries import role_in


def _log(
    posting: Posting, what: str, actor: Person, at: datetime, *, other: Posting | None = None, reason: str = ""
) -> None:
    """Write down what was done with a posting."""
    PostingStep.objects.create(posting=posting, what=what, person=actor, other=other, reason=reason, at=at)


@transaction.atomic
def consider(*, posting_id: int, actor: Person, at: datetime) -> Posting:
    """Tell the sender that somebody looks into it; the second time changes nothing.

    Raises RefusedError as `rules.why_not_consider` says.
    """
    posting = locked_posting(posting_id)
    demand(rules.why_not_consider(posting, role=role_in(actor, posting.organisation_id)))
    if posting.status == Posting.Status.NEW:
        posting.status = Posting.Status.CONSIDERED
        posting.save(update_fields=["status"])
        _log(posting, PostingStep.What.CONSIDERED, actor, at)
    return posting


@transaction.atomic
def answer_posting(
    *, posting_id: int, outcome: str, words: str, actor: Person, at: datetime, reason: str = ""
) -> Posting:
    """Tell the sender, and everybody whose posting is merged into this one, what becomes of it.

    Raises RefusedError as `rules.why_not_answer_posting` says.
    """
    posting = locked_posting(posting_id)
    role = role_in(actor, posting.organisation_id)
    demand(rules.why_not_answer_posting(posting, role=role, outcome=outcome, reason=reason, words=words))
    posting.status, posting.reason, posting.answer = outcome, reason, words.strip()
    posting.answered_at, posting.answered_by = at, actor
    posting.save(update_fields=["status", "reason", "answer", "answered_at", "answered_by"])
    _log(posting, PostingStep.What.ANSWERED, actor, at)
    for told in (posting, *posting.merged.order_by("pk")):
        _deliver(told, posting, actor, at)
    return posting


def _deliver(posting: Posting, main: Posting, actor: Person, at: datetime) -> None:
    """Record that the main posting's answer goes to this one's sender, and announce it."""
    record_crossing(
        organisation=main.organisation,
        kind="posting.answered",
        direction=Crossing.Direction.OUT,
        depth=Crossing.Depth.INVITED,
        subject_type="posting",
        subject_key=posting.key,
        at=at,
        actor=actor,
        counterparty=posting.sender,
        facts={
            "outcome": main.status,
            "reason": main.reason,
            "answered_with": main.key,
            "text_sha256": hashlib.sha256(main.answer.encode()).hexdigest(),
        },
    )
    publish(PostingAnswered(posting_id=posting.pk, at=at))


@transaction.atomic
def merge_posting(*, posting_id: int, main_id: int | None, why: str, actor: Person, at: datetime) -> Posting:
    """Let one posting be answered with another; if that one is answered already, the sender is told at once.

    Raises RefusedError as `rules.why_not_merge_posting` says.
    """
    rows = Posting.objects.select_for_update(of=("self",)).select_related("organisation", "merged_into")
    found = {row.pk: row for row in rows.filter(pk__in=[posting_id, main_id or posting_id]).order_by("pk")}
    posting, main = found[posting_id], found.get(main_id or 0)
    role, n_merged = role_in(actor, posting.organisation_id), posting.merged.count()
    demand(rules.why_not_merge_posting(posting, main, role=role, n_merged=n_merged, why=why))
    posting.status, posting.merged_into = Posting.Status.MERGED, main
    posting.save(update_fields=["status", "merged_into"])
    _log(posting, PostingStep.What.MERGED, actor, at, other=main, reason=why.strip()[: rules.MAX_WHY])
    if main is not None and main.answered_at is not None:
        _deliver(posting, main, actor, at)
    return posting


@transaction.atomic
def unmerge_posting(*, posting_id: int, actor: Person, at: datetime) -> Posting:
    """Undo a merging: it waits for an answer of its own again. Raises RefusedError as `rules.why_not_unmerge` says."""
    posting = locked_posting(posting_id)
    demand(rules.why_not_unmerge(posting, role=role_in(actor, posting.organisation_id)))
    part(posting, actor, at)
    return posting


@transaction.atomic
def draft_challenge_of(*, posting_id: int, actor: Person, at: datetime) -> Challenge:
    """Start a challenge whose problem is what this need says, and what was merged into it.

    The need still waits for its answer. Raises RefusedError as `rules.why_not_draft_challenge` says.
    """
    posting = locked_posting(posting_id)
    demand(rules.why_not_draft_challenge(posting, role=role_in(actor, posting.organisation_id)))
    challenge = draft_challenge(
        organisation=posting.organisation,
        template="",
        title=posting.title,
        goal=None,
        actor=actor,
        at=at,
        language=posting.box.language,
    )
    texts = [posting.text, *posting.merged.exclude(text="").order_by("pk").values_list("text", flat=True)]
    challenge = save_brief(challenge_id=challenge.pk, actor=actor, at=at, problem="\n\n".join(texts))
    posting.became_challenge = challenge
    posting.status = Posting.Status.CONSIDERED if posting.is_waiting else posting.status
    posting.save(update_fields=["became_challenge", "status"])
    _log(posting, PostingStep.What.CHALLENGE, actor, at, reason=_("Challenge %(key)s") % {"key": challenge.key})
    return challenge


# --- what goes in time


@transaction.atomic
def forget_sender(*, person: Person, email: str, at: datetime, with_texts: bool = False) -> None:
    """Erase who sent what this person put into boxes, signed in or by their address; `with_texts` also what it says."""
    theirs = Q(sender=person) | (Q(sender_email__iexact=email) if email else Q())
    for posting in Posting.objects.select_for_update(of=("self",)).filter(theirs).order_by("pk"):
        if with_texts:
            take_out(posting, at)
        else:
            posting.sender, posting.sender_name, posting.sender_email = None, "", ""
            posting.save(update_fields=["sender", "sender_name", "sender_email"])


@transaction.atomic
def forget_old_senders(*, at: datetime) -> int:
    """Erase names and addresses a year after the answer: they were left for it; return of how many postings."""
    before = at - rules.KEEP_ADDRESS
    told = Q(answered_at__lte=before) | Q(merged_into__answered_at__lte=before)
    named = ~Q(sender_name="") | ~Q(sender_email="")
    old = Posting.objects.filter(told & named).values_list("pk", flat=True)
    return Posting.objects.filter(pk__in=list(old)).update(sender_name="", sender_email="")
