"""What the editor of challenges asks for, step by step: shape only. Every field may stay empty while it is a draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from django import forms
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from permea.agreements.models import Terms
from permea.challenges import rules
from permea.challenges.models import Challenge
from permea.foundation.money import CURRENCIES
from permea.people.models import Person
from permea.strategy.models import Goal
from permea.surface.formats import typed_values

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "cs", "hu", "fi", "ro", "uk", "tr")
LOCAL = "%Y-%m-%dT%H:%M"
MATURITY = range(1, 10)
EMPTY = "empty"


def language_choices() -> list[tuple[str, str]]:
    """Return the languages an entry may be written in, by their names for the reader."""
    names = Locale.parse(translation.get_language() or "en", sep="-").languages
    return [(code, str(names[code]).capitalize()) for code in LANGUAGES]


def content_language_choices() -> list[tuple[str, str]]:
    """Return the languages a challenge may be written in."""
    return language_choices()


class LocalMomentField(forms.Field):
    """A day and an hour on the reader's clock; what that clock skips or shows twice is refused with the reason."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL), **options)

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment. Raises ValidationError if the clock never or twice shows this time."""
        if value in self.empty_values:
            return None
        try:
            naive = datetime.strptime(str(value)[:16], LOCAL)  # noqa: DTZ007 - the zone is the reader's
        except ValueError as error:
            raise forms.ValidationError(_("Enter a day and a time."), code="invalid") from error
        zone = timezone.get_current_timezone()
        if refusal := rules.why_not_local(naive, zone):
            raise forms.ValidationError(refusal.reason, code=refusal.code)
        return naive.replace(tzinfo=zone)

    def prepare_value(self, value: Any) -> Any:
        """Return a stored moment as the reader's clock shows it."""
        return timezone.localtime(value).strftime(LOCAL) if isinstance(value, datetime) else value


