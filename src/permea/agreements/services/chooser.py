"""Writing the chooser: starting a run, answering, a new round, the draft of an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import ChooserCompared, ChooserStarted
from permea.agreements.models import Agreement, ChooserAnswers, ChooserRun
from permea.agreements.services.drafting import AgreementInput, draft_agreement
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
from permea.people.models import Organisation, Person
from permea.people.queries import is_member, organisation_ids_of, role_in
from permea.people.rules import why_not_manage
from permea.people.services import found_organisation, register_person


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooserInput:
    """What a run begins with: the other side is a known partner by key, or new, with a person's address."""

    title: str
    partner_key: str = ""
    partner_name: str = ""
    partner_kind: str = "university"
    contact_email: str = ""


@transaction.atomic
def start_chooser(*, organisation: Organisation, said: ChooserInput, actor: Person, at: datetime) -> ChooserRun:
    """Begin a run with a partner, and ask its people to answer. The same sent twice is begun once.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_start` says.
    """
    demand(why_not_manage(role_in(actor, organisation.pk)))
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    known = queries.partners_of(organisation).filter(key=said.partner_key).first()
    is_named = bool(said.partner_name.strip() and said.contact_email.strip())
    is_own = known is None and is_named and is_member(organisation, said.contact_email)
    demand(rules.why_not_start(title=said.title, has_partner=known is not None or is_named, is_own=is_own))
    title, name = said.title.strip(), known.name if known else said.partner_name.strip()
    again = queries.chooser_begun_just_now(organisation, title, name, actor, at)
    if again is not None:
        return again
    run = ChooserRun.objects.create(
        organisation=organisation,
        partner=known or _new_partner(organisation, said, at),
        title=title,
        started_by=actor,
        started_at=at,
    )
    publish(ChooserStarted(run_id=run.pk, at=at))
    return run


def _new_partner(organisation: Organisation, said: ChooserInput, at: datetime) -> Organisation:
    """Store a partner with its first person."""
    person = register_person(email=said.contact_email, language=organisation.language, at=at)
    return found_organisation(
        name=said.partner_name.strip(),
        kind=said.partner_kind,
        country="",
        language=organisation.language,
        owner=person,
        at=at,
        is_host=False,
    )


def _locked(run_id: int) -> ChooserRun:
    """Return a run, locked until the transaction ends."""
    runs = ChooserRun.objects.select_for_update(of=("self",)).select_related("organisation", "partner")
    return runs.get(pk=run_id)


def _demand_side(run: ChooserRun, side: str, actor: Person) -> None:
    """Go on if the actor writes for this side. Raises RefusedError otherwise."""
    if side == ChooserAnswers.Side.PARTNER:
        demand(rules.why_not_side(is_theirs=run.partner_id in organisation_ids_of(actor)))
    else:
        demand(why_not_manage(role_in(actor, run.organisation_id)))


@transaction.atomic
def answer_chooser(
    *, run_id: int, side: str, answers: Mapping[str, str], is_final: bool, actor: Person, at: datetime
) -> ChooserAnswers:
    """Keep what a side answers in this round, and hand it in if it is final and nothing is missing.

    Raises RefusedError if the actor may not, or as `rules.why_not_answer` says.
    """
    run = _locked(run_id)
    _demand_side(run, side, actor)
    row, _is_new = ChooserAnswers.objects.get_or_create(
        run=run, round=run.round, side=side, defaults={"answered_by": actor}
    )
    demand(rules.why_not_answer(is_handed_in=row.handed_in_at is not None))
    row.answers, row.answered_by = rules.known_answers(queries.guide(), answers), actor
    row.handed_in_at = at if is_final and rules.why_not_hand_in(queries.guide(), row.answers) is None else None
    row.save(update_fields=["answers", "answered_by", "handed_in_at"])
    if row.handed_in_at is not None:
        _record(run, "chooser.answered", "in" if side == "partner" else "out", actor, at)
        if _is_compared(run):
            _record(run, "chooser.compared", "out", actor, at)
            publish(ChooserCompared(run_id=run.pk, by_firm=side == ChooserAnswers.Side.HOST, at=at))
    return row


def _is_compared(run: ChooserRun) -> bool:
    """Say whether both sides have handed in this round."""
    rows = ChooserAnswers.objects.filter(run=run, round=run.round, handed_in_at__isnull=False)
    return rules.is_compared(rows.values_list("side", flat=True))


def _record(run: ChooserRun, kind: str, direction: str, actor: Person, at: datetime) -> None:
    """Append to the ledger that answers, or the comparison of both, crossed the boundary."""
    record_crossing(
        organisation=run.organisation,
        kind=kind,
        direction=direction,
        depth="room",
        subject_type="chooser",
        subject_key=run.key,
        at=at,
        actor=actor,
        counterparty=run.partner,
        facts={"round": run.round},
    )


@transaction.atomic
def answer_again(*, run_id: int, side: str, actor: Person) -> ChooserRun:
    """Begin a new round; the answers of the rounds before are kept.

    Raises RefusedError if the actor may not, or as `rules.why_not_go_on` says.
    """
    run = _locked(run_id)
    _demand_side(run, side, actor)
    demand(rules.why_not_go_on(is_both=_is_compared(run)))
    run.round += 1
    run.save(update_fields=["round"])
    return run


@transaction.atomic
def draft_from_chooser(*, run_id: int, actor: Person, at: datetime) -> Agreement:
    """Make the draft of an agreement from the result of this round; a run makes one draft only.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_go_on` and `rules.why_not_draft_from` say.
    """
    run = _locked(run_id)
    demand(why_not_manage(role_in(actor, run.organisation_id)))
    if run.agreement is not None:
        return run.agreement
    demand(rules.why_not_go_on(is_both=_is_compared(run)))
    said = {row.side: row.answers for row in ChooserAnswers.objects.filter(run=run, round=run.round)}
    compared = queries.compare(said["host"], said["partner"], "en")
    demand(rules.why_not_draft_from(compared.outcome))
    researches = run.organisation.kind in rules.RESEARCH_KINDS
    run.options = rules.clause_options(compared.clauses, host_researches=researches)
    run.agreement = draft_agreement(
        organisation=run.organisation, said=_begun(run, compared.outcome.kinds[0]), actor=actor, at=at
    )
    run.save(update_fields=["agreement", "options"])
    return run.agreement


def _begun(run: ChooserRun, kind: str) -> AgreementInput:
    """Return what the draft of an agreement of this kind begins with: of the result, the choices its clauses have."""
    language = run.organisation.language
    offered = queries.library(language).choices_of(kind)
    fitting = {name: value for name, value in run.options.items() if value in offered.get(name, ())}
    return AgreementInput(
        kind=kind,
        title=run.title,
        language=language,
        law=run.organisation.country or run.partner.country,
        partner_key=run.partner.key,
        options=fitting,
    )
