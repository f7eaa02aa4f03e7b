"""What the pages of terms and agreements ask for: shape only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.agreements import queries
from permea.agreements.models import Agreement
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
}


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
    """The next version of a text, and the two terms the software counts by."""

    use_required_attribute = False
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 24}), max_length=60_000)
    term_months = forms.IntegerField(
        label=_("Months it holds"), min_value=1, max_value=600, help_text=_("Say the same as the text does.")
    )
    notice_months = forms.IntegerField(
        label=_("Months of notice"), min_value=0, max_value=60, help_text=_("0: it can be ended at once.")
    )
    note = forms.CharField(label=_("Why you change it"), required=False, max_length=400)

    def options(self) -> dict[str, str]:
        """Return the terms the software counts by."""
        return {name: str(self.cleaned_data[name]) for name in ("term_months", "notice_months")}


class SignForm(forms.Form):
    """A typed name and the code that was mailed."""

    use_required_attribute = False
    typed_name = forms.CharField(label=_("Your full name"), max_length=120)
    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
