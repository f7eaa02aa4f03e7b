"""What alliances hold about a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from permea.alliances.models import (
    Acceptance,
    Charter,
    Closing,
    Contribution,
    Joining,
    JoiningAnswer,
    Matter,
    PulseAnswer,
    Reached,
    Result,
    Split,
    SplitAcceptance,
    SuccessRating,
    Word,
)
from permea.people.models import Person
from permea.people.queries import ErasureLines


def personal_data(person: Person) -> dict[str, Any]:
    """Return what a person wrote, accepted, answered, raised, divided and rated in alliances."""
    return {
        **_charters(person),
        **_lines(person),
        **_pulse(person),
        **_results(person),
        **_ends(person),
        **_joinings(person),
    }


def _charters(person: Person) -> dict[str, Any]:
    """Return which versions of charters a person wrote or accepted."""
    written = Charter.objects.filter(written_by=person).select_related("alliance").order_by("pk")
    accepted = Acceptance.objects.filter(person=person).select_related("charter__alliance").order_by("pk")
    return {
        "charters_written": [
            {"alliance": one.alliance.title, "version": one.number, "at": one.written_at.isoformat()} for one in written
        ],
        "charters_accepted": [
            {"alliance": one.charter.alliance.title, "version": one.charter.number, "at": one.accepted_at.isoformat()}
            for one in accepted
        ],
    }


def _lines(person: Person) -> dict[str, Any]:
    """Return which lines a person wrote, and what they said of others'."""
    lines = Contribution.objects.filter(written_by=person).select_related("alliance").order_by("pk")
    words = Word.objects.filter(said_by=person).select_related("contribution").order_by("pk")
    return {
        "contributions_written": [
            {
                "alliance": one.alliance.title,
                "line": one.key,
                "kind": one.kind,
                "amount": str(one.amount),
                "unit": one.unit,
                "value": str(one.value),
                "on": one.on.isoformat(),
                "note": one.note,
                "at": one.written_at.isoformat(),
            }
            for one in lines
        ],
        "contributions_answered": [
            {"line": one.contribution.key, "said": one.kind, "reason": one.reason, "at": one.said_at.isoformat()}
            for one in words
        ],
    }


def _pulse(person: Person) -> dict[str, Any]:
    """Return what a person answered for their side, and which matters they raised."""
    rated = PulseAnswer.objects.filter(said_by=person).select_related("alliance").order_by("pk")
    raised = Matter.objects.filter(raised_by=person).select_related("alliance").order_by("pk")
    return {
        "pulse_answers": [
            {
                "alliance": one.alliance.title,
                "quarter": one.quarter.isoformat(),
                "marks": one.marks,
                "words": one.words,
                "at": one.said_at.isoformat(),
            }
            for one in rated
        ],
        "matters_raised": [
            {"alliance": one.alliance.title, "text": one.text, "outcome": one.outcome, "at": one.raised_at.isoformat()}
            for one in raised
        ],
    }


def _results(person: Person) -> dict[str, Any]:
    """Return which joint results a person named, which divisions they proposed and to which they agreed."""
    named = Result.objects.filter(named_by=person).select_related("alliance").order_by("pk")
    proposed = Split.objects.filter(written_by=person).select_related("result").order_by("pk")
    agreed = SplitAcceptance.objects.filter(person=person).select_related("split__result").order_by("pk")
    return {
        "results_named": [
            {"alliance": one.alliance.title, "title": one.title, "text": one.text, "at": one.named_at.isoformat()}
            for one in named
        ],
        "splits_proposed": [
            {"result": one.result.title, "version": one.number, "note": one.note, "at": one.written_at.isoformat()}
            for one in proposed
        ],
        "splits_agreed": [
            {"result": one.split.result.title, "version": one.split.number, "at": one.accepted_at.isoformat()}
            for one in agreed
        ],
    }


def _ends(person: Person) -> dict[str, Any]:
    """Return which milestones a person said were reached or confirmed, and what they said of the end of alliances."""
    said = Reached.objects.filter(Q(said_by=person) | Q(confirmed_by=person)).order_by("pk")
    asked = Closing.objects.filter(asked_by=person).select_related("alliance").order_by("pk")
    rated = SuccessRating.objects.filter(said_by=person).select_related("closing__alliance").order_by("pk")
    return {
        "milestones_said": [
            {"milestone": one.milestone, "on": one.on.isoformat(), "at": one.said_at.isoformat()} for one in said
        ],
        "closings_asked": [
            {"alliance": one.alliance.title, "reason": one.reason, "at": one.asked_at.isoformat()} for one in asked
        ],
        "success_rated": [
            {
                "alliance": one.closing.alliance.title,
                "marks": one.marks,
                "overall": one.overall,
                "words": one.words,
                "at": one.said_at.isoformat(),
            }
            for one in rated
        ],
    }


def _joinings(person: Person) -> dict[str, Any]:
    """Return which further parties a person proposed, and what they said of others."""
    proposed = Joining.objects.filter(proposed_by=person).select_related("alliance").order_by("pk")
    answered = JoiningAnswer.objects.filter(person=person).select_related("joining__alliance").order_by("pk")
    return {
        "joinings_proposed": [
            {"alliance": one.alliance.title, "reason": one.reason, "at": one.proposed_at.isoformat()}
            for one in proposed
        ],
        "joinings_answered": [
            {
                "alliance": one.joining.alliance.title,
                "agrees": one.agrees,
                "reason": one.reason,
                "at": one.said_at.isoformat(),
            }
            for one in answered
        ],
    }


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to what a person wrote in alliances when they are erased."""
    named = (
        Contribution.objects.filter(written_by=person),
        Word.objects.filter(said_by=person),
        PulseAnswer.objects.filter(said_by=person),
        Matter.objects.filter(raised_by=person),
        Result.objects.filter(named_by=person),
        Split.objects.filter(written_by=person),
        Reached.objects.filter(said_by=person),
        Closing.objects.filter(asked_by=person),
        SuccessRating.objects.filter(said_by=person),
        Joining.objects.filter(proposed_by=person),
        JoiningAnswer.objects.filter(person=person),
    )
    if not any(rows.exists() for rows in named):
        return ErasureLines(goes=[], stays=[])
    stays = _("What you wrote in alliances for your side, without your name: other sides have answered it.")
    return ErasureLines(goes=[], stays=[stays])
