"""What the pages of terms and agreements ask for: shape only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.agreements import queries, rules
from permea.agreements.models import Agreement, Obligation, Publication
from permea.agreements.rules import Pace
from permea.people.models import Organisation
from permea.people.rules import country_choices

CHOICE_LABELS: dict[str, str | Promise] = {
    "direction": _("Who shows secrets"),
    "secrecy_years": _("Years of secrecy after the end"),
    "review_days": _("Days to look at a text before it is published"),
    "results": _("Who owns the results"),
    "liability": _("Liability"),
    "exclusive": _("Exclusive"),
    "term_months": _("Months it holds"),
    "at_end": _("When these months are over"),
    "notice_months": _("Months of notice"),
}
VALUE_LABELS: dict[str, str | Promise] = {
    "we": _("The firm shows, the partner keeps secret"),
    "they": _("The partner shows, the firm keeps secret"),
    "each": _("Whoever made them"),
    "us": pgettext_lazy("owner of results", "The firm"),
    "them": pgettext_lazy("owner of results", "The partner"),
    "joint": _("Both in equal shares"),
    "law": _("As the law provides"),
    "capped": _("Limited for slight negligence"),
    "no": _("Not exclusive"),
    "field": _("Exclusive in the field named"),
    "ends": _("It ends"),
    "renews": _("It goes on for another year, unless one side gives notice before"),
}
COUNTED = ("term_months", "until", "at_end", "notice_months", "review_days")
BY_HAND = ("report", "payment", "handback", "equipment", "renewal", "other")
CENTURY, THIS_CENTURY = 100, 20
MOST_REMINDERS, LONGEST_BEFORE = 5, 365


class TermsForm(forms.Form):
    """A title and a text."""

    title = forms.CharField(label=_("Title"), max_length=160)
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 24}),
        max_length=40_000,
        help_text=_("Short sentences are read; long ones are clicked away."),
    )


class DraftForm(forms.Form):
    """What an agreement begins with: its kind, and the other side."""

    use_required_attribute = False
    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("For example: Talks about soft grippers"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Agreement.Kind.choices)
    path = forms.ChoiceField(
        label=_("How you begin"), choices=Agreement.Path.choices, widget=forms.RadioSelect, initial="full"
    )
    partner_key = forms.ChoiceField(label=_("A partner you know"), required=False)
    partner_name = forms.CharField(
        label=_("Or a new organisation"), required=False, max_length=160, help_text=_("Empty for a single person.")
    )
    partner_kind = forms.ChoiceField(label=_("What it is"), choices=Organisation.Kind.choices, required=False)
    contact_name = forms.CharField(label=_("Name of the person there"), required=False, max_length=120)
    contact_email = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Nothing is sent before you offer the agreement."),
    )
    language = forms.ChoiceField(label=_("Language of the text"))
    law = forms.ChoiceField(label=_("Country whose law applies"))

    def __init__(self, *args: Any, organisation: Organisation, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.key, one.name) for one in queries.partners_of(organisation)]
        self.fields["partner_key"].choices = [("", "–"), *known]  # type: ignore[attr-defined]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self.fields["law"].choices = country_choices()[1:]  # type: ignore[attr-defined]


class ClausesForm(forms.Form):
    """What can be chosen and filled in for one kind of agreement."""

    use_required_attribute = False
    subject = forms.CharField(
        label=_("What it is about"), max_length=600, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    amount = forms.CharField(
        label=_("What is paid"), required=False, max_length=300, help_text=_("In words, or empty if nothing is paid.")
    )
    law = forms.ChoiceField(label=_("Country whose law applies"))

    def __init__(self, *args: Any, choices: Mapping[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["law"].choices = country_choices()[1:]  # type: ignore[attr-defined]
        for name, values in choices.items():
            offered = [(value, VALUE_LABELS.get(value, value)) for value in values]
            self.fields[name] = forms.ChoiceField(label=str(CHOICE_LABELS[name]), choices=offered)

    def options(self) -> dict[str, str]:
        """Return what was chosen and filled in, without the country."""
        return {name: value for name, value in self.cleaned_data.items() if name != "law"}


class VersionForm(forms.Form):
    """The next version of a text, and the terms the software counts by, as far as this text has them."""

    use_required_attribute = False
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 24}), max_length=60_000)
    term_months = forms.IntegerField(
        label=_("Months it holds"), min_value=1, max_value=600, help_text=_("Say the same as the text does.")
    )
    until = forms.DateField(
        label=_("Holds until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Say the same as the text does."),
    )
    at_end = forms.ChoiceField(
        label=_("When these months are over"), choices=[(name, VALUE_LABELS[name]) for name in ("ends", "renews")]
    )
    notice_months = forms.IntegerField(
        label=_("Months of notice"), min_value=0, max_value=60, help_text=_("0: it can be ended at once.")
    )
    review_days = forms.IntegerField(
        label=_("Days to look at a text before it is published"), min_value=1, max_value=365
    )
    note = forms.CharField(label=_("Why you change it"), required=False, max_length=400)

    def __init__(self, *args: Any, options: Mapping[str, str], **kwargs: Any) -> None:
        known = {"term_months": "0", "notice_months": "0", **options}
        skipped = "term_months" if "until" in options else "until"
        self.counted = {name: known[name] for name in COUNTED if name in known and name != skipped}
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, **self.counted}
        for name in set(COUNTED) - set(self.counted):
            del self.fields[name]

    def options(self) -> dict[str, str]:
        """Return the terms the software counts by."""
        return {name: str(self.cleaned_data[name]) for name in self.counted}


class RenewForm(forms.Form):
    """Until when an agreement is to go on."""

    until = forms.DateField()


class SignForm(forms.Form):
    """A typed name and the code that was mailed."""

    use_required_attribute = False
    typed_name = forms.CharField(label=_("Your full name"), max_length=120)
    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    drawing = forms.CharField(required=False)

    def kept_drawing(self) -> str:
        """Return the drawing that was sent, so that it is not drawn twice; nothing where it is none."""
        sent = str(self["drawing"].value() or "")
        return "" if rules.why_not_drawing(sent) else sent


class ScanForm(forms.Form):
    """A paper signed by hand: who signed it, when, and its scan."""

    use_required_attribute = False
    signer_name = forms.CharField(
        label=_("Who signed"), max_length=120, help_text=_("The full name of whoever put the signature on the paper.")
    )
    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(label=_("Scan of all pages"), allow_empty_file=True, help_text=_("PDF, JPEG or PNG"))


class ObligationForm(forms.Form):
    """What somebody adds by hand: what it is, who owes it, by when, and when people are reminded."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("What is owed"),
        choices=[pair for pair in Obligation.Kind.choices if pair[0] in BY_HAND],
        initial=Obligation.Kind.REPORT,
    )
    title = forms.CharField(
        label=_("In a few words"), required=False, max_length=160, help_text=_("For example: Final report with data")
    )
    side = forms.ChoiceField(
        label=_("Who owes it"),
        choices=Obligation.Side.choices,
        widget=forms.RadioSelect,
        initial=Obligation.Side.PARTY,
        help_text=_("Both sides: a day to know of, which nobody has to say is done."),
    )
    anchor = forms.ChoiceField(
        label=_("When"),
        choices=[pair for pair in Obligation.Anchor.choices if pair[0] != Obligation.Anchor.SUBMISSION],
        initial=Obligation.Anchor.DAY,
    )
    on = forms.DateField(
        label=_("The day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("If you name it."),
    )
    count = forms.IntegerField(label=_("How far from there"), min_value=0, max_value=600, initial=0, required=False)
    unit = forms.ChoiceField(
        label=_("Days or months"),
        choices=[("months", _("months after")), ("days", _("days after")),
                 ("months_before", _("months before")), ("days_before", _("days before"))],
    )  # fmt: skip
    every = forms.IntegerField(
        label=_("Again every so many months"), required=False, min_value=1, max_value=120, help_text=_("Empty: once.")
    )
    reminders = forms.CharField(
        label=_("Remind so many days before"),
        initial="30, 7",
        required=False,
        max_length=40,
        help_text=_("Numbers with commas. Everybody is reminded on the day itself, too."),
    )

    def clean_on(self) -> date | None:
        """Return the day if it lies in this century."""
        on: date | None = self.cleaned_data["on"]
        if on is not None and not on.year // CENTURY == THIS_CENTURY:
            raise forms.ValidationError(_("Choose a day in this century."))
        return on

    def clean_reminders(self) -> tuple[int, ...]:
        """Return the days before on which people are reminded."""
        parts = self.cleaned_data["reminders"].replace(",", " ").split()
        if len(parts) > MOST_REMINDERS or not all(part.isascii() and part.isdigit() for part in parts):
            raise forms.ValidationError(_("Write up to five numbers, for example: 30, 7"))
        days = tuple(int(part) for part in parts)
        if any(one > LONGEST_BEFORE for one in days):
            raise forms.ValidationError(_("Remind at most %(days)d days before.") % {"days": LONGEST_BEFORE})
        return days

    def content(self) -> dict[str, Any]:
        """Return what was filled in, as the service takes it."""
        said = self.cleaned_data
        count = (said["count"] or 0) * (-1 if said["unit"].endswith("before") else 1)
        is_day = said["anchor"] == Obligation.Anchor.DAY
        in_months = said["unit"].startswith("months")
        return {
            "pace": Pace(
                months=count if in_months and not is_day else 0,
                days=count if not in_months and not is_day else 0,
                every=said["every"] or 0,
            ),
            "reminder_days": said["reminders"],
            **{name: said[name] for name in ("kind", "title", "side", "anchor", "on")},
        }


class SayForm(forms.Form):
    """What somebody says of an obligation, with a note or where the evidence is."""

    use_required_attribute = False
    action = forms.ChoiceField(choices=[(name, name) for name in ("done", "confirm", "deny", "waive")])
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("What shows it, or where it is. Both sides read it, and it stays."),
    )


class PublicationForm(forms.Form):
    """What a partner plans to publish."""

    use_required_attribute = False
    title = forms.CharField(label=_("Title"), max_length=160)
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    link = forms.URLField(
        label=_("Or a link to the text"), required=False, max_length=500, assume_scheme="https",
        help_text=_("The firm has to be able to open it."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Or an abstract"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    planned_on = forms.DateField(
        label=_("Planned for"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PublicationAnswerForm(forms.Form):
    """How the firm answers a planned publication."""

    use_required_attribute = False
    answer = forms.ChoiceField(
        label=pgettext_lazy("publication", "Answer"), choices=Publication.Answer.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What is to be left out, or why to wait"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    days = forms.IntegerField(label=_("Days to wait, from today"), required=False, min_value=1, max_value=3650)
