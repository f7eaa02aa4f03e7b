"""Writing answers: everybody is told at once, then clarifications, rights and payments."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.challenges.services import log_effort, mark_decided
from permea.evaluation.queries import profile_of
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ideas.models import Idea
from permea.ideas.queries import acts_as_author, contributors_of
from permea.ledger.services import record_crossing
from permea.people import rules as people_rules
from permea.people.models import Person
from permea.people.queries import role_in
from permea.selection import rules
from permea.selection.events import (
    AnswerSent,
    ClarificationAsked,
    ClarificationReplied,
    PaymentRecorded,
    RightsAccepted,
)
from permea.selection.models import Answer, Award, Clarification, Decision
from permea.selection.queries import criteria_names, limits_of


@transaction.atomic
def release_answers(*, challenge_id: int, actor: Person, at: datetime) -> list[Answer]:
    """Tell the contributors of every entry what was decided, all in one transaction, and close the challenge.

    An entry merged into another gets the answer to that one. Called twice it tells nobody twice. Raises RefusedError
    to non-managers and while an entry has no decision.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    if challenge.status == Challenge.Status.DECIDED:
        return list(Answer.objects.filter(idea__challenge=challenge).order_by("pk"))
    entries = Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)
    decisions = list(Decision.objects.filter(idea__in=entries).select_related("idea__author").order_by("pk"))
    demand(rules.why_not_release(challenge, entries.count(), len(decisions), at=at))
    limits = limits_of(challenge)
    names = criteria_names(challenge)
    answers = []
    for decision in decisions:
        lines = rules.profile(names, profile_of(decision.idea), limits.bar if limits else rules.USUAL_BAR)
        merged = Idea.objects.filter(merged_into=decision.idea).select_related("author").order_by("pk")
        told = [decision.idea, *merged]
        answers += [_answer(challenge, idea, decision, lines, actor=actor, at=at) for idea in told]
        if decision.outcome == Decision.Outcome.AWARD:
            Award.objects.create(
                decision=decision, prize_amount=challenge.prize_amount or 0, currency=challenge.currency
            )
    mark_decided(challenge_id=challenge.pk, actor=actor, at=at)
    return answers


def _answer(
    challenge: Challenge,
    idea: Idea,
    decision: Decision,
    lines: list[rules.ProfileLine],
    *,
    actor: Person,
    at: datetime,
) -> Answer:
    """Store one answer, record that it went out, and announce it."""
    answer = Answer.objects.create(
        idea=idea,
        decision=decision,
        profile=[{"name": line.name, "mean": line.mean, "bar": line.bar} for line in lines],
        text=decision.words,
        sent_at=at,
    )
    record_crossing(
        organisation=challenge.organisation,
        kind="answer.sent",
        direction="out",
        depth="invited",
        subject_type="idea",
        subject_key=idea.key,
        challenge_key=challenge.key,
        counterparty=idea.author,
        actor=actor,
        at=at,
        facts={
            "outcome": decision.outcome,
            "reason": decision.reason,
            "text_sha256": hashlib.sha256(answer.text.encode()).hexdigest(),
            **_also_told(idea),
        },
    )
    publish(AnswerSent(challenge_id=challenge.pk, idea_id=idea.pk, answer_id=answer.pk, at=at))
    return answer


def _also_told(idea: Idea) -> dict[str, list[str]]:
    """Return by their keys who else gets the answer to an entry that several people wrote."""
    others = [person.key for person in contributors_of(idea) if person.pk != idea.author_id]
    return {"also_told": others} if others else {}


@transaction.atomic
def mark_answer_read(*, answer_id: int, at: datetime) -> None:
    """Note when a contributor first saw the answer."""
    Answer.objects.filter(pk=answer_id, first_read_at__isnull=True).update(first_read_at=at)


@transaction.atomic
def ask_clarification(*, answer_id: int, actor: Person, question: str, at: datetime) -> Clarification:
    """Ask once about an answer. The same question twice is stored once. Raises RefusedError for a second question."""
    answer = Answer.objects.select_for_update(of=("self",)).select_related("idea__challenge").get(pk=answer_id)
    former = Clarification.objects.filter(answer=answer).first()
    if former is not None and former.asked_by_id == actor.pk and former.question == question.strip():
        return former
    demand(rules.why_not_ask(answer, former, question))
    asked = Clarification.objects.create(answer=answer, question=question.strip(), asked_by=actor, asked_at=at)
    publish(ClarificationAsked(challenge_id=answer.idea.challenge_id, answer_id=answer.pk, at=at))
    return asked


