"""What the gallery shows in the components: one plausible evening of a small firm."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.surface.charts.shapes import Bar, Interval, Line, Step
from permea.surface.saved import Chip, Chips


class SpecimenForm(forms.Form):
    """One field of every sort."""

    title = forms.CharField(label="Title", max_length=160, help_text="What a stranger should remember.")
    kind = forms.ChoiceField(label="Kind", choices=[("product", "Product"), ("process", "Process")])
    prize = forms.DecimalField(label="Prize", min_value=Decimal(0))
    closes_on = forms.DateField(label="Closes on", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    problem = forms.CharField(label="Problem", widget=forms.Textarea, required=False)
    depth = forms.ChoiceField(
        label="Who may see it",
        choices=[("inside", "Inside"), ("invited", "Invited"), ("public", "Public")],
        widget=forms.RadioSelect,
    )
    languages = forms.MultipleChoiceField(
        label="Languages", choices=[("en", "English"), ("de", "Deutsch")], widget=forms.CheckboxSelectMultiple
    )
    is_blind = forms.BooleanField(label="Hide names from evaluators", required=False)


def specimens(at: datetime) -> dict[str, Any]:
    """Return everything the gallery shows, as seen at `at`."""
    return {
        "at": at,
        "form": SpecimenForm(initial={"title": "A gripper for ripe tomatoes", "depth": "public", "languages": ["en"]}),
        "faulty": SpecimenForm({"title": "", "kind": "product", "prize": "-3", "depth": "public", "languages": ["en"]}),
        "refusal": Refusal("challenge.closed", _("This challenge closed on 2 March at 18:00.")),
        "soon": at + timedelta(hours=20),
        "later": at + timedelta(days=19),
        "earlier": at - timedelta(days=2),
        "stages": _stages(at, ("done", "now", "next", "later")),
        "late_stages": _stages(at - timedelta(days=23), ("done", "done", "done", "late")),
        "pages": Paginator(range(180), 20).page(4),
        "crossings": _crossings(at),
        "dots": _dots(),
        "bars": _bars(),
        "lines": _lines(at.date()),
        "steps": _steps(),
        "timeline_items": _timeline(at),
        "chips": _chips(),
    }


def _chips() -> Chips:
    """Return views above a list: as it comes, one's own that opens first, and another's that is counted."""
    plain = Chip(_("As it comes"), "#data", is_current=True)
    rows = [plain, Chip("From suppliers", "#data", is_default=True), Chip("In talks", "#data", "Mara", count=12)]
    return Chips(rows, "#data")


def _stages(at: datetime, states: tuple[str, ...]) -> list[SimpleNamespace]:
    names = ("Entries", "Reviews", "Decision", "Answers")
    days = (-40, -8, 6, 13, 20)
    return [
        SimpleNamespace(
            name=name,
            state=state,
            note=f"{name} are open: this is what may be done.",
            opens_at=at + timedelta(days=first),
            closes_at=at + timedelta(days=last),
        )
        for name, state, first, last in zip(names, states, days, days[1:], strict=False)
    ]


def _crossings(at: datetime) -> list[SimpleNamespace]:
    kinds = (
        ("in", "Idea handed in"),
        ("out", "Answer sent"),
        ("coupled", "Contribution agreed"),
        ("inside", "Decided"),
    )
    return [
        SimpleNamespace(
            number=1041 + index,
            direction=direction,
            kind=kind,
            crossed_at=at - timedelta(hours=30 - index),
            hash=f"{(index + 7) * 0x1B7A3C5F2E9D4806C1F7B3A2D5E8094F6A1C3B5D7E9F2046813579BDF2468ACE:064x}",
        )
        for index, (direction, kind) in enumerate(kinds)
    ]


def _dots() -> list[Interval]:
    rows = (
        ("Soft gripper with pressure sensing", 4.31, 4.02, 4.60, 1, 6),
        ("Rail-guided picker for greenhouse rows", 4.12, 3.80, 4.44, 1, 5),
        ("Vision module for ripeness", 4.05, 3.74, 4.36, 1, 5),
        ("Retrofit kit for the existing carts", 3.62, 3.25, 3.99, 2, 4),
        ("Drone scout", 3.51, 2.98, 4.04, 2, 3),
        ("Exoskeleton for pickers", 2.87, 2.50, 3.24, None, 6),
    )
    return [
        Interval(label=label, value=value, lower=lower, upper=upper, group=group, n=n, href="#charts", note=f"n = {n}")
        for label, value, lower, upper, group, n in rows
    ]


def _bars() -> list[Bar]:
    return [
        Bar(label="Universities", value=14, lower=10, upper=18),
        Bar(label="Startups", value=11, lower=8, upper=15),
        Bar(label="Suppliers", value=9, lower=6, upper=12),
        Bar(label="Customers", value=4, lower=2, upper=7, tone="out"),
        Bar(label="Withdrawn", value=-2, tone="muted"),
    ]


def _lines(today: date) -> list[Line]:
    months = [today - timedelta(days=30 * back) for back in (5, 4, 3, 2, 1, 0)]
    return [
        Line(label="Production cost", points=list(zip(months, (100, 99.2, 97.5, 96.9, 94.1, 92.6), strict=True))),
        Line(label="Expected by plan", points=[(months[0], 100), (months[-1], 93.8)], tone="muted", is_dashed=True),
    ]


def _steps() -> list[Step]:
    return [
        Step(label="Entered", n=58),
        Step(label="Handed in", n=40, lower=0.56, upper=0.8),
        Step(label="Reviewed", n=38, lower=0.83, upper=0.99),
        Step(label="Shortlisted", n=9, lower=0.13, upper=0.39),
        Step(label="Awarded", n=3, lower=0.12, upper=0.65),
    ]


def _timeline(at: datetime) -> list[dict[str, Any]]:
    return [
        {"at": at - timedelta(days=9), "title": "Handed in", "text": "Version 1, receipt 7k3f", "tone": "in"},
        {"at": at - timedelta(days=7), "title": "Revised", "text": "Version 2", "tone": "in", "href": "#data"},
        {"at": at - timedelta(days=1), "title": "Answer sent", "text": "Awarded", "tone": "out"},
    ]
