"""What people's pages ask for: shape only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from permea.people.models import Membership, Organisation, Person
from permea.people.rules import country_choices, zone_choices


def language_choices() -> Iterable[tuple[str, str]]:
    """Return the languages the instance speaks."""
    return settings.LANGUAGES


def name_field() -> forms.CharField:
    """Return the field for a person's name."""
    return forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


def affiliation_field() -> forms.CharField:
    """Return the field for where somebody works."""
    return forms.CharField(
        label=_("Where you work"),
        max_length=160,
        required=False,
        help_text=_("Firm, university or nothing. Nobody judges an entry from their own house."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


def country_field() -> forms.ChoiceField:
    """Return the field for a country."""
    return forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)


def language_field() -> forms.ChoiceField:
    """Return the field for the language of pages and mails."""
    return forms.ChoiceField(label=_("Language of pages and mails"), choices=language_choices)


def consent_field() -> forms.BooleanField:
    """Return the field for agreeing to the privacy notice."""
    return forms.BooleanField(
        label=_("I have read the privacy notice and agree to it."),
        error_messages={"required": _("Without your agreement we may not keep your data.")},
    )


class WelcomeForm(forms.Form):
    """What a first-timer is asked, once."""

    name = name_field()
    affiliation = affiliation_field()
    country = country_field()
    language = language_field()
    consent = consent_field()


class ProfileForm(forms.Form):
    """What a person says about themselves."""

    name = name_field()
    affiliation = affiliation_field()
    country = country_field()
    language = language_field()
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    @classmethod
    def of(cls, person: Person, data: Any = None) -> ProfileForm:
        """Return the form filled with what is stored."""
        return cls(data, initial={name: getattr(person, name) for name in cls.base_fields})


class FoundForm(forms.Form):
    """What the first owner is asked: the firm, and who they are where that is not known yet."""

    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    person_name = name_field()
    name = forms.CharField(
        label=_("Name of your firm"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=Organisation.Kind.choices)
    country = country_field()
    language = language_field()
    consent = consent_field()

    def __init__(self, *args: Any, is_signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_signed_in:
            del self.fields["email"], self.fields["person_name"], self.fields["consent"]


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER)

    def __init__(self, *args: Any, roles: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [choice for choice in Membership.Role.choices if choice[0] in set(roles)]
        cast("forms.ChoiceField", self.fields["role"]).choices = offered


class RoleForm(forms.Form):
    """Which role somebody gets."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)


class TokenForm(forms.Form):
    """What an access token is for."""

    label = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("For example: nightly import from our spreadsheet.")
    )


class EraseForm(forms.Form):
    """The last word before everything goes."""

    texts = forms.BooleanField(
        label=_("Also remove the texts and files I handed in."),
        help_text=_("Their fingerprints stay, so that receipts can still be checked, and that there was an entry."),
        required=False,
    )
    sure = forms.BooleanField(
        label=_("Yes, erase me. I know that this cannot be undone."),
        error_messages={"required": _("Tick the box if you mean it.")},
    )
