"""Forms of transfers: shape only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.agreements.models import Agreement
from permea.foundation.money import CURRENCIES
from permea.people.models import Organisation
from permea.projects.models import (
    AcceptanceCriterion,
    PackageItem,
    ReadinessPoint,
    TrainingSession,
    Transfer,
)
from permea.projects.queries import Filters
from permea.projects.rules import LEVELS
from permea.projects.services import ItemSaid, Measured, PointSaid
from permea.surface.formats import typed

YES, NO = "yes", "no"
PASSED = [("", "–"), (YES, pgettext_lazy("test", "Passed")), (NO, pgettext_lazy("test", "Not passed"))]


def level_choices() -> list[tuple[int, str]]:
    """Return the readiness levels with their words."""
    return [(level, f"{level}: {words}") for level, words in LEVELS.items()]


def day_field(**options: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def area(rows: int) -> forms.Textarea:
    """Return an area of text that is so many lines high."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def line(label: Any, longest: int, **options: Any) -> forms.CharField:
    """Return a line of text that may stay empty, and remembers what it said when the page was opened."""
    return forms.CharField(label=label, required=False, max_length=longest, show_hidden_initial=True, **options)


class PlainForm(forms.Form):
    """A form whose errors we say ourselves."""

    use_required_attribute = False


class RowsForm(PlainForm):
    """A form of many rows, each with fields of its own; what stayed as it was on the page is not sent on.

    So two people of a side can fill the same list without undoing what the other has written meanwhile.
    """

    parts: tuple[str, ...] = ()

    def changed_rows(self, rows: Iterable[Any]) -> list[Any]:
        """Return the rows of which something was changed on the page."""
        changed = set(self.changed_data)
        return [row for row in rows if any(f"{part}_{row.key}" in changed for part in self.parts)]


class FilterForm(forms.Form):
    """What a list is narrowed to; a wrong choice does not bind."""

    direction = forms.ChoiceField(required=False, choices=Transfer.Direction.choices)
    kind = forms.ChoiceField(required=False, choices=Transfer.Kind.choices)
    state = forms.ChoiceField(required=False, choices=Transfer.State.choices)
    text = forms.CharField(required=False, max_length=100)

    def filters(self) -> Filters:
        """Return what is asked for, without what makes no sense."""
        self.is_valid()
        return Filters(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class WordsForm(PlainForm):
    """What is handed over, and for what."""

    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("For example: Control of the soft gripper"))
    about = forms.CharField(label=_("What is handed over"), max_length=4000, widget=area(5))
    purpose = forms.ChoiceField(
        label=_("For what"),
        choices=Agreement.Purpose.choices,
        initial=Agreement.Purpose.USE,
        help_text=_("The agreement has to allow it."),
    )


