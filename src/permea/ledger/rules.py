"""Deciding about the ledger: when a head is due, what a kind of crossing is called, how in and out balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permea.ledger import chain, verifier
from permea.ledger.models import Chain, Crossing, Head
from permea.ledger.verifier import Document, Problem

HEAD_EVERY = timedelta(hours=1)
QUARTERS_SHOWN = 4
MONTHS_IN_QUARTER = 3

COLUMNS = (
    "kind",
    "direction",
    "depth",
    "subject_type",
    "subject_key",
    "challenge_key",
    "counterparty_key",
    "actor_key",
    "terms_key",
)
KINDS: dict[str, str | Promise] = {
    "agreement.ended": _("Agreement ended"),
    "agreement.offered": _("Agreement offered"),
    "agreement.revised": _("New version of an agreement"),
    "agreement.sealed": _("Signed agreement sealed"),
    "agreement.scan_accepted": _("Scan of a paper signed by hand accepted"),
    "agreement.scan_refused": _("Scan of a paper signed by hand not accepted"),
    "agreement.scan_sent": _("Scan of a paper signed by hand sent"),
    "agreement.side_signed": _("Agreement signed by one side"),
    "agreement.signed": _("Agreement signed"),
    "agreement.stamped": _("Time-stamp on a sealed agreement"),
    "answer.sent": _("Answer sent"),
    "award.payment": _("Payment recorded"),
    "award.rights_accepted": _("Rights accepted"),
    "alliance.accepted": _("Charter of an alliance accepted"),
    "alliance.book_exported": _("Book of an alliance taken along as a table"),
    "alliance.closed": _("Alliance closed"),
    "alliance.closing_asked": _("Closing of an alliance asked for"),
    "alliance.closing_taken_back": _("Closing of an alliance taken back"),
    "alliance.exported": _("Alliance taken along as a document"),
    "alliance.joined": _("Further party has joined an alliance"),
    "alliance.joining_agreed": _("Further party of an alliance agreed to by one side"),
    "alliance.joining_proposed": _("Further party of an alliance proposed"),
    "alliance.joining_refused": _("Further party of an alliance refused"),
    "alliance.joining_shown": _("Charter of an alliance shown to who would join"),
    "alliance.joining_withdrawn": _("Further party of an alliance withdrawn"),
    "alliance.line_agreed": _("Disputed contribution settled"),
    "alliance.line_confirmed": _("Contribution to an alliance confirmed"),
    "alliance.line_contributed": _("Contribution to an alliance written down"),
    "alliance.line_disputed": _("Contribution to an alliance disputed"),
    "alliance.line_proposed": _("Settlement of a contribution proposed"),
    "alliance.matter_raised": _("Matter raised in an alliance"),
    "alliance.matter_solved": _("Matter in an alliance solved"),
    "alliance.milestone_confirmed": _("Milestone of an alliance confirmed"),
    "alliance.milestone_reached": _("Milestone of an alliance reached"),
    "alliance.offered": _("Charter of an alliance offered"),
    "alliance.pulse_answered": _("Pulse of an alliance answered"),
    "alliance.result_named": _("Joint result of an alliance named"),
    "alliance.revised": _("New version of an alliance's charter"),
    "alliance.split_accepted": _("Division of a joint result agreed to by one side"),
    "alliance.split_agreed": _("Division of a joint result agreed by all"),
    "alliance.split_proposed": _("Division of a joint result proposed"),
    "alliance.success_rated": _("Success of an alliance rated"),
    "challenge.archived": _("Challenge archived"),
    "challenge.packed": _("Challenge packed for another instance"),
    "challenge.published": _("Challenge published"),
    "challenge.restored": _("Challenge brought back"),
    "challenge.timetable_changed": _("Timetable changed"),
    "challenge.steps_changed": _("Steps changed"),
    "challenge.public_comparison_changed": _("Comparing by the public allowed or ended"),
    "challenge.unpacked": _("Challenge taken in from another instance"),
    "chooser.answered": _("Guide to an agreement answered"),
    "chooser.compared": _("Answers about an agreement compared"),
    "concept.answered": _("Concept test answered"),
    "concept.shown": _("Concept shown to customers"),
    "concept.taken_back": _("Answers to a concept test taken back"),
    "consent.given": _("Member of a customer panel agreed"),
    "consent.withdrawn": _("Member left a customer panel"),
    "comment.posted": _("Comment on an entry received"),
    "comments.imported": _("Comments taken over"),
    "disclosure.downloaded": _("File of an item downloaded"),
    "disclosure.exported": _("Item taken along as a document"),
    "disclosure.list_exported": _("List of who has seen what downloaded"),
    "disclosure.moved": _("Part of an item moved to another depth"),
    "disclosure.published": _("Item shown to the world"),
    "disclosure.shared": _("Item shared"),
    "disclosure.unpublished": _("Item taken back from the world"),
    "disclosure.unshared": _("Share of an item closed"),
    "disclosure.viewed": _("Confidential texts read"),
    "idea.coauthor_joined": _("Co-author joined"),
    "idea.coauthor_left": _("Co-author left"),
    "idea.merged": _("Idea merged with another"),
    "idea.revised": _("Idea revised"),
    "idea.shares_agreed": _("Shares of credit agreed"),
    "idea.submitted": _("Idea handed in"),
    "idea.translated": _("Idea sent to a translation service"),
    "idea.unmerged": _("Merge undone"),
    "idea.withdrawn": _("Idea withdrawn"),
    "ideas.imported": _("Ideas imported"),
    "ip.accepted": _("Entry of an IP table accepted"),
    "ip.stated": _("Entry of an IP table stated"),
    "ip.withdrawn": _("Entry of an IP table taken back"),
    "panel.invited": _("Evaluator invited"),
    "partner.hub_connected": _("Partner of the same hub connected"),
    "partner.hub_disconnected": _("Connection with a partner of the same hub ended"),
    "partner.hub_not_connected": _("Connection with a partner of the same hub refused or taken back"),
    "partner.hub_said": _("Partner said that it is a firm of the same hub"),
    "partner.invited": _("Guest of a partner invited"),
    "partner.merged": _("Partner merged with another"),
    "partner.parted": _("Merge of partners undone"),
    "partner.stated": _("Partner stated something of itself"),
    "partners.import_undone": _("Import of partners undone"),
    "partners.imported": _("Partners imported"),
    "posting.answered": _("Need or idea from a box answered"),
    "posting.received": _("Need or idea put into a box"),
    "posting.withdrawn": _("Need or idea taken back from a box"),
    "person.forgotten": _("Personal data forgotten"),
    "publication.answered": _("Planned publication answered"),
    "publication.submitted": _("Planned publication handed in"),
    "prototype.answered": _("Feedback on a prototype received"),
    "prototype.shown": _("Prototype handed to customers"),
    "prototype.taken_back": _("Feedback on a prototype taken back"),
    "question.answered": _("Question answered in public"),
    "question.asked": _("Question received"),
    "reach.exported": _("Reach report downloaded"),
    "reviews.imported": _("Reviews imported"),
    "risk.register_exported": _("Register of risks downloaded"),
    "title.exported": _("Chain of title downloaded"),
    "selection.settled": _("Selection settled"),
    "suggestions.answered": _("Suggestions about a prototype answered"),
    "placement.accepted": _("Placement accepted by the student"),
    "placement.changed": _("Offer of a placement changed"),
    "placement.closed": _("Placement closed"),
    "placement.declined": _("Placement declined by the student"),
    "placement.ended": _("Placement ended"),
    "placement.named": _("Student named for a placement"),
    "placement.offered": _("Placement offered"),
    "placement.reported": _("Report on a placement handed in"),
    "placement.shown": _("Placement shown to the student"),
    "terms.accepted": _("Terms accepted"),
    "equipment.booked": _("Use of equipment confirmed"),
    "equipment.changed": _("Description of equipment changed"),
    "equipment.shown": _("Equipment shared"),
    "equipment.used": _("Hours on equipment agreed"),
    "transfer.accepted": _("Technology transfer accepted"),
    "transfer.changed": _("Record of a technology transfer changed"),
    "transfer.done": _("Technology transfer closed"),
    "transfer.handing": _("Technology transfer begun"),
    "transfer.item_handed": _("Part of a technology transfer handed over"),
    "transfer.level_stated": _("Readiness level of a technology transfer stated"),
    "transfer.list_exported": _("List of technology transfers downloaded"),
    "transfer.refused": _("Technology transfer refused"),
    "transfer.remarks": _("Technology transfer accepted with remarks"),
    "transfer.shown": _("Record of a technology transfer shown"),
    "transfer.support": _("Support after a technology transfer begun"),
    "transfer.testing": _("Technology transfer handed over for its test"),
    "transfer.training_held": _("Training of a technology transfer held"),
    "votes.counted": _("Votes counted"),
    "work.exported": _("Register of own work downloaded"),
    "work.opened": _("Matter of own work opened"),
    "work.settled": _("Matter of own work settled"),
}
SUBJECTS: dict[str, str | Promise] = {
    "acceptance": _("Acceptance %(key)s"),
    "agreement": _("Agreement %(key)s"),
    "alliance": _("Alliance %(key)s"),
    "award": _("Award %(key)s"),
    "challenge": _("Challenge %(key)s"),
    "chooser": _("Choice of an agreement %(key)s"),
    "panel_member": _("Member of a customer panel %(key)s"),
    "concept_test": _("Concept test %(key)s"),
    "comment": _("Comment %(key)s"),
    "equipment": _("Equipment %(key)s"),
    "idea": _("Idea %(key)s"),
    "item": _("Item %(key)s"),
    "organisation": _("Organisation %(key)s"),
    "placement": _("Placement %(key)s"),
    "panelist": _("Panel member %(key)s"),
    "participant": _("Feedback %(key)s"),
    "partner": _("Partner %(key)s"),
    "person": _("Person %(key)s"),
    "posting": _("Posting %(key)s"),
    "prototype_round": _("Round with a prototype %(key)s"),
    "publication": _("Planned publication %(key)s"),
    "question": _("Question %(key)s"),
    "respondent": _("Answers %(key)s"),
    "selection": _("Selection %(key)s"),
    "transfer": _("Technology transfer %(key)s"),
    "work": _("Own work %(key)s"),
}


@dataclass(frozen=True, slots=True)
class QuarterBalance:
    """How many crossings went in and out in a quarter."""

    year: int
    quarter: int
    n_in: int
    n_out: int


def kind_words(kind: str) -> str:
    """Return what people call a kind of crossing; an unknown kind keeps its code."""
    return str(KINDS.get(kind, kind))


def subject_words(crossing: Crossing) -> str:
    """Return what people call the thing a crossing is about; an unknown type keeps its code."""
    words = SUBJECTS.get(crossing.subject_type)
    return str(words) % {"key": crossing.subject_key} if words else f"{crossing.subject_type} {crossing.subject_key}"


def is_head_due(*, length: int, last_head: Head | None, at: datetime) -> bool:
    """Say whether a chain of this length has grown since its last head, and that head is an hour old."""
    if last_head is None:
        return length > 0
    return length > last_head.number and at - last_head.signed_at >= HEAD_EVERY


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A crossing as the database holds it: its body, and the columns that repeat what stands in it."""

    number: int
    hash: str
    previous: str
    body: str
    columns: tuple[str, ...]


