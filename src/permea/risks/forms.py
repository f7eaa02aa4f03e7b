"""Forms of risks: shape only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.foundation.money import CURRENCIES
from permea.people.models import Person
from permea.risks.models import Risk, Trigger
from permea.risks.queries import Filters, Subject
from permea.surface.formats import typed_values

HUNDRED = Decimal(100)
LONGEST_TEXT = 4000
LONGEST_LABEL = 160
ENDS = (
    ("low", pgettext_lazy("end of a range", "Low")),
    ("likely", pgettext_lazy("middle of a range", "Likely")),
    ("high", pgettext_lazy("end of a range", "High")),
)
SHARES = ("probability", "left_probability")
SUMS = ("impact", "left_impact")


class PlainForm(forms.Form):
    """A form whose errors we say ourselves."""

    use_required_attribute = False


def text_area(rows: int) -> forms.Textarea:
    """Return a field of several lines that goes in the direction of its text."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def day_input() -> forms.DateInput:
    """Return the browser's own date picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _grouped(subjects: Iterable[Subject]) -> list[tuple[str, Any]]:
    """Return subjects as choices, by kind."""
    names, groups = dict(Risk.Subject.choices), dict[str, list[tuple[str, str]]]()
    for one in subjects:
        groups.setdefault(one.kind, []).append((f"{one.kind}:{one.key}", one.label))
    return [("", "–"), *((str(names[kind]), found) for kind, found in groups.items())]


class RiskForm(PlainForm):
    """What is said of a risk; chances are typed in per cent."""

    title = forms.CharField(label=_("Title"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=Risk.Kind.choices)
    subject = forms.ChoiceField(label=_("What it is about"), required=False)
    subject_words = forms.CharField(
        label=_("Or in your own words"),
        required=False,
        max_length=160,
        help_text=_("For what is not in the list."),
    )
    cause = forms.CharField(label=_("Because"), required=False, max_length=LONGEST_TEXT, widget=text_area(2))
    event = forms.CharField(label=_("This may happen"), max_length=LONGEST_TEXT, widget=text_area(2))
    effect = forms.CharField(label=_("And then"), required=False, max_length=LONGEST_TEXT, widget=text_area(2))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    mitigation = forms.CharField(
        label=_("What is done about it"), required=False, max_length=LONGEST_TEXT, widget=text_area(2)
    )
    mitigation_cost = forms.DecimalField(
        label=_("What that costs"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    owner = forms.ChoiceField(label=_("Who looks after it"))
    review_on = forms.DateField(label=_("Next review on"), widget=day_input())
    why = forms.CharField(label=_("Why it changes"), required=False, max_length=1000, widget=text_area(2))

    def __init__(self, *args: Any, team: Iterable[Person], subjects: Iterable[Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._team = {person.key: person for person in team}
        self._subjects = {f"{one.kind}:{one.key}": one for one in subjects}
        offered = [(key, person.display_name) for key, person in self._team.items()]
        cast("forms.ChoiceField", self.fields["owner"]).choices = offered
        cast("forms.ChoiceField", self.fields["subject"]).choices = _grouped(self._subjects.values())
        for name in (*SHARES, *SUMS):
            for end, label in ENDS:
                self.fields[f"{name}_{end}"] = _number(label, name)

    def content(self) -> dict[str, Any]:
        """Return what was filled in as it is stored: the person, the subject, chances as shares of 1."""
        said = dict(self.cleaned_data)
        said.pop("why")
        chosen, words = self._subjects.get(said.pop("subject")), said.pop("subject_words")
        for name in SHARES:
            for end, _label in ENDS:
                value = said[f"{name}_{end}"]
                said[f"{name}_{end}"] = None if value is None else value / HUNDRED
        return {
            **said,
            "owner": self._team[said["owner"]],
            "mitigation_cost": said["mitigation_cost"] or Decimal(0),
            "subject_kind": chosen.kind if chosen else Risk.Subject.WORDS.value,
            "subject_key": chosen.key if chosen else "",
            "subject_label": (chosen.label if chosen else words)[:LONGEST_LABEL],
        }


def _number(label: Any, name: str) -> forms.DecimalField:
    """Return the field of one end of a range."""
    is_needed = not name.startswith("left_")
    if name in SHARES:
        return forms.DecimalField(
            label=label, required=is_needed, min_value=0, max_value=100, max_digits=5, decimal_places=2
        )
    return forms.DecimalField(label=label, required=is_needed, min_value=0, max_digits=14, decimal_places=2)


def begin_of(risk: Risk, *, review_on: date) -> dict[str, Any]:
    """Return what the form of a risk shows at first."""
    begin: dict[str, Any] = {name: getattr(risk, name) for name in RiskForm.base_fields if hasattr(risk, name)}
    for name in (*SHARES, *SUMS):
        for end, _label in ENDS:
            value = getattr(risk, f"{name}_{end}")
            begin[f"{name}_{end}"] = value * HUNDRED if value is not None and name in SHARES else value
    is_words = risk.subject_kind == Risk.Subject.WORDS
    return {
        **typed_values(begin),
        "owner": risk.owner.key,
        "review_on": review_on,
        "subject": "" if is_words else f"{risk.subject_kind}:{risk.subject_key}",
        "subject_words": risk.subject_label if is_words else "",
    }


class FilterForm(PlainForm):
    """What the list is narrowed to."""

    kind = forms.CharField(required=False, max_length=20)
    owner = forms.CharField(required=False, max_length=20)
    state = forms.CharField(required=False, max_length=20)
    due = forms.CharField(required=False, max_length=5)
    currency = forms.CharField(required=False, max_length=3)

    def filters(self) -> Filters:
        """Return the filters; what makes no sense does not bind."""
        self.is_valid()
        return Filters(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class TotalForm(PlainForm):
    """Of which currency the total is, and the amount a year may cost more than."""

    currency = forms.CharField(required=False, max_length=3)
    amount = forms.DecimalField(label=_("More than"), required=False, min_value=0, max_digits=14, decimal_places=2)


class SettleForm(PlainForm):
    """Into which state a risk is put, and why."""

    state = forms.ChoiceField(label=_("State"), choices=Risk.State.choices)
    reason = forms.CharField(label=_("Why"), max_length=1000, widget=text_area(2))


class WatchForm(PlainForm):
    """What a risk is watched for."""

    trigger = forms.ChoiceField(label=_("Watch for"), choices=Trigger.Kind.choices)
    about = forms.ChoiceField(label=_("Which one"), required=False)
    limit = forms.IntegerField(
        label=_("Number"),
        required=False,
        min_value=0,
        max_value=10_000,
        help_text=_("Days, people or per cent, as the line above says."),
    )

    def __init__(self, *args: Any, subjects: Iterable[Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        watched = [one for one in subjects if one.kind != Risk.Subject.CHALLENGE]
        self._subjects = {f"{one.kind}:{one.key}": one for one in watched}
        cast("forms.ChoiceField", self.fields["about"]).choices = _grouped(watched)

    def content(self) -> dict[str, Any]:
        """Return what was filled in, with the subject behind the choice."""
        said = self.cleaned_data
        about = self._subjects.get(said["about"])
        short = Subject(about.kind, about.key, about.label[:LONGEST_LABEL]) if about else None
        return {"kind": said["trigger"], "about": short, "limit": said["limit"] or 0}