class TransferForm(WordsForm):
    """What a record begins with."""

    direction = forms.ChoiceField(label=_("Direction"), choices=Transfer.Direction.choices)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Transfer.Kind.choices,
        help_text=_("The package begins with what usually belongs to it. You can add to it."),
    )
    partner = forms.ChoiceField(label=_("With whom"))
    level = forms.TypedChoiceField(label=_("Readiness level at hand-over"), coerce=int, choices=level_choices)
    currency = forms.ChoiceField(label=_("Currency of budgets"), choices=[(code, code) for code in CURRENCIES])
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)
    field_order = ("direction", "title", "kind", "partner", "about", "level", "purpose", "currency", "language")

    def __init__(self, *args: Any, candidates: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {one.key: one for one in candidates}
        offered = [(key, one.name) for key, one in self._known.items()]
        cast("forms.ChoiceField", self.fields["partner"]).choices = offered

    def content(self) -> dict[str, Any]:
        """Return what was filled in, with the organisation behind the chosen key."""
        return {**self.cleaned_data, "partner": self._known[self.cleaned_data["partner"]]}


class ChangeForm(WordsForm):
    """What the firm can change later."""

    agreement = forms.ChoiceField(label=_("Under which agreement"), required=False)
    item_key = forms.ChoiceField(
        label=_("About which item of what you show"),
        required=False,
        help_text=_("An agreement about this item covers the transfer, too."),
    )

    def __init__(
        self, *args: Any, agreements: Iterable[Agreement], items: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._agreements = {one.key: one for one in agreements}
        nothing = ("", pgettext_lazy("agreement", "None"))
        labels = [(key, f"{one.title} ({one.get_status_display()})") for key, one in self._agreements.items()]
        cast("forms.ChoiceField", self.fields["agreement"]).choices = [nothing, *labels]
        cast("forms.ChoiceField", self.fields["item_key"]).choices = [("", "–"), *items]

    def content(self) -> dict[str, Any]:
        """Return what was filled in, with the agreement behind the chosen key."""
        return {**self.cleaned_data, "agreement": self._agreements.get(self.cleaned_data["agreement"])}


class LevelForm(PlainForm):
    """The readiness level, and what shows it."""

    level = forms.TypedChoiceField(label=_("Readiness level at hand-over"), coerce=int, choices=level_choices)
    basis = forms.CharField(
        label=_("What shows it"), required=False, max_length=400, help_text=_("For example: 400 hours at two customers")
    )


class PackageForm(RowsForm):
    """What the giving side says of each item of the package; an item that is not sent is not asked about."""

    parts = ("state", "note")

    def __init__(self, *args: Any, items: Sequence[PackageItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._items = [one for one in items if not self.is_bound or f"state_{one.key}" in self.data]
        for item in self._items:
            self.fields[f"state_{item.key}"] = forms.ChoiceField(
                label=item.name, choices=PackageItem.State.choices, initial=item.state, show_hidden_initial=True
            )
            self.fields[f"note_{item.key}"] = line(pgettext_lazy("package", "Note"), 400, initial=item.note)

    @property
    def rows(self) -> list[tuple[PackageItem, Any, Any]]:
        """Return each item with its fields."""
        return [(one, self[f"state_{one.key}"], self[f"note_{one.key}"]) for one in self._items]

    def content(self) -> dict[str, ItemSaid]:
        """Return what was changed, by key."""
        said = self.cleaned_data
        changed = self.changed_rows(self._items)
        return {one.key: ItemSaid(said[f"state_{one.key}"], said[f"note_{one.key}"]) for one in changed}


class NameForm(PlainForm):
    """One more row of a list."""

    name = forms.CharField(label=pgettext_lazy("row of a list", "What"), max_length=160)


class SessionForm(PlainForm):
    """A training to be planned."""

    on = day_field(label=_("Day"))
    topic = forms.CharField(label=_("Topic"), max_length=160)


class HeldForm(RowsForm):
    """Who took part in each training, of the receiving side."""

    parts = ("people",)

    def __init__(self, *args: Any, sessions: Sequence[TrainingSession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sessions = sessions
        for one in sessions:
            self.fields[f"people_{one.key}"] = line(one.topic, 400, initial=one.people)

    @property
    def rows(self) -> list[tuple[TrainingSession, Any]]:
        """Return each training with its field."""
        return [(one, self[f"people_{one.key}"]) for one in self._sessions]

    def content(self) -> dict[str, str]:
        """Return what was changed, by key."""
        return {one.key: self.cleaned_data[f"people_{one.key}"] for one in self.changed_rows(self._sessions)}


class CriterionForm(PlainForm):
    """What the receiving side will test."""

    name = forms.CharField(label=_("What is tested"), max_length=160)
    target = forms.CharField(
        label=pgettext_lazy("test", "Target"), max_length=160, help_text=_("For example: 95 of 100 berries stay whole")
    )


class MeasureForm(RowsForm):
    """What the receiving side measured for each criterion."""

    parts = ("measured", "passed")

    def __init__(self, *args: Any, criteria: Sequence[AcceptanceCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._criteria = criteria
        for one in criteria:
            begin = "" if one.is_passed is None else YES if one.is_passed else NO
            self.fields[f"measured_{one.key}"] = line(pgettext_lazy("test", "Measured"), 160, initial=one.measured)
            self.fields[f"passed_{one.key}"] = forms.ChoiceField(
                label=pgettext_lazy("test", "Result"), required=False, choices=PASSED, initial=begin,
                show_hidden_initial=True,
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[AcceptanceCriterion, Any, Any]]:
        """Return each criterion with its fields."""
        return [(one, self[f"measured_{one.key}"], self[f"passed_{one.key}"]) for one in self._criteria]

    def content(self) -> dict[str, Measured]:
        """Return what was changed, by key."""
        said, told = self.cleaned_data, {YES: True, NO: False}
        return {
            one.key: Measured(said[f"measured_{one.key}"], told.get(said[f"passed_{one.key}"]))
            for one in self.changed_rows(self._criteria)
        }


class VerdictForm(PlainForm):
    """What the receiving side says after the test."""

    verdict = forms.ChoiceField(
        label=_("Your side's word"), choices=Transfer.Verdict.choices, widget=forms.RadioSelect
    )  # fmt: skip
    note = forms.CharField(
        label=_("Remarks, or why not"),
        required=False,
        max_length=1000,
        widget=area(3),
        help_text=_("Needed unless it is accepted without remarks."),
    )


class DropForm(PlainForm):
    """Why the firm does not go on with a transfer."""

    reason = forms.CharField(label=_("Why"), max_length=1000, widget=area(2))


class SupportForm(PlainForm):
    """From when until when the giving side helps."""

    start = day_field(label=pgettext_lazy("support", "From"))
    until = day_field(label=pgettext_lazy("support", "Until"))
    contact = forms.CharField(label=_("Whom to ask"), max_length=160, help_text=_("A name, with telephone or mail"))
    hours = forms.CharField(
        label=_("At which hours"), required=False, max_length=160, help_text=_("For example: on weekdays, 8 to 16")
    )


class PointsForm(RowsForm):
    """What the receiving side says of each point of its readiness."""

    parts = ("owner", "budget", "ready")

    def __init__(self, *args: Any, points: Sequence[ReadinessPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._points = points
        for one in points:
            self.fields[f"owner_{one.key}"] = line(_("Who answers for it"), 160, initial=one.owner)
            self.fields[f"budget_{one.key}"] = forms.DecimalField(
                label=_("Budget"), required=False, min_value=0, max_digits=12, decimal_places=2,
                initial=typed(one.budget), show_hidden_initial=True,
            )  # fmt: skip
            self.fields[f"ready_{one.key}"] = forms.BooleanField(
                label=pgettext_lazy("readiness", "Ready"), required=False, initial=one.is_ready,
                show_hidden_initial=True,
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[ReadinessPoint, Any, Any, Any]]:
        """Return each point with its fields."""
        return [
            (one, self[f"owner_{one.key}"], self[f"budget_{one.key}"], self[f"ready_{one.key}"]) for one in self._points
        ]

    def content(self) -> dict[str, PointSaid]:
        """Return what was changed, by key."""
        return {
            one.key: PointSaid(*(self.cleaned_data[f"{part}_{one.key}"] for part in self.parts))
            for one in self.changed_rows(self._points)
        }
