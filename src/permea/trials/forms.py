"""Forms of trials: shape only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.trials.models import ConceptTest, CustomerPanel, PanelMember

LAST_MINUTE = time(23, 59)
N_QUESTIONS = 4


class PlainForm(forms.Form):
    """A form whose errors we say ourselves."""

    use_required_attribute = False


class PanelForm(PlainForm):
    """What a customer panel is, and what its members agree to."""

    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("For example: Warehouse users"))
    about = forms.CharField(
        label=_("Who it is for"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)
    is_joinable = forms.BooleanField(label=_("Anybody can join by its page"), required=False)
    purpose = forms.CharField(
        label=_("What members agree to"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_(
            "What you will ask, how often, and who reads the answers. How to leave is added. Another wording becomes a"
            " new version; members keep the one they agreed to."
        ),
    )
    keep_months = forms.IntegerField(
        label=_("Keep name and address for"), min_value=1, max_value=60, help_text=_("Months; then they go.")
    )


class InviteForm(PlainForm):
    """Whom to invite to a panel."""

    people = forms.CharField(
        label=_("Addresses"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr", "spellcheck": "false"}),
        help_text=_("One a line, with or without a name: Ada Example <ada@example.org>."),
    )


class JoinForm(PlainForm):
    """Who wants to join a panel; where no mail goes out, no address is asked for."""

    name = forms.CharField(label=_("Name"), required=False, max_length=160)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("Your private link comes there. Without an address, keep the link yourself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.MAIL_IS_KEPT:
            del self.fields["email"]


class AskedForm(PlainForm):
    """Whom to ask, and until which day."""

    panel = forms.ChoiceField(label=_("Customer panel"), required=False)
    takes_anyone = forms.BooleanField(label=_("Anybody with the link can answer as well"), required=False)
    closes_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Answers are taken until midnight."),
    )

    def __init__(self, *args: Any, panels: Iterable[CustomerPanel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._panels = {panel.key: panel for panel in panels}
        offered = [("", pgettext_lazy("customer panel", "None")), *((key, c.title) for key, c in self._panels.items())]
        cast("forms.ChoiceField", self.fields["panel"]).choices = offered

    @property
    def chosen_panel(self) -> CustomerPanel | None:
        """Return the panel that was chosen."""
        return self._panels.get(self.cleaned_data["panel"])

    @property
    def closes_at(self) -> datetime:
        """Return the end of the last day, where the reader is."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["closes_on"], LAST_MINUTE))


class ConceptForm(AskedForm):
    """What a concept test asks."""

    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("People read it above the first question."))
    intro = forms.CharField(
        label=_("What they read first"),
        required=False,
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)
    kind = forms.ChoiceField(label=_("How they judge"), choices=ConceptTest.Kind.choices, widget=forms.RadioSelect)
    n_pairs = forms.IntegerField(
        label=_("Pairs a person"), min_value=1, max_value=28, help_text=_("Ten take about two minutes.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, N_QUESTIONS + 1):
            self.fields[f"question_{number}"] = forms.CharField(
                label=_("Question %(number)d") % {"number": number}, required=False, max_length=200
            )
            self.fields[f"anchors_{number}"] = forms.CharField(
                label=_("Words for its five points"),
                required=False,
                max_length=400,
                widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
            )

    @property
    def question_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return each question with the words of its points."""
        return [(self[f"question_{number}"], self[f"anchors_{number}"]) for number in range(1, N_QUESTIONS + 1)]

    @property
    def question_rows(self) -> list[tuple[str, str]]:
        """Return what was typed for each question."""
        said = self.cleaned_data
        return [(said[f"question_{number}"], said[f"anchors_{number}"]) for number in range(1, N_QUESTIONS + 1)]


class VariantForm(PlainForm):
    """What a variant says and shows."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What it is"),
        required=False,
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP. Where and with what it was taken is removed before it is kept."),
    )
    drops_picture = forms.BooleanField(label=_("Take the picture away"), required=False)


class PrototypeForm(PlainForm):
    """What a prototype is, and the figure it is to change."""

    title = forms.CharField(label=_("Title"), max_length=160)
    about = forms.CharField(
        label=_("What it is"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)
    measure = forms.CharField(label=_("What is measured"), max_length=80, help_text=_("For example: Picking speed"))
    unit = forms.CharField(label=_("Unit"), max_length=40, help_text=_("For example: picks per hour"))
    is_more_better = forms.TypedChoiceField(
        label=_("Better is"),
        choices=[("yes", pgettext_lazy("measure", "More")), ("no", pgettext_lazy("measure", "Less"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class RoundForm(AskedForm):
    """Whom the next round asks, and what is new in it."""

    news = forms.CharField(
        label=_("What is new in this round"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class BeforeForm(PlainForm):
    """The figure without the prototype."""

    before = forms.DecimalField(label=_("Without it"), min_value=0, max_digits=12, decimal_places=3)


class FeedbackForm(PlainForm):
    """The figure with the prototype, and what is said of it."""

    after = forms.DecimalField(label=_("With it"), min_value=0, max_digits=12, decimal_places=3)
    ease = forms.TypedChoiceField(
        label=_("How easy was it?"),
        coerce=int,
        choices=[
            (1, pgettext_lazy("ease", "Very hard")),
            (2, pgettext_lazy("ease", "Hard")),
            (3, pgettext_lazy("ease", "In between")),
            (4, pgettext_lazy("ease", "Easy")),
            (5, pgettext_lazy("ease", "Very easy")),
        ],
        widget=forms.RadioSelect,
    )
    worked = forms.CharField(
        label=_("What worked?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    failed = forms.CharField(
        label=_("What did not?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    change = forms.CharField(
        label=_("What would you change?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You get an answer: what was changed, or why not."),
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=160,
        help_text=_("Only if you want to be named when your suggestion is adopted."),
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254, help_text=_("For the answer alone."))

    def __init__(self, *args: Any, member: PanelMember | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.MAIL_IS_KEPT or (member is not None and member.email):  # nothing is sent, or it is known whereto
            del self.fields["email"]
