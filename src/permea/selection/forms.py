"""Forms of selection: shape only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from permea.selection.models import Award, Decision
from permea.selection.services import EstimateInput, LimitsInput


class LimitsForm(forms.Form):
    """What a selection may cost and what must hold."""

    money = forms.DecimalField(label=_("Money at most"), min_value=0, max_digits=12, decimal_places=2, required=False)
    days = forms.DecimalField(
        label=_("Person-days at most"), min_value=0, max_digits=9, decimal_places=1, required=False
    )
    n_most = forms.IntegerField(label=_("Ideas at most"), min_value=0, max_value=1000, required=False)
    bar = forms.DecimalField(
        label=_("Bar"),
        min_value=1,
        max_value=5,
        max_digits=3,
        decimal_places=2,
        initial=Decimal(3),
        help_text=_("An idea is worth what it scores above this."),
    )
    buckets = forms.CharField(
        label=_("Groups"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: name, at least, at most. For example: gripper, 1, 3"),
    )
    exclusions = forms.CharField(
        label=_("At most one of"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: the numbers of ideas that exclude each other, from the table below."),
    )
    dependencies = forms.CharField(
        label=_("Needs another"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: an idea's number, then the number of the idea it needs."),
    )

    def clean_buckets(self) -> list[dict[str, Any]]:
        """Return the groups with their bounds, None for an open one."""
        rows = []
        for line in _lines(self.cleaned_data["buckets"]):
            name, low, high = [*[part.strip() for part in line.split(",")], "", ""][:3]
            if not name or not all(part.isdecimal() or not part for part in (low, high)):
                message = _("“%(line)s” is not a name and two whole numbers.")
                raise forms.ValidationError(message, params={"line": line})
            bounds = [int(part) if part else None for part in (low, high)]
            rows.append({"name": name, "minimum": bounds[0], "maximum": bounds[1]})
        return rows

    def clean_exclusions(self) -> list[list[str]]:
        """Return the sets of ideas that exclude each other."""
        return self._links("exclusions", at_least=2)

    def clean_dependencies(self) -> list[list[str]]:
        """Return pairs: an idea and the one it needs."""
        return [link[:2] for link in self._links("dependencies", at_least=2)]

    def _links(self, name: str, *, at_least: int) -> list[list[str]]:
        """Return the lines of a field as lists of keys."""
        links = [line.replace(",", " ").split() for line in _lines(self.cleaned_data[name])]
        short = [link for link in links if len(link) < at_least]
        if short:
            raise forms.ValidationError(_("“%(line)s” names one idea only."), params={"line": " ".join(short[0])})
        return links

    @property
    def limits(self) -> LimitsInput:
        """Return the limits as the service takes them."""
        return LimitsInput(**self.cleaned_data)


def _lines(text: str) -> list[str]:
    """Return the lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class EstimateForm(forms.Form):
    """What it would take to build one idea."""

    money = forms.DecimalField(min_value=0, max_digits=12, decimal_places=2)
    days = forms.DecimalField(min_value=0, max_digits=7, decimal_places=1)
    bucket = forms.CharField(max_length=60, required=False)

    @property
    def estimate(self) -> EstimateInput:
        """Return the estimate as the service takes it."""
        return EstimateInput(**self.cleaned_data)


class ChangeForm(forms.Form):
    """Taking an idea in or out by hand."""

    idea = forms.CharField(max_length=20)
    taken_in = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=300)


class DecisionForm(forms.Form):
    """What is decided on one idea."""

    outcome = forms.ChoiceField(choices=Decision.Outcome.choices)
    reason = forms.ChoiceField(choices=Decision.Reason.choices)
    words = forms.CharField(max_length=5000, strip=True)


class PaymentForm(forms.Form):
    """How far a prize's payment is."""

    payment = forms.ChoiceField(choices=Award.Payment.choices)
    note = forms.CharField(max_length=200, required=False)


class TextForm(forms.Form):
    """One text: a question or a reply."""

    text = forms.CharField(max_length=5000)
