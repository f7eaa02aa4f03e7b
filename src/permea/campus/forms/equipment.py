"""Forms of equipment and bookings: shape only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.campus.forms.plain import PairForm, PlainForm
from permea.campus.models import Equipment
from permea.campus.rules import Asked, hours_of, instant_of
from permea.campus.services import EquipmentInput
from permea.foundation.money import CURRENCIES
from permea.foundation.refusals import RefusedError
from permea.people.models import Organisation
from permea.people.rules import zone_choices
from permea.surface.formats import typed

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip
MINUTES, HUNDRED = 60, 100
LONGEST_HOURS, MOST_NOTICE, MOST_NAMES, LONGEST_NAME = 720, 2160, 12, 160
QUARTER = Decimal("0.25")


def hours_field(label: Any, *, least: Decimal, **options: Any) -> forms.DecimalField:
    """Return a field for hours, in quarters."""
    limits: dict[str, Any] = {"min_value": least, "max_value": LONGEST_HOURS, "step_size": QUARTER, "decimal_places": 2}
    return forms.DecimalField(label=label, **limits, **options)


class LocalField(forms.DateTimeField):
    """A time on the clock of where the equipment stands, whatever the zone of the page's reader."""

    def to_python(self, value: Any) -> datetime | None:
        """Return the time as it was typed, to the minute, in no zone."""
        with timezone.override(UTC):
            moment = super().to_python(value)
        return None if moment is None else moment.replace(tzinfo=None, second=0, microsecond=0)