def columns_told(body: Document) -> tuple[str, ...]:
    """Return what the columns of a crossing must hold, by its body, in the order of `COLUMNS`."""
    subject = body["subject"]
    told = (subject["type"], subject["key"], body["challenge"], body["counterparty"], body["actor"], body["terms"])
    return (body["kind"], body["direction"], body["depth"], *told)


def fault_in(entry: StoredEntry, *, organisation: str, expected: int, before: str) -> Problem | None:
    """Return what is wrong with a stored entry where number `expected` after the hash `before` should stand."""
    number = entry.number
    if number != expected:
        return Problem(expected, "entry.order", f"Where entry {expected} should stand, entry {number} stands.")
    if chain.hash_of(entry.body) != entry.hash:
        return Problem(number, "entry.hash", f"Entry {number} was changed: its content does not have its hash.")
    try:
        body = verifier.read(entry.body.encode())
        told = (body["organisation"], body["number"], body["previous"])
        columns = columns_told(body)
    except (verifier.UnusableError, KeyError, TypeError):
        return Problem(number, "entry.body", f"The content of entry {number} cannot be read.")
    if entry.previous != before or told[2] != before:
        return Problem(number, "entry.chain", f"Entry {number} does not follow the entry before it.")
    if told[:2] != (organisation, number) or columns != entry.columns:
        return Problem(number, "entry.columns", f"The columns of entry {number} say something else than its content.")
    return None


