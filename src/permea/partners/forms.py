"""Forms of partners: shape only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.foundation.money import CURRENCIES
from permea.partners.models import (
    Capability,
    LogEntry,
    Partner,
    ShortlistDecision,
    SourceEvent,
    WorkingPreferences,
)
from permea.partners.rules import LENGTHS, Criterion, Wish
from permea.people.models import Organisation, Person
from permea.people.rules import country_choices

MOST_WANTED = 8
WEIGHTS = (
    (0, pgettext_lazy("weight", "does not count")),
    (1, pgettext_lazy("weight", "counts a little")),
    (2, pgettext_lazy("weight", "counts")),
    (4, pgettext_lazy("weight", "counts most")),
)
NOTHING_SAID = ("", pgettext_lazy("preference", "Not said"))
SAID = [choice for choice in LogEntry.Kind.choices if choice[0] != LogEntry.Kind.DECISION]


def text_area(rows: int) -> forms.Textarea:
    """Return a field of several lines that goes in the direction of its text."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def day_input() -> forms.DateInput:
    """Return the browser's own date picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlainForm(forms.Form):
    """A form whose errors we say ourselves."""

    use_required_attribute = False


class MetForm(PlainForm):
    """How a firm came to know the partners of a file."""

    source = forms.ChoiceField(label=_("Known from"), choices=Partner.Source.choices, initial=Partner.Source.OTHER)
    source_name = forms.CharField(
        label=_("Which one"), required=False, max_length=160, help_text=_("The fair, the association, who told you.")
    )
    event = forms.ChoiceField(
        label=_("Met at"), required=False, help_text=_("One of your events, for what it brought.")
    )

    def __init__(self, *args: Any, events: Iterable[SourceEvent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events = {event.key: event for event in events}
        met_at = [("", "–"), *((key, event.name) for key, event in self.events.items())]
        cast("forms.ChoiceField", self.fields["event"]).choices = met_at

    def values(self) -> dict[str, Any]:
        """Return what was chosen, the event as a row."""
        return self.cleaned_data | {"event": self.events.get(self.cleaned_data["event"])}


class PartnerForm(MetForm):
    """What a firm notes of a partner."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=160)
    kind = forms.ChoiceField(label=_("What it is"), choices=Organisation.Kind.choices)
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    city = forms.CharField(label=_("City"), required=False, max_length=120)
    language = forms.ChoiceField(label=_("Language to write in"), choices=settings.LANGUAGES)
    website = forms.URLField(label=_("Website"), required=False, max_length=300, assume_scheme="https")
    tags = forms.CharField(
        label=_("Fields"), required=False, max_length=200, help_text=_("Words it is found by, separated by commas.")
    )
    stage = forms.ChoiceField(label=_("Where it stands"), choices=Partner.Stage.choices)
    owner = forms.ChoiceField(label=_("Who looks after it"))
    note = forms.CharField(label=_("Note"), required=False, max_length=4000, widget=text_area(4))

    def __init__(self, *args: Any, owners: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {person.key: person for person in owners}
        names = [(key, person.display_name) for key, person in self.owners.items()]
        cast("forms.ChoiceField", self.fields["owner"]).choices = names

    def values(self) -> dict[str, Any]:
        """Return what was typed, the owner as a person, the event as a row."""
        return super().values() | {"owner": self.owners[self.cleaned_data["owner"]]}


class EventForm(PlainForm):
    """Where partners are met, and what that cost."""

    name = forms.CharField(label=_("Event, association or platform"), max_length=160)
    on = forms.DateField(label=pgettext_lazy("event", "When"), widget=day_input())
    cost = forms.DecimalField(label=_("Cost"), min_value=0, max_digits=12, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    hours = forms.IntegerField(label=_("Hours spent"), min_value=0, max_value=100_000)


class ContactForm(PlainForm):
    """Somebody at a partner."""

    name = forms.CharField(label=_("Name"), max_length=120)
    position = forms.CharField(label=_("Position"), required=False, max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)


class CapabilityForm(PlainForm):
    """What a partner can do or looks for."""

    kind = forms.ChoiceField(label=pgettext_lazy("capability", "It"), choices=Capability.Kind.choices)
    name = forms.CharField(label=pgettext_lazy("capability", "What"), max_length=120)
    level = forms.TypedChoiceField(
        label=_("How much"),
        coerce=int,
        initial=3,
        choices=[
            (1, pgettext_lazy("capability", "1, a beginning")),
            (2, pgettext_lazy("capability", "2, some")),
            (3, pgettext_lazy("capability", "3, solid")),
            (4, pgettext_lazy("capability", "4, strong")),
            (5, pgettext_lazy("capability", "5, leading")),
        ],
    )
    basis = forms.CharField(
        label=_("How that is known"), required=False, max_length=300, help_text=_("A project, a paper, a visit.")
    )


class PreferencesForm(PlainForm):
    """How a partner likes to work."""

    language = forms.ChoiceField(label=_("Language"), required=False, choices=[NOTHING_SAID, *settings.LANGUAGES])
    channel = forms.ChoiceField(
        label=_("Best reached by"), required=False, choices=[NOTHING_SAID, *WorkingPreferences.Channel.choices]
    )
    response_hours = forms.IntegerField(label=_("Answers within hours"), required=False, min_value=1, max_value=2000)
    decision = forms.ChoiceField(
        label=_("How decisions are made"), required=False, choices=[NOTHING_SAID, *WorkingPreferences.Decision.choices]
    )
    ip_stance = forms.ChoiceField(
        label=_("Who owns results"), required=False, choices=[NOTHING_SAID, *WorkingPreferences.Stance.choices]
    )


class LogForm(PlainForm):
    """What was said, and what is to follow."""

    kind = forms.ChoiceField(label=pgettext_lazy("contact log", "How"), choices=SAID)
    on = forms.DateField(label=pgettext_lazy("contact log", "When"), widget=day_input())
    summary = forms.CharField(label=_("What was said"), max_length=4000, widget=text_area(3))
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_on = forms.DateField(label=_("Until"), required=False, widget=day_input())


class InviteForm(PlainForm):
    """As what a contact is invited into the partner's organisation."""

    role = forms.ChoiceField(choices=[("member", "member"), ("owner", "owner")])


class FitForm(PlainForm):
    """What a firm looks for in a partner, and how much each thing counts."""

    wanted = forms.CharField(
        label=_("What they should be able to do"), required=False, max_length=400,
        help_text=_("Up to eight things, separated by commas."),
    )  # fmt: skip
    given = forms.CharField(
        label=_("What you can give"), required=False, max_length=400,
        help_text=_("It is compared with what partners look for."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language to work in"), required=False, choices=[("", "–"), *settings.LANGUAGES]
    )
    channel = forms.ChoiceField(
        label=_("How you like to talk"), required=False, choices=[("", "–"), *WorkingPreferences.Channel.choices]
    )
    decision = forms.ChoiceField(
        label=_("How they should decide"), required=False, choices=[("", "–"), *WorkingPreferences.Decision.choices]
    )
    response_hours = forms.IntegerField(label=_("Answer within (hours)"), required=False, min_value=1, max_value=1000)
    ip_stance = forms.ChoiceField(
        label=_("Whose results should be"), required=False, choices=[("", "–"), *WorkingPreferences.Stance.choices]
    )
    kind = forms.ChoiceField(label=_("Only this kind"), required=False, choices=[("", "–"), *Organisation.Kind.choices])
    country = forms.ChoiceField(label=_("Only from"), required=False, choices=country_choices)
    is_exclusive_out = forms.BooleanField(label=_("Nobody who wants all results alone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in Criterion.choices:
            self.fields[f"weigh_{name}"] = forms.TypedChoiceField(label=label, choices=WEIGHTS, coerce=int)

    def wish(self) -> Wish:
        """Return what is looked for."""
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith("weigh_")}
        return Wish(**{**said, "wanted": _listed(said["wanted"]), "given": _listed(said["given"])})

    def weights(self) -> dict[str, int]:
        """Return how much each criterion counts."""
        return {name: int(self.cleaned_data[f"weigh_{name}"]) for name in Criterion.values}


class TitleForm(PlainForm):
    """What a shortlist is called."""

    title = forms.CharField(
        label=_("Title of the shortlist"), max_length=160, help_text=_("For example: Laser welding, spring 2027")
    )


class KeepForm(TitleForm):
    """As what a comparison is kept."""

    length = forms.TypedChoiceField(
        label=_("How many are kept"),
        coerce=int,
        initial=10,
        choices=[(n, _("the nearest %(number)d") % {"number": n}) for n in LENGTHS],
    )


class NoteForm(PlainForm):
    """What somebody remarks about a partner."""

    text = forms.CharField(label=_("Note"), max_length=4000, widget=text_area(2))


class DecisionForm(PlainForm):
    """What is decided about a partner, and what is to follow."""

    choice = forms.ChoiceField(
        label=pgettext_lazy("decision about a partner", "Decision"), choices=ShortlistDecision.Choice.choices
    )
    reason = forms.CharField(label=_("Why"), max_length=400)
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_on = forms.DateField(label=_("Until"), required=False, widget=day_input())
    next_by = forms.ChoiceField(label=pgettext_lazy("next step", "Who"))

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.key: person for person in people}
        names = [(key, person.display_name) for key, person in self.people.items()]
        cast("forms.ChoiceField", self.fields["next_by"]).choices = names

    def values(self) -> dict[str, Any]:
        """Return what was said, who is to do it as a person."""
        return self.cleaned_data | {"next_by": self.people[self.cleaned_data["next_by"]]}


class DirectoryViewForm(PlainForm):
    """Under which name the filters of the directory are kept, and whether colleagues find them too."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share it with all colleagues"), required=False)


def _listed(text: str) -> tuple[str, ...]:
    """Return the parts of a list with commas, each once."""
    parts = (" ".join(part.split())[:120] for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_WANTED]
