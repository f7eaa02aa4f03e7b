"""The form for a further partner that joins an alliance: shape only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from permea.alliances.forms.alliances import PlainForm, area, day_field
from permea.alliances.rules import ROLES, JoiningTerms
from permea.people.models import Organisation


class JoiningForm(PlainForm):
    """Who would join, from which day, why, and in which role."""

    partner = forms.ChoiceField(label=_("Who joins"), help_text=_("Partners of your directory that are no party yet."))
    from_on = day_field(
        label=_("Takes part from"),
        help_text=_("The day it becomes a party, if all have agreed by then; otherwise the day the last one agrees."),
    )
    reason = forms.CharField(label=_("Why it joins"), max_length=400, widget=area(3))
    task = forms.CharField(
        label=_("A further task"), required=False, max_length=160, help_text=_("It does this and answers for it.")
    )
    reads_all = forms.BooleanField(
        label=_("It reads everything from the beginning"),
        required=False,
        help_text=_("Otherwise it reads the charter, what is open, and what comes from its day on."),
    )

    def __init__(
        self, *args: Any, candidates: Iterable[Organisation], tasks: Sequence[Mapping[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._known, self._tasks = {one.key: one for one in candidates}, tasks
        offered = [(key, one.name) for key, one in self._known.items()]
        cast("forms.ChoiceField", self.fields["partner"]).choices = offered
        for number, task in enumerate(tasks):
            self.fields[f"role_{number}"] = forms.ChoiceField(
                label=task["name"], required=False, choices=[("", "–"), *ROLES]
            )

    @property
    def roles(self) -> list[Any]:
        """Return the field of its role in each task of the charter."""
        return [self[f"role_{number}"] for number in range(len(self._tasks))]

    def content(self) -> tuple[Organisation, JoiningTerms]:
        """Return who would join, and on which terms."""
        said = self.cleaned_data
        roles = {task["name"]: said[f"role_{number}"] for number, task in enumerate(self._tasks)}
        terms = JoiningTerms(
            from_on=said["from_on"],
            reason=said["reason"].strip(),
            task=said["task"].strip(),
            roles=roles,
            reads_all=said["reads_all"],
        )
        return self._known[said["partner"]], terms