def faults_at_end(row: Chain, *, n: int, head: str) -> list[Problem]:
    """Return what is wrong if the chain says that it ends elsewhere than after entry `n` with this hash."""
    if (row.length, row.head) == (n, head):
        return []
    text = f"The chain says that it ends with entry {row.length}, but its last entry is {n} or has another hash."
    return [Problem(n + 1, "chain.end", text)]


def quarter_of(at: datetime) -> tuple[int, int]:
    """Return year and quarter."""
    return at.year, (at.month - 1) // MONTHS_IN_QUARTER + 1


def first_quarter_shown(at: datetime) -> datetime:
    """Return when the oldest quarter of the balance begins."""
    year, quarter = quarter_of(at)
    year, quarter = divmod(year * 4 + quarter - 1 - (QUARTERS_SHOWN - 1), 4)
    return at.replace(
        year=year, month=quarter * MONTHS_IN_QUARTER + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )


def balance_of(counts: Iterable[tuple[datetime, str, int]], *, at: datetime) -> list[QuarterBalance]:
    """Return in and out by quarter, oldest first, from the first quarter with a crossing to the present one."""
    totals: dict[tuple[int, int], dict[str, int]] = {}
    for begins_at, direction, n in counts:
        totals.setdefault(quarter_of(begins_at), {})[direction] = n
    if not totals:
        return []
    year, quarter = min(totals)
    balance = []
    while (year, quarter) <= max(quarter_of(at), *totals):
        found = totals.get((year, quarter), {})
        balance.append(
            QuarterBalance(year, quarter, found.get(Crossing.Direction.IN, 0), found.get(Crossing.Direction.OUT, 0))
        )
        year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)  # noqa: PLR2004 - quarters of a year
    return balance