class StepForm(forms.Form):
    """A step of the editor: what is shown of a challenge, and what is taken over from the form."""

    needed: tuple[str, ...] = ()

    def __init__(
        self, data: QueryDict | None = None, *, challenge: Challenge, initial: dict[str, Any] | None = None
    ) -> None:
        self.challenge = challenge
        super().__init__(data, initial={**self.start(), **(initial or {})})

    def start(self) -> dict[str, Any]:
        """Return what the form shows at first."""
        return typed_values({name: getattr(self.challenge, name) for name in self.base_fields})

    def mark_needed(self) -> None:
        """Show the fields a publication needs as not optional; a draft may still leave them empty."""
        self.use_required_attribute = False
        for name in self.needed:
            self.fields[name].required = True

    def values(self) -> dict[str, Any]:
        """Return the fields that were entered properly; what was not is kept out, so that the rest can be saved."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}


class GoalStep(StepForm):
    """Which goal it serves, who answers for it and what it may cost."""

    needed = ("goal", "hours_limit", "money_limit")

    goal = forms.ChoiceField(label=_("Goal"), required=False, widget=forms.RadioSelect)
    owner = forms.ChoiceField(label=_("Owner"), help_text=_("Who answers for this challenge."))
    hours_limit = forms.IntegerField(
        label=_("Limit for hours"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("All your people together."),
    )
    money_limit = forms.DecimalField(
        label=_("Limit for money"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("Prizes and everything else."),
    )

    def __init__(self, *args: Any, goals: Iterable[Goal], owners: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = {goal.key: goal for goal in goals}
        self.owners = {person.key: person for person in owners}
        choose(self, "goal", [(key, goal.title) for key, goal in self.goals.items()])
        choose(self, "owner", [(key, person.display_name) for key, person in self.owners.items()])

    def start(self) -> dict[str, Any]:
        """Return the limits, and goal and owner by their keys."""
        goal = self.challenge.goal
        return {**super().start(), "goal": goal.key if goal else "", "owner": self.challenge.owner.key}

    def values(self) -> dict[str, Any]:
        """Return goal and owner as rows."""
        found = super().values()
        if "goal" in found:
            found["goal"] = self.goals.get(found["goal"])
        if "owner" in found:
            found["owner"] = self.owners[found["owner"]]
        return found


class BriefStep(StepForm):
    """What is asked."""

    needed = ("title", "teaser", "problem", "why_now", "acceptance_test")

    language = forms.ChoiceField(label=_("Language of this text"), choices=content_language_choices)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=160,
        help_text=_("What should be possible afterwards? A verb helps."),
    )
    teaser = forms.CharField(
        label=_("Teaser"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two sentences that people read in a list or a message. At most 300 characters."),
    )
    problem = forms.CharField(
        label=_("Problem"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea,
        help_text=_("What happens today, in numbers; what you have tried; what you do not need."),
    )
    why_now = forms.CharField(
        label=_("Why now"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea,
        help_text=_("What makes it worth somebody's weeks just now?"),
    )
    constraints = forms.CharField(
        label=_("What a solution must respect"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea,
        help_text=_("Interfaces, norms, cost, safety; also what is not of interest."),
    )
    acceptance_test = forms.CharField(
        label=_("How you will test it"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea,
        help_text=_("A test with a number that decides between passed and failed."),
    )
    room_fields = forms.MultipleChoiceField(
        label=_("Show only to who agreed to keep it confidential"),
        required=False,
        choices=[
            ("problem", _("Problem")),
            ("why_now", _("Why now")),
            ("constraints", _("What a solution must respect")),
            ("acceptance_test", _("How you will test it")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Title, teaser, criteria, prize and dates are public in any case. Whoever wants to read the rest signs in "
            "and accepts your confidentiality terms first; you see who did, and can close it to them again."
        ),
    )
    innovation_type = forms.ChoiceField(
        label=_("What kind of innovation?"), choices=Challenge.InnovationType.choices, widget=forms.RadioSelect
    )
    maturity_from = forms.TypedChoiceField(label=_("Readiness from"), required=False, coerce=int, empty_value=None)
    maturity_to = forms.TypedChoiceField(label=_("to"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [("", _("does not matter")), *((str(level), f"TRL {level}") for level in MATURITY)]
        choose(self, "maturity_from", levels)
        choose(self, "maturity_to", levels)


class PrizeStep(StepForm):
    """What a winner gets, and on what terms."""

    needed = ("ip_terms", "participation_terms")

    prize_amount = forms.DecimalField(
        label=_("Prize"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("For each winner; leave it empty if the prize is not money."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    n_winners = forms.IntegerField(label=_("Number of winners"), min_value=1, max_value=100)
    prize_note = forms.CharField(
        label=_("What else a winner gets"),
        required=False,
        max_length=300,
        help_text=_("A pilot, an order, a share of the saving, a thesis."),
    )
    ip_terms = forms.ChoiceField(label=_("Rights of the winners"), required=False, widget=forms.RadioSelect)
    participation_terms = forms.ChoiceField(label=_("Terms of participation"), required=False)

    def __init__(
        self, *args: Any, ip_terms: Sequence[Terms], participation_terms: Sequence[Terms], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.terms = {terms.key: terms for terms in (*ip_terms, *participation_terms)}
        choose(self, "ip_terms", [(terms.key, terms.get_kind_display()) for terms in ip_terms])
        choose(
            self,
            "participation_terms",
            [(terms.key, f"{terms.title} (v{terms.version})") for terms in participation_terms],
        )

    def start(self) -> dict[str, Any]:
        """Return the prize, and the terms by their keys."""
        ip, participation = self.challenge.ip_terms, self.challenge.participation_terms
        return {
            **super().start(),
            "ip_terms": ip.key if ip else "",
            "participation_terms": participation.key if participation else "",
        }

    def values(self) -> dict[str, Any]:
        """Return the terms as rows."""
        found = super().values()
        for name in ("ip_terms", "participation_terms"):
            if name in found:
                found[name] = self.terms.get(found[name])
        return found


class HintForm(forms.Form):
    """What the hint about the prize assumes."""

    effort_hours = forms.IntegerField(label=_("Hours an entry takes"), min_value=1, max_value=10_000)
    hour_worth = forms.IntegerField(label=_("What an hour is worth"), min_value=1, max_value=10_000)
    entries = forms.IntegerField(label=_("Entries you expect"), min_value=1, max_value=100_000)
    one_in = forms.IntegerField(label=_("Good is one in"), min_value=1, max_value=10_000)

    def values(self) -> dict[str, int]:
        """Return what was entered, or what is usual where that is nothing that can be reckoned with."""
        return rules.USUAL | (self.cleaned_data if self.is_valid() else {})


class DatesStep(StepForm):
    """When entries open and close, when people hear, and in which languages they may write."""

    needed = ("opens_at", "closes_at", "decide_by", "answer_by", "entry_languages")

    opens_at = LocalMomentField(label=_("Entries open"), required=False)
    closes_at = LocalMomentField(label=_("Entries close"), required=False)
    decide_by = LocalMomentField(label=_("Decided by"), required=False)
    answer_by = LocalMomentField(label=_("Everybody has an answer by"), required=False)
    entry_languages = forms.MultipleChoiceField(
        label=_("Languages people may enter in"),
        required=False,
        choices=language_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    is_blind = forms.BooleanField(
        label=_("Hide names from evaluators"),
        required=False,
        help_text=_("Evaluators then see neither who wrote an entry nor where that person works."),
    )
    public_compares = forms.BooleanField(
        label=_("Let the public compare"),
        required=False,
        help_text=_(
            "After the deadline anybody signed in sees titles and summaries, two at a time, and says which is better. "
            "Everybody who enters is told before. Once somebody has entered it can only be switched off."
        ),
    )


class CriterionForm(forms.Form):
    """A criterion: a question with a weight and five anchored points."""

    needed = ("name", "question", "anchor_1", "anchor_2", "anchor_3", "anchor_4", "anchor_5")

    name = forms.CharField(label=_("Name"), required=False, max_length=80)
    question = forms.CharField(
        label=_("Question"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    weight = forms.DecimalField(
        label=_("Weight"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    anchor_1 = forms.CharField(
        label=_("1 point, poor"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    anchor_2 = forms.CharField(
        label=_("2 points"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    anchor_3 = forms.CharField(
        label=_("3 points, middling"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    anchor_4 = forms.CharField(
        label=_("4 points"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    anchor_5 = forms.CharField(
        label=_("5 points, excellent"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )

    def mark_needed(self) -> None:
        """Show the fields a publication needs as not optional; a draft may still leave them empty."""
        self.use_required_attribute = False
        for name in self.needed:
            self.fields[name].required = True

    def values(self) -> dict[str, Any]:
        """Return the criterion as the service takes it."""
        entered = self.cleaned_data
        return {
            "name": entered["name"],
            "question": entered["question"],
            "weight": entered["weight"],
            "anchors": [entered[f"anchor_{point}"] for point in range(1, rules.POINTS + 1)],
        }

    @property
    def is_complete(self) -> bool:
        """Say whether all five anchors are written."""
        return all((anchor.value() or "").strip() for anchor in self.anchors)

    @property
    def anchors(self) -> list[forms.BoundField]:
        """Return the five anchors' fields."""
        return [self[f"anchor_{point}"] for point in range(1, rules.POINTS + 1)]


class ExtendForm(forms.Form):
    """New dates and why."""

    closes_at = LocalMomentField(label=_("Entries close"))
    decide_by = LocalMomentField(label=_("Decided by"))
    answer_by = LocalMomentField(label=_("Everybody has an answer by"))
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Everybody who entered reads it."))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Everybody who entered reads it."))


def choose(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field of a form the choices of this request."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)
