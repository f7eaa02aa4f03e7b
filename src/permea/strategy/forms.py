"""What the pages of goals ask for: shape only; what makes a goal is decided in rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from permea.people.models import Person
from permea.strategy.models import Goal

NEEDED = ("baseline", "baseline_on", "target", "target_on")


def day_input() -> forms.DateInput:
    """Return the browser's own date picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def number_field(label: Any, **options: Any) -> forms.DecimalField:
    """Return a field for a value of the metric."""
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.DecimalField(label=label, max_digits=16, decimal_places=4, widget=widget, **options)


class GoalForm(forms.Form):
    """A goal: what is measured, where it stands, where it should be, who answers for it."""

    title = forms.CharField(label=_("What do you want to reach?"), max_length=160)
    kind = forms.ChoiceField(label=_("What kind of goal is it?"), choices=Goal.Kind.choices, widget=forms.RadioSelect)
    metric = forms.CharField(
        label=_("Metric"), max_length=120, help_text=_("What do you count or measure? For example: cost per unit.")
    )
    unit = forms.CharField(label=_("Unit"), max_length=24, help_text=_("For example: EUR, %, days."))
    baseline = number_field(_("Baseline"), required=False, help_text=_("Where the metric stands."))
    baseline_on = forms.DateField(label=_("Measured on"), widget=day_input(), required=False)
    target = number_field(_("Target"), required=False, help_text=_("Where it should be."))
    target_on = forms.DateField(label=_("To be reached by"), widget=day_input(), required=False)
    outside_share = forms.IntegerField(
        label=_("Share to come from outside"),
        min_value=0,
        max_value=100,
        initial=50,
        help_text=_("How much of the way should ideas, knowledge or technology from outside bring you?"),
    )
    owner = forms.ChoiceField(label=_("Owner"), help_text=_("Who answers for it."))

    def __init__(self, *args: Any, owners: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {person.key: person for person in owners}
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, person.display_name) for key, person in self.owners.items()]

    def mark_needed(self) -> None:
        """Show the fields a goal needs as not optional; the rule that refuses it without them says why."""
        self.use_required_attribute = False
        for name in NEEDED:
            self.fields[name].required = True

    def values(self) -> dict[str, Any]:
        """Return what was entered, the owner as a person."""
        return {**self.cleaned_data, "owner": self.owners[self.cleaned_data["owner"]]}


class ReadingForm(forms.Form):
    """The metric's value on a day."""

    on = forms.DateField(label=_("Day"), widget=day_input())
    value = number_field(_("Value"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