def local_field(label: Any) -> LocalField:
    """Return a field for a time on the clock of where the equipment stands."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return LocalField(label=label, widget=widget)


class EquipmentForm(PlainForm):
    """What is said of a piece of equipment."""

    name = forms.CharField(label=_("Name"), max_length=160, help_text=_("For example: Scanning electron microscope"))
    about = forms.CharField(
        label=_("What it does"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    place = forms.CharField(label=_("Place"), max_length=200)
    users = forms.CharField(
        label=_("Who may use it"), required=False, max_length=400, help_text=_("For example: people trained on lasers")
    )
    needs_introduction = forms.BooleanField(label=_("Nobody uses it without an introduction"), required=False)
    rate = forms.DecimalField(
        label=_("For an hour"), min_value=0, max_digits=8, decimal_places=2, initial=0, help_text=_("0 if it is free")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Open on"), coerce=int, choices=WEEKDAYS, initial=[0, 1, 2, 3, 4], widget=forms.CheckboxSelectMultiple
    )
    opens = forms.TimeField(label=_("Opens at"), initial="08:00", widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(
        label=_("Closes at"), initial="18:00", widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("0:00 means midnight. A booking may run over a night; it begins and ends within these hours."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, initial="Europe/Berlin")
    shortest = hours_field(_("Shortest booking, in hours"), least=QUARTER, initial=1)
    longest = hours_field(_("Longest booking, in hours"), least=QUARTER, initial=8)
    notice = forms.IntegerField(
        label=_("Ask so many hours before"), min_value=0, max_value=MOST_NOTICE, initial=24,
        help_text=_("The owner's own people need not."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)

    def clean(self) -> dict[str, Any]:
        """Say which length is the longer one."""
        said = self.cleaned_data
        if said.get("longest") is not None and said.get("shortest") is not None and said["longest"] < said["shortest"]:
            self.add_error("longest", _("The longest booking is not shorter than the shortest one."))
        return said

    def content(self) -> EquipmentInput:
        """Return what was filled in, in the units that are stored."""
        said = {name: self.cleaned_data[name] for name in EquipmentInput.__dataclass_fields__}
        said["rate"] = int(said["rate"] * HUNDRED)
        said["weekdays"] = tuple(said["weekdays"])
        return EquipmentInput(
            **{**said, "shortest": int(said["shortest"] * MINUTES), "longest": int(said["longest"] * MINUTES)}
        )


def typed_of(equipment: Equipment) -> dict[str, Any]:
    """Return a piece of equipment as it stands in its form."""
    known = {name: getattr(equipment, name) for name in EquipmentForm.base_fields}
    lengths = {name: typed(hours_of(known[name])) for name in ("shortest", "longest")}
    hours = {name: f"{known[name]:%H:%M}" for name in ("opens", "closes")}
    return {**known, **lengths, **hours, "rate": f"{Decimal(equipment.rate) / HUNDRED:.2f}"}


class NewForm(EquipmentForm):
    """A new piece of equipment, and whose it is."""

    owner = forms.ChoiceField(label=pgettext_lazy("equipment", "Belongs to"))
    field_order = ("name", "owner", "place", "about")

    def __init__(self, *args: Any, owners: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {one.key: one for one in owners}
        cast("forms.ChoiceField", self.fields["owner"]).choices = [(key, one.name) for key, one in self._owners.items()]

    @property
    def owner_chosen(self) -> Organisation:
        """Return the organisation behind the chosen key."""
        return self._owners[self.cleaned_data["owner"]]


class ShareForm(PairForm):
    """With whom, under which agreement: both in one choice."""


class IntroductionForm(PlainForm):
    """Who was introduced, and when."""

    organisation = forms.ChoiceField(label=_("Of"))
    name = forms.CharField(label=pgettext_lazy("introduction", "Name"), max_length=LONGEST_NAME)
    on = forms.DateField(
        label=pgettext_lazy("introduction", "On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {one.key: one for one in organisations}
        offered = [(key, one.name) for key, one in self._known.items()]
        cast("forms.ChoiceField", self.fields["organisation"]).choices = offered

    def content(self) -> dict[str, Any]:
        """Return what was filled in, with the organisation behind the chosen key."""
        return {**self.cleaned_data, "organisation": self._known[self.cleaned_data["organisation"]]}


class BookingForm(PlainForm):
    """From when until when on the clock of the equipment, for what, and who will be there."""

    start = local_field(pgettext_lazy("booking", "From"))
    end = local_field(pgettext_lazy("booking", "Until"))
    purpose = forms.CharField(label=_("What for"), max_length=400)
    people = forms.CharField(
        label=_("Who will use it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("One name a line"),
    )  # fmt: skip

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def _instant(self, name: str) -> datetime:
        """Return a typed time in UTC."""
        try:
            return instant_of(self.cleaned_data[name], self._zone)
        except RefusedError as error:
            raise ValidationError(error.refusal.reason) from error

    def clean_start(self) -> datetime:
        """Return the beginning in UTC."""
        return self._instant("start")

    def clean_end(self) -> datetime:
        """Return the end in UTC."""
        return self._instant("end")

    def clean_people(self) -> tuple[str, ...]:
        """Return the names, each once."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["people"].splitlines())
        names = tuple(dict.fromkeys(line for line in lines if line))
        if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
            raise ValidationError(_("At most 12 names, each on a line of its own."))
        return names

    def content(self) -> Asked:
        """Return what was filled in."""
        said = self.cleaned_data
        return Asked(said["start"], said["end"], said["purpose"], said["people"])


class AnswerForm(PlainForm):
    """Yes, or no and why."""

    answer = forms.ChoiceField(
        label=_("Your side's answer"), choices=[("yes", _("Confirm")), ("no", _("Refuse"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("If not, why"), required=False, max_length=400)


class HoursForm(PlainForm):
    """How long it was used."""

    hours = hours_field(_("Hours used"), least=Decimal(0))

    @property
    def minutes(self) -> int:
        """Return the hours in minutes."""
        return int(self.cleaned_data["hours"] * MINUTES)


class AgreeForm(PlainForm):
    """The minutes one agrees to, as they stood on the page."""

    minutes = forms.IntegerField(min_value=0, max_value=LONGEST_HOURS * MINUTES)
