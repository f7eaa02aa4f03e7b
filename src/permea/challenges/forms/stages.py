"""The steps between deadline and reviews as rows to fill in, and the rule by which the deadline moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from permea.challenges import rules
from permea.challenges.models import Circle
from permea.challenges.queries import OfferedStep

FIELDS = ("what", "days", "circle")
ARRANGING = ("add", "remove", "up", "down")
USUAL_DAYS = 7


class StepRow(forms.Form):
    """One step: what it is for, how long it lasts, who takes part."""

    what = forms.ChoiceField(label=_("What it is for"))
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=rules.LONGEST_STEP)
    circle = forms.ChoiceField(label=_("Who reads and takes part"), choices=Circle.choices)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        prefix: str,
        initial: Mapping[str, Any],
        offered: Sequence[OfferedStep],
        is_running: bool,
    ) -> None:
        super().__init__(data, prefix=prefix, initial=dict(initial))
        self.use_required_attribute = False
        self.offered = {one.value: one for one in offered}
        self.is_running = is_running
        what = self.fields["what"]
        if isinstance(what, forms.ChoiceField):
            what.choices = [(one.value, one.label) for one in offered]
        if is_running:
            self.fields["what"].disabled = self.fields["circle"].disabled = True

    def step(self) -> rules.Step:
        """Return the step that was entered."""
        entered = self.cleaned_data
        one = self.offered[entered["what"]]
        return rules.Step(one.name, entered["days"], entered["circle"], dict(one.options))


class StepRows:
    """The steps of a challenge to fill in: as they are kept, or as they were sent and arranged by a button.

    The first one may be running; it stays first, and only its days can be changed.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        steps: Sequence[rules.Step],
        offered: Sequence[OfferedStep],
        is_running: bool = False,
    ) -> None:
        self.offered, self.is_running = offered, is_running
        self.is_arranged = data is not None and any(name in data for name in ARRANGING)
        self.kept = [self._as_entered(step) for step in steps]
        sent = None if data is None else self._arranged(_sent(data), data)
        self.forms = [self._form(place, sent) for place in range(len(self.kept if sent is None else sent))]

    @property
    def is_full(self) -> bool:
        """Say whether no row can be added."""
        return not self.offered or len(self.forms) >= rules.MOST_STEPS

    def is_valid(self) -> bool:
        """Say whether every row was entered properly."""
        return not any(form.errors for form in self.forms)

    def steps(self) -> list[rules.Step]:
        """Return the steps that were entered."""
        return [form.step() for form in self.forms]

    def _as_entered(self, step: rules.Step) -> dict[str, str]:
        """Return what a row shows of a kept step."""
        value = next((one.value for one in self.offered if one.is_of(step)), "")
        return {"what": value, "days": str(step.days), "circle": step.circle}

    def _form(self, place: int, sent: Sequence[Mapping[str, str]] | None) -> StepRow:
        """Return the row at a place."""
        prefix, is_running = f"s{place}", self.is_running and place == 0
        data = None if sent is None else {f"{prefix}-{name}": value for name, value in sent[place].items()}
        initial = self.kept[place] if place < len(self.kept) else {}
        return StepRow(data, prefix=prefix, initial=initial, offered=self.offered, is_running=is_running)

    def _arranged(self, rows: list[dict[str, str]], data: Mapping[str, Any]) -> list[dict[str, str]]:
        """Return the rows after the button that was pressed: one more, one less, or two that changed places."""
        first = int(self.is_running)
        if "add" in data and len(rows) < rules.MOST_STEPS and self.offered:
            rows.append({"what": self.offered[0].value, "days": str(USUAL_DAYS), "circle": Circle.CONTRIBUTORS.value})
        removed, up = _place(data, "remove"), _place(data, "up")
        below = _place(data, "down") + 1 if up < 0 else up
        if first <= removed < len(rows):
            del rows[removed]
        if first < below < len(rows):
            rows[below - 1], rows[below] = rows[below], rows[below - 1]
        return rows


def _sent(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the rows that were sent, one more than allowed at most."""
    n_rows = 0
    while f"s{n_rows}-days" in data and n_rows <= rules.MOST_STEPS:
        n_rows += 1
    return [{name: data.get(f"s{place}-{name}", "") for name in FIELDS} for place in range(n_rows)]


def _place(data: Mapping[str, Any], button: str) -> int:
    """Return at which row a button was pressed, -1 at none."""
    places = {str(place): place for place in range(rules.MOST_STEPS + 1)}
    return places.get(str(data.get(button, "")), -1)


class MoveRuleForm(forms.Form):
    """By which rule the deadline moves by itself."""

    fewer_than = forms.IntegerField(
        label=_("Fewer entries than"), required=False, min_value=0, max_value=rules.MOST_ENTRIES
    )
    extend_days = forms.IntegerField(
        label=_("Days longer"), required=False, min_value=0, max_value=rules.LONGEST_EXTENSION
    )

    def moves(self) -> rules.AutoMoves:
        """Return the rule that was entered."""
        return rules.AutoMoves(**{name: value or 0 for name, value in self.cleaned_data.items()})
