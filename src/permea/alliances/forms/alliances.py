"""Forms of alliances: shape only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.agreements.models import Agreement
from permea.alliances.models import Contribution, Party, Split, Word
from permea.alliances.rules import (
    LEAST_WAIT,
    MOST_WAIT,
    N_CRITERIA,
    N_MILESTONES,
    N_TASKS,
    QUESTIONS,
    ROLES,
    groups_of,
    per_cent,
)
from permea.foundation.money import CURRENCIES
from permea.people.models import Organisation

EVERYBODY = "all"
MARKS = [
    (1, pgettext_lazy("pulse", "1, not at all")),
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (5, pgettext_lazy("pulse", "5, fully")),
]


def day_field(**options: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def area(rows: int) -> forms.Textarea:
    """Return an area of text that is so many lines high."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class PlainForm(forms.Form):
    """A form whose errors we say ourselves."""

    use_required_attribute = False


class AllianceForm(PlainForm):
    """What an alliance begins with."""

    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("For example: A gripper for soft fruit, with the university")
    )
    partners = forms.MultipleChoiceField(
        label=_("With whom"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Partners of your directory. Invite their people as guests, so that they can read and accept."),
    )
    currency = forms.ChoiceField(
        label=_("Currency of all values"), choices=[(code, code) for code in CURRENCIES], initial=CURRENCIES[0]
    )
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, candidates: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {one.key: one for one in candidates}
        offered = [(key, one.name) for key, one in self._known.items()]
        cast("forms.MultipleChoiceField", self.fields["partners"]).choices = offered

    def content(self) -> dict[str, Any]:
        """Return what was filled in, with the organisations behind the chosen keys."""
        said = self.cleaned_data
        return {**said, "partners": [self._known[key] for key in said["partners"]]}


class CharterForm(PlainForm):
    """What a charter says. Rows without a name are left out."""

    goals = forms.CharField(label=_("What we want to reach together"), max_length=4000, widget=area(5))
    cadence = forms.CharField(
        label=_("When we meet"), max_length=400, help_text=_("For example: every second Tuesday for half an hour")
    )
    ip = forms.CharField(
        label=_("Whose are the results"),
        required=False,
        max_length=4000,
        widget=area(4),
        help_text=_("In plain words. The agreement below says it in full, if there is one."),
    )
    agreement = forms.ChoiceField(label=pgettext_lazy("contract", "Agreement"), required=False)
    exit = forms.CharField(
        label=_("How a party leaves"),
        max_length=4000,
        widget=area(4),
        help_text=_("With how much notice, what is finished first, who keeps what."),
    )
    note = forms.CharField(label=_("What changed, and why"), required=False, max_length=400)

    def __init__(
        self, *args: Any, parties: Sequence[Party], agreements: Iterable[Agreement], is_first: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._parties = parties
        nothing = ("", pgettext_lazy("agreement", "None"))
        offered = [nothing, *((one.key, one.title) for one in agreements)]
        cast("forms.ChoiceField", self.fields["agreement"]).choices = offered
        for number in range(1, N_CRITERIA + 1):
            self._add(f"criterion_{number}", _("Success is"), 160)
            self._add(f"measure_{number}", _("Measured by, with the target"), 160)
        for number in range(1, N_TASKS + 1):
            self._add(f"task_{number}", _("Task"), 160)
            for party in parties:
                self.fields[f"task_{number}_{party.key}"] = forms.ChoiceField(
                    label=party.organisation.name, required=False, choices=[("", "–"), *ROLES]
                )
        for number in range(1, N_MILESTONES + 1):
            self._add(f"milestone_{number}", _("Milestone"), 160)
            self.fields[f"due_{number}"] = day_field(label=_("Due on"), required=False)
        if is_first:
            del self.fields["note"]

    def _add(self, name: str, label: Any, longest: int) -> None:
        """Add a line of text that may stay empty."""
        self.fields[name] = forms.CharField(label=label, required=False, max_length=longest)

    @property
    def criteria(self) -> list[tuple[Any, Any]]:
        """Return the fields of each criterion: what, and how it is measured."""
        return [(self[f"criterion_{n}"], self[f"measure_{n}"]) for n in range(1, N_CRITERIA + 1)]

    @property
    def tasks(self) -> list[tuple[Any, list[Any]]]:
        """Return the fields of each task: its name, and the role of each party."""
        return [
            (self[f"task_{n}"], [self[f"task_{n}_{party.key}"] for party in self._parties])
            for n in range(1, N_TASKS + 1)
        ]

    @property
    def milestones(self) -> list[tuple[Any, Any]]:
        """Return the fields of each milestone: its name and its day."""
        return [(self[f"milestone_{n}"], self[f"due_{n}"]) for n in range(1, N_MILESTONES + 1)]

    def content(self) -> dict[str, Any]:
        """Return what the charter says, as it is kept."""
        said = self.cleaned_data
        plain = {name: said[name].strip() for name in ("goals", "cadence", "ip", "agreement", "exit")}
        criteria = [
            {"name": said[f"criterion_{n}"].strip(), "measure": said[f"measure_{n}"].strip()}
            for n in range(1, N_CRITERIA + 1)
        ]
        tasks = [
            {
                "name": said[f"task_{n}"].strip(),
                "roles": {one.key: role for one in self._parties if (role := said[f"task_{n}_{one.key}"])},
            }
            for n in range(1, N_TASKS + 1)
        ]
        milestones = [
            {"name": said[f"milestone_{n}"].strip(), "due": due.isoformat() if (due := said[f"due_{n}"]) else ""}
            for n in range(1, N_MILESTONES + 1)
        ]
        lists: dict[str, list[dict[str, Any]]] = {"criteria": criteria, "tasks": tasks, "milestones": milestones}
        return {**plain, **{name: [row for row in rows if row["name"]] for name, rows in lists.items()}}


def begin_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of a charter shows at first: what the newest version says."""
    begin = {name: content[name] for name in ("goals", "cadence", "ip", "agreement", "exit")}
    for number, row in enumerate(content["criteria"], start=1):
        begin |= {f"criterion_{number}": row["name"], f"measure_{number}": row["measure"]}
    for number, row in enumerate(content["tasks"], start=1):
        begin[f"task_{number}"] = row["name"]
        begin |= {f"task_{number}_{key}": role for key, role in row["roles"].items()}
    for number, row in enumerate(content["milestones"], start=1):
        begin |= {f"milestone_{number}": row["name"], f"due_{number}": row["due"]}
    return begin


class LineForm(PlainForm):
    """What one's own side put in."""

    kind = forms.ChoiceField(label=_("What it was"), choices=Contribution.Kind.choices)
    amount = forms.DecimalField(
        label=pgettext_lazy("contribution", "How much"), min_value=0, max_digits=12, decimal_places=2
    )
    unit = forms.CharField(label=_("Unit"), max_length=30, help_text=_("For example: hours, kg, EUR, pieces"))
    value = forms.DecimalField(
        min_value=0,
        max_digits=14,
        decimal_places=2,
        label=_("What it is worth"),
        help_text=_("Hours times the rate you agreed on, the price of the material, the money saved."),
    )
    on = day_field(label=_("Day"))
    receiver = forms.ChoiceField(label=_("For whom"))
    note = forms.CharField(label=_("What exactly"), max_length=400)

    def __init__(self, *args: Any, others: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._others = {party.key: party for party in others}
        if len(others) == 1:
            del self.fields["receiver"]
            return
        offered = [(EVERYBODY, _("All others, in equal parts")), *((one.key, one.organisation.name) for one in others)]
        cast("forms.ChoiceField", self.fields["receiver"]).choices = offered

    def content(self) -> dict[str, Any]:
        """Return what was filled in, with the party behind the chosen key."""
        said = self.cleaned_data
        return {**said, "receiver": self._others.get(said.get("receiver", EVERYBODY))}


NEEDED: dict[str, set[str]] = {Word.Kind.DISPUTED: {"reason"}, Word.Kind.PROPOSED: {"reason", "value"}}


class AnswerForm(PlainForm):
    """What a side says of a line; what it takes depends on what it says."""

    kind = forms.ChoiceField(choices=Word.Kind.choices)
    value = forms.DecimalField(label=_("Value you could agree to"), min_value=0, max_digits=14, decimal_places=2)
    reason = forms.CharField(label=_("Why"), max_length=400, widget=area(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            needed = NEEDED.get(self.data.get("kind", ""), set())
            for name in ("value", "reason"):
                self.fields[name].required = name in needed


class PulseForm(PlainForm):
    """A side's answers to the five questions of a quarter."""

    words = forms.CharField(label=_("What would help most"), required=False, max_length=400, widget=area(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(QUESTIONS):
            self.fields[f"mark_{number}"] = forms.TypedChoiceField(
                label=question, coerce=int, choices=MARKS, widget=forms.RadioSelect
            )
        self.order_fields([*(f"mark_{number}" for number in range(len(QUESTIONS))), "words"])

    def content(self) -> dict[str, Any]:
        """Return the marks in the order of the questions, and the words."""
        said = self.cleaned_data
        return {"marks": [said[f"mark_{number}"] for number in range(len(QUESTIONS))], "words": said["words"]}


class MatterForm(PlainForm):
    """Something that a side wants solved."""

    text = forms.CharField(label=_("What is to be solved"), max_length=400, widget=area(3))
    days = forms.IntegerField(
        label=_("Days on each step"),
        min_value=1,
        max_value=30,
        help_text=_("After so many days it climbs: first everybody hears of it, then who manages, then the owners."),
    )


class ResultForm(PlainForm):
    """Something the parties made together."""

    title = forms.CharField(
        label=_("What you made together"), max_length=160, help_text=_("For example: the patent on the seal")
    )
    text = forms.CharField(label=_("What belongs to it"), required=False, max_length=400, widget=area(3))


class SplitForm(PlainForm):
    """How a joint result is to be divided; what is asked for depends on the way."""

    note = forms.CharField(label=_("Why like this"), required=False, max_length=400, widget=area(3))

    def __init__(self, *args: Any, way: str, parties: Sequence[Party], has_open_lines: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._way, self._parties = way, parties
        if way == Split.Way.PROPORTIONAL and has_open_lines:
            self.fields["leaves_out"] = forms.BooleanField(
                label=_("Leave out the lines that wait for an answer or are disputed; they are named"), required=False
            )
        if way == Split.Way.HAND:
            self.fields["note"].required = True
            for place, party in enumerate(parties):
                self.fields[f"share_{place}"] = forms.DecimalField(
                    label=party.organisation.name, min_value=0, max_value=100, decimal_places=3
                )
        if way == Split.Way.SHAPLEY:
            for group in groups_of(len(parties)):
                self.fields[worth_name(group)] = forms.DecimalField(
                    label=" + ".join(parties[one].organisation.name for one in group), max_digits=14, decimal_places=2
                )

    @property
    def shares(self) -> list[Any]:
        """Return the fields of shares by hand, in the order of the parties."""
        return [self[f"share_{n}"] for n in range(len(self._parties))] if self._way == Split.Way.HAND else []

    @property
    def worth(self) -> list[Any]:
        """Return the fields of what groups of parties would make, the small groups first."""
        groups = groups_of(len(self._parties)) if self._way == Split.Way.SHAPLEY else []
        return [self[worth_name(group)] for group in groups]

    def content(self) -> dict[str, Any]:
        """Return what was filled in."""
        said, groups = self.cleaned_data, groups_of(len(self._parties))
        return {
            "way": self._way,
            "note": said["note"],
            "leaves_out": said.get("leaves_out", False),
            "shares": [int(said[bound.name] * 1000) for bound in self.shares],
            "worth": {group: said[worth_name(group)] for group in groups if self.worth},
        }


def worth_name(group: Sequence[int]) -> str:
    """Return the name of the field for what a group of parties would make."""
    return "worth_" + "_".join(map(str, group))


def begin_of_split(split: Split | None, way: str, parties: Sequence[Party]) -> dict[str, Any]:
    """Return what the form of a division shows at first: what the newest proposal says, if it went the same way."""
    if split is None or split.way != way:
        return {}
    begin: dict[str, Any] = {"note": split.note}
    places = {party.organisation.key: place for place, party in enumerate(parties)}
    if way == Split.Way.HAND:
        begin |= {f"share_{places[one['party']]}": per_cent(one["share"]) for one in split.content["shares"]}
    for row in split.content.get("worth", []):
        begin[worth_name(sorted(places[key] for key in row["parties"]))] = row["worth"]
    return begin


class CloseForm(PlainForm):
    """Why a side asks to close an alliance, and how long it waits for the others."""

    reason = forms.CharField(label=_("Why"), max_length=400, widget=area(3))
    days = forms.IntegerField(
        label=_("Days for everybody to rate"),
        min_value=LEAST_WAIT,
        max_value=MOST_WAIT,
        help_text=_("After that, a side that has rated can close it; who did not rate is named."),
    )


class SuccessForm(PlainForm):
    """How a side rates an alliance: each criterion of its charter, and the whole."""

    overall = forms.TypedChoiceField(label=_("All in all"), coerce=int, choices=MARKS, widget=forms.RadioSelect)
    words = forms.CharField(label=_("What you take from it"), required=False, max_length=400, widget=area(3))

    def __init__(self, *args: Any, criteria: Sequence[Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._n = len(criteria)
        for number, row in enumerate(criteria):
            self.fields[f"mark_{number}"] = forms.TypedChoiceField(
                label=row["name"], help_text=row["measure"], coerce=int, choices=MARKS, widget=forms.RadioSelect
            )
            self.fields[f"words_{number}"] = forms.CharField(label=_("In words"), required=False, max_length=400)
        named = [name for number in range(self._n) for name in (f"mark_{number}", f"words_{number}")]
        self.order_fields([*named, "overall", "words"])

    def content(self) -> dict[str, Any]:
        """Return the marks with their words in the order of the criteria, and those overall."""
        said = self.cleaned_data
        marks = [(said[f"mark_{number}"], said[f"words_{number}"]) for number in range(self._n)]
        return {"marks": marks, "overall": said["overall"], "words": said["words"]}
