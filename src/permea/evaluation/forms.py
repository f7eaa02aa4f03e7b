"""Forms of evaluation: shape only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from permea.challenges.models import Criterion
from permea.evaluation import rules
from permea.evaluation.models import Assignment, Comparison, Conflict, Panel, Review


class PanelForm(forms.Form):
    """How much judging a challenge gets, and of which kind."""

    mode = forms.ChoiceField(label=_("How entries are judged"), choices=Panel.Mode.choices, widget=forms.RadioSelect)
    effort_hours = forms.IntegerField(
        label=_("Hours of judging in all"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("What the first reviews leave of them goes to the ideas that decide the shortlist."),
    )
    reviews_per_idea = forms.IntegerField(
        label=_("Reviews every idea gets first"),
        min_value=1,
        max_value=20,
        help_text=_("Two or more let harsh and kind judges be told apart."),
    )
    minutes_per_review = forms.IntegerField(
        label=_("Minutes per review"),
        min_value=1,
        max_value=240,
        help_text=_("Evaluators are never given more than fits into their time."),
    )
    n_shortlist = forms.IntegerField(
        label=_("Ideas on the shortlist"),
        min_value=1,
        max_value=200,
        help_text=_("The ranking works out how sure it is of this many."),
    )
    certainty_wanted = forms.IntegerField(
        label=_("Certainty wanted, in per cent"),
        min_value=50,
        max_value=99,
        help_text=_("Reaching it, the ranking advises to stop reviewing."),
    )


class InviteForm(forms.Form):
    """Whom to ask onto the panel: one or more addresses."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=_("One on each line. Everybody gets a link of their own."),
    )

    def clean_emails(self) -> list[str]:
        """Return the addresses, each once, in the order given."""
        field = forms.EmailField()
        words = str(self.cleaned_data["emails"]).replace(",", " ").replace(";", " ").split()
        return list(dict.fromkeys(field.clean(word).lower() for word in words))


class MinutesForm(forms.Form):
    """How many minutes a week an evaluator has."""

    minutes_per_week = forms.IntegerField(label=_("Minutes a week"), min_value=5, max_value=2400)


class DeclineForm(forms.Form):
    """Why a review is given back."""

    reason = forms.ChoiceField(choices=Assignment.DeclineReason.choices)


class CompareForm(forms.Form):
    """The answer to a pair: its token, which is better, a note for the team."""

    token = forms.CharField(max_length=500)
    outcome = forms.ChoiceField(choices=Comparison.Outcome.choices)
    note = forms.CharField(
        label=_("Note for the team only"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=rules.REASON_LENGTH,
    )


class ReviewForm(forms.Form):
    """A review sheet: a mark on each criterion, a recommendation, a reason, a private note."""

    recommendation = forms.ChoiceField(
        label=_("What do you recommend?"),
        choices=Review.Recommendation.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason, for the contributor"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=rules.REASON_LENGTH,
        help_text=_("What is good, what is missing, what would help. The contributor reads it, without your name."),
    )
    private_note = forms.CharField(
        label=_("Note for the team only"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=rules.REASON_LENGTH,
    )
    seconds_spent = forms.IntegerField(required=False, min_value=0, max_value=86_400, widget=forms.HiddenInput)

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for one in self.criteria:
            self.fields[f"score-{one.key}"] = forms.TypedChoiceField(
                choices=[(mark, mark) for mark in range(rules.LOWEST, rules.HIGHEST + 1)],
                coerce=int,
                empty_value=None,
                required=False,
            )

    @property
    def scores(self) -> dict[str, int]:
        """Return the marks given, by criterion key."""
        given = {one.key: self.cleaned_data.get(f"score-{one.key}") for one in self.criteria}
        return {key: mark for key, mark in given.items() if mark is not None}

    @property
    def told(self) -> dict[str, Any]:
        """Return what was said besides the marks, as it is handed in."""
        said = {name: self.cleaned_data[name] for name in ("recommendation", "reason", "private_note")}
        return {**said, "seconds_spent": self.cleaned_data["seconds_spent"] or 0}

    @property
    def content(self) -> dict[str, Any]:
        """Return the sheet as it is kept in a draft."""
        kept = {name: self.cleaned_data.get(name) or "" for name in ("recommendation", "reason", "private_note")}
        return {**kept, "scores": self.scores, "seconds_spent": self.cleaned_data.get("seconds_spent") or 0}


class DraftForm(forms.Form):
    """What a draft of assignments is worked out with."""

    reviews_per_idea = forms.IntegerField(label=_("Reviews per idea"), min_value=1, max_value=20)
    extra_load = forms.IntegerField(
        label=_("Reviews beyond the time stated"),
        min_value=0,
        max_value=500,
        required=False,
        help_text=_("So many more than fit into the minutes that each evaluator stated until the decision is due."),
    )
    needs_experience = forms.BooleanField(
        label=_("Each idea meets a judge who has judged before"),
        required=False,
        help_text=_("At least one who has reviewed for another challenge, where an idea gets two judges or more."),
    )

    def clean_extra_load(self) -> int:
        """Return the number, 0 where the field is empty."""
        return self.cleaned_data["extra_load"] or 0


class PairForm(forms.Form):
    """A judge and an idea, by key."""

    panelist = forms.CharField(max_length=20)
    idea = forms.CharField(max_length=20)


class ConflictForm(PairForm):
    """A conflict of interest that is declared or dismissed."""

    status = forms.ChoiceField(choices=Conflict.Status.choices)
    reason = forms.CharField(max_length=300, required=False)
