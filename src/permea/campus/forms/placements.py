"""Forms of placements: shape only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.campus.forms.plain import PairForm, PlainForm
from permea.campus.models import Placement, PlacementReport
from permea.campus.rules import Outcome
from permea.campus.services import PlacementInput
from permea.foundation.money import CURRENCIES
from permea.people.models import Person

HUNDRED = 100
MOST_WEEKLY, LONGEST_REPORT = 60, 20000


def day_field(label: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def text_field(label: Any, rows: int, most: int, **options: Any) -> forms.CharField:
    """Return a field for a text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=most, widget=widget, **options)


class PersonField(forms.ChoiceField):
    """One of some people, chosen by key."""

    known: dict[str, Person]

    def offer(self, people: Iterable[Person]) -> None:
        """Offer these people."""
        self.known = {one.key: one for one in people}
        self.choices = [(key, one.display_name) for key, one in self.known.items()]

    def clean(self, value: Any) -> Any:
        """Return the person behind the chosen key."""
        return self.known[super().clean(value)]


class PlacementForm(PlainForm):
    """What a firm offers."""

    kind = forms.ChoiceField(label=pgettext_lazy("placement", "Kind"), choices=Placement.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=160)
    task = text_field(_("What the student does"), 8, 8000, help_text=_("Say nothing that has to stay secret."))
    place = forms.CharField(label=_("Place"), max_length=200)
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))
    weekly_hours = forms.IntegerField(label=_("Hours a week"), min_value=1, max_value=MOST_WEEKLY)
    pay = forms.DecimalField(
        label=_("Pay a month"), min_value=0, max_digits=8, decimal_places=2, help_text=_("0 if nothing is paid")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    supervisor = PersonField(label=_("Who supervises for you"))
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, supervisors: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("PersonField", self.fields["supervisor"]).offer(supervisors)

    def content(self) -> PlacementInput:
        """Return what was filled in, in the units that are stored."""
        said = {name: self.cleaned_data[name] for name in PlacementInput.__dataclass_fields__}
        return PlacementInput(**{**said, "pay": int(said["pay"] * HUNDRED)})


def typed_placement(placement: Placement) -> dict[str, Any]:
    """Return a placement as it stands in its form."""
    known = {name: getattr(placement, name) for name in PlacementForm.base_fields}
    return {**known, "supervisor": placement.supervisor.key, "pay": f"{placement.monthly_pay:.2f}"}


class OfferForm(PlacementForm, PairForm):
    """A new offer, to whom, and under which agreement."""

    field_order = ("under", "kind", "title")


class StudentForm(PlainForm):
    """Who the student is, and who supervises them for the partner."""

    name = forms.CharField(label=_("Name of the student"), max_length=120)
    email = forms.EmailField(
        label=_("Their address"), max_length=254, help_text=_("They sign in with it and see only this placement.")
    )
    supervisor = PersonField(label=_("Who supervises for you"))

    def __init__(self, *args: Any, supervisors: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("PersonField", self.fields["supervisor"]).offer(supervisors)


class StudentAnswerForm(PlainForm):
    """Yes, or another student and why."""

    answer = forms.ChoiceField(
        label=_("Your side's answer"), widget=forms.RadioSelect,
        choices=[("yes", _("Agree to this student")), ("no", _("Ask for another student"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("If not, why"), required=False, max_length=400)


class AcceptForm(PlainForm):
    """The hash of what the student has read, and their yes."""

    sha256 = forms.CharField(max_length=64)
    is_read = forms.BooleanField(label=_("I have read the task, the dates and what is said here, and I accept."))


class ReportForm(PlainForm):
    """A report."""

    kind = forms.ChoiceField(label=pgettext_lazy("report", "Kind"), choices=PlacementReport.Kind.choices)
    text = text_field(_("Your report"), 10, LONGEST_REPORT)


class RemarkForm(PlainForm):
    """What one thinks of a report, and whether one accepts it."""

    text = text_field(_("Comment"), 3, 4000, required=False)
    is_accepted = forms.BooleanField(label=_("Accept the report for your side"), required=False)


class OutcomeForm(PlainForm):
    """What came of it."""

    led_to_offer = forms.TypedChoiceField(
        label=_("Did the firm offer a job?"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )  # fmt: skip
    thesis_title = forms.CharField(label=_("Title of the thesis, if there is one"), required=False, max_length=300)

    def content(self) -> Outcome:
        """Return what was filled in."""
        return Outcome(self.cleaned_data["led_to_offer"], self.cleaned_data["thesis_title"].strip())