@transaction.atomic
def forget_questions(*, person_id: int) -> int:
    """Empty the questions an erased person asked; that they asked, and the replies, stay. Return how many."""
    return Clarification.objects.filter(asked_by_id=person_id).exclude(question="").update(question="")


@transaction.atomic
def reply_clarification(*, clarification_id: int, actor: Person, reply: str, at: datetime) -> Clarification:
    """Reply to a contributor's question; a reply already given stays. Raises RefusedError to non-managers."""
    asked = (
        Clarification.objects.select_for_update(of=("self",))
        .select_related("answer__idea__challenge")
        .get(pk=clarification_id)
    )
    challenge = asked.answer.idea.challenge
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    if asked.replied_at is not None:
        return asked
    demand(rules.why_not_reply(reply))
    asked.reply, asked.replied_by, asked.replied_at = reply.strip(), actor, at
    asked.save(update_fields=["reply", "replied_by", "replied_at"])
    publish(ClarificationReplied(challenge_id=challenge.pk, answer_id=asked.answer_id, at=at))
    return asked


@transaction.atomic
def record_payment(*, award_id: int, actor: Person, payment: str, note: str, at: datetime) -> Award:
    """Record how far the prize's payment is. Raises RefusedError to non-managers and before the rights are accepted."""
    award = (
        Award.objects.select_for_update(of=("self",))
        .select_related("decision__idea__author", "decision__challenge__organisation")
        .get(pk=award_id)
    )
    challenge = award.decision.challenge
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    demand(rules.why_not_pay(award, payment))
    if award.payment == payment:
        return award
    turns = (payment == Award.Payment.PAID) - (award.payment == Award.Payment.PAID)
    log_effort(challenge_id=challenge.pk, money=turns * award.prize_amount)
    award.payment, award.payment_note = payment, note.strip()
    award.paid_at = at if payment == Award.Payment.PAID else None
    award.save(update_fields=["payment", "payment_note", "paid_at"])
    record_crossing(
        organisation=challenge.organisation,
        kind="award.payment",
        direction="out",
        depth="invited",
        subject_type="award",
        subject_key=award.key,
        challenge_key=challenge.key,
        counterparty=award.decision.idea.author,
        actor=actor,
        at=at,
        facts={"payment": payment, "amount": str(award.prize_amount), "currency": award.currency},
    )
    publish(PaymentRecorded(challenge_id=challenge.pk, award_id=award.pk, at=at))
    return award


@transaction.atomic
def accept_rights(*, award_id: int, actor: Person, at: datetime) -> Award:
    """Accept, as author, the rights text the challenge named; once. Raises RefusedError to anybody else."""
    award = (
        Award.objects.select_for_update(of=("self",))
        .select_related("decision__idea__author", "decision__challenge__organisation", "decision__challenge__ip_terms")
        .get(pk=award_id)
    )
    idea, challenge = award.decision.idea, award.decision.challenge
    if award.rights_accepted_at is not None and award.rights_accepted_by_id == actor.pk:
        return award
    demand(rules.why_not_accept_rights(award, is_author=acts_as_author(actor, idea)))
    award.rights_accepted_at, award.rights_accepted_by = at, actor
    award.save(update_fields=["rights_accepted_at", "rights_accepted_by"])
    record_crossing(
        organisation=challenge.organisation,
        kind="award.rights_accepted",
        direction="in",
        depth="invited",
        subject_type="award",
        subject_key=award.key,
        challenge_key=challenge.key,
        counterparty=actor,
        actor=actor,
        terms_key=challenge.ip_terms.key if challenge.ip_terms else "",
        at=at,
        facts={"idea": idea.key, "terms_sha256": challenge.ip_terms.sha256 if challenge.ip_terms else ""},
    )
    publish(RightsAccepted(challenge_id=challenge.pk, award_id=award.pk, at=at))
    return award
