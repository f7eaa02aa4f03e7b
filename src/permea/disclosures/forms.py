"""Forms of disclosures: shape only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.agreements.models import Agreement
from permea.disclosures.models import Item, Part
from permea.disclosures.queries import SeenFilters
from permea.people.models import Organisation, Person

LAST_MINUTE = time(23, 59)
LONGEST_TEXT = 40_000


class PlainForm(forms.Form):
    """A form whose errors we say ourselves."""

    use_required_attribute = False


class ItemForm(PlainForm):
    """What an item is."""

    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        help_text=_("Read inside, and by whoever reads something of it in the room."),
    )
    teaser = forms.CharField(
        label=_("Title for everybody else"),
        required=False,
        max_length=160,
        help_text=_("A title that gives nothing away. Without one everybody reads the title above."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Item.Kind.choices)
    sensitivity = forms.TypedChoiceField(
        label=_("If it leaked"), coerce=int, choices=Item.Sensitivity.choices, initial=Item.Sensitivity.NOTABLE
    )
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)
    owner = forms.ChoiceField(label=_("Who answers for it"))
    source_key = forms.CharField(
        label=_("Where it comes from"), required=False, max_length=20, help_text=_("For example the key of an idea.")
    )

    def __init__(self, *args: Any, team: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._team = {person.key: person for person in team}
        offered = [(key, person.display_name) for key, person in self._team.items()]
        cast("forms.ChoiceField", self.fields["owner"]).choices = offered

    def content(self) -> dict[str, Any]:
        """Return what was filled in, with the person behind the chosen key."""
        return {**self.cleaned_data, "owner": self._team[self.cleaned_data["owner"]]}


class PartForm(PlainForm):
    """What a part says, and how deep it lies."""

    label = forms.CharField(label=_("Name of the part"), max_length=120)
    depth = forms.ChoiceField(
        label=_("Depth"),
        choices=Part.Depth.choices,
        help_text=_("Public: the world. Invited: whom it is shared with. Room: under a live agreement. Inside: you."),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)


class ShareForm(PlainForm):
    """With whom an item is shared, how deep, for what and until when."""

    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    email = forms.EmailField(
        label=_("Or one person's address"),
        required=False,
        max_length=254,
        help_text=_("They sign in with it and find the item under “Shared with me”."),
    )
    depth = forms.ChoiceField(
        label=_("How deep"),
        choices=[(depth.value, depth.label) for depth in (Part.Depth.INVITED, Part.Depth.ROOM)],
        help_text=_("The room opens only while an agreement covers this item for this purpose."),
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Agreement.Purpose.choices)
    closes_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, parties: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {firm.key: firm for firm in parties}
        offered = [(key, one.name) for key, one in self._parties.items()]
        nobody = ("", pgettext_lazy("organisation", "None"))
        cast("forms.ChoiceField", self.fields["organisation"]).choices = [nobody, *offered]

    def content(self) -> dict[str, Any]:
        """Return what was filled in, with the organisation behind the chosen key and the end of the last day."""
        said = dict(self.cleaned_data)
        last = said.pop("closes_on")
        closes_at = timezone.make_aware(datetime.combine(last, LAST_MINUTE)) if last else None
        return {**said, "organisation": self._parties.get(said["organisation"]), "closes_at": closes_at}


class SeenForm(PlainForm):
    """What the list of who has seen what is narrowed to."""

    item = forms.CharField(required=False, max_length=20)
    person = forms.CharField(label=_("Person"), required=False, max_length=254)
    organisation = forms.CharField(required=False, max_length=20)
    agreement = forms.CharField(required=False, max_length=20)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    is_uncovered = forms.BooleanField(label=_("Only what is not covered now"), required=False)

    def filters(self) -> SeenFilters:
        """Return the filters; what makes no sense does not bind."""
        self.is_valid()
        return SeenFilters(**self.cleaned_data)
