"""What the pages of IP tables ask for: shape only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permea.agreements.models import Agreement, IpEntry, IpGrant
from permea.agreements.rules import EU, Holder, Right, Share, Side, Stated, licence_flags, per_cent
from permea.people.rules import country_choices

OTHER = "other"
LEAST_OTHERS, MOST_RIGHTS = 2, 20
MOST_TITLE = 160


class PerCentField(forms.CharField):
    """A share in per cent with at most three decimals, by point or comma; its value is in thousandths."""

    def clean(self, value: Any) -> int:
        """Return the share in thousandths of a per cent, 0 if it is empty. Raises ValidationError for other texts."""
        text = str(super().clean(value)).replace("%", "").replace(",", ".").strip()
        if not text:
            return 0
        if not re.fullmatch(r"\d{1,3}(\.\d{0,3})?", text):
            raise ValidationError(_("Type a number of per cent with at most three decimals, for example 33.333."))
        whole, _point, rest = text.partition(".")
        return int(whole) * 1000 + int(rest.ljust(3, "0"))


class ListField(forms.CharField):
    """Several short texts with commas between them."""

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the texts, each once."""
        parts = (" ".join(part.split()) for part in re.split(r"[,;\n]", str(super().clean(value))))
        return tuple(dict.fromkeys(part for part in parts if part))


class CountriesField(ListField):
    """Countries by code or by name in the reader's language; EU stands for its members."""

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the codes, in order. Raises ValidationError for a country nobody knows."""
        known = {code.casefold(): code for code, _name in country_choices()[1:]}
        known |= {name.casefold(): code for code, name in country_choices()[1:]}
        found: set[str] = set()
        for part in super().clean(value):
            if part.casefold() not in {"eu", *known}:
                raise ValidationError(_("No country is called “%(name)s”.") % {"name": part})
            found |= set(EU) if part.casefold() == "eu" else {known[part.casefold()]}
        return tuple(sorted(found))


def _day(label: Any, **told: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **told)


class RightForm(forms.Form):
    """Somebody who may use it, and how; without anybody it is left out."""

    use_required_attribute = False
    holder = forms.ChoiceField(label=gettext_lazy("Who may use it"), required=False)
    other_name = forms.CharField(label=gettext_lazy("Name, if somebody else"), required=False, max_length=160)
    use = forms.ChoiceField(label=gettext_lazy("What for"), choices=IpGrant.Use.choices, required=False)
    fields_of_use = ListField(
        label=gettext_lazy("In which fields"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("With commas between them; empty for all."),
    )
    countries = CountriesField(
        label=gettext_lazy("In which countries"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Names or codes, or EU; empty for everywhere."),
    )
    begins_on = _day(gettext_lazy("From"), help_text=gettext_lazy("Empty: as long as the agreement holds."))
    ends_on = _day(gettext_lazy("Until, this day no longer"))
    is_exclusive = forms.BooleanField(label=gettext_lazy("Nobody else may (exclusive)"), required=False)
    is_promise = forms.BooleanField(label=gettext_lazy("Only promised, not given yet"), required=False)

    def __init__(self, *args: Any, sides: list[tuple[Side, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides
        named = [(str(place), name) for place, (_side, name) in enumerate(sides)]
        self.fields["holder"].choices = [("", "–"), *named, (OTHER, _("Somebody else"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Say what is missing where somebody may use it."""
        said = super().clean() or {}
        if said.get("holder") == OTHER and not said.get("other_name"):
            self.add_error("other_name", _("Say who it is."))
        return said

    def right(self) -> Right | None:
        """Return what was filled in, or None where nobody was chosen."""
        said = self.cleaned_data
        if not said.get("holder"):
            return None
        is_other = said["holder"] == OTHER
        return Right(
            holder=Holder(name=said["other_name"]) if is_other else Holder(party=self.sides[int(said["holder"])][0]),
            use=said["use"] or IpGrant.Use.PROJECT.value,
            fields=said["fields_of_use"],
            countries=said["countries"],
            is_exclusive=said["is_exclusive"],
            is_promise=said["is_promise"],
            begins_on=said["begins_on"],
            ends_on=said["ends_on"],
        )


RightForms = forms.formset_factory(RightForm, extra=1, max_num=MOST_RIGHTS, validate_max=True, absolute_max=MOST_RIGHTS)


class EntryForm(forms.Form):
    """What it is, who owns it, and what others' licences say of it."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of thing it is"), choices=IpEntry.Kind.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(label=gettext_lazy("What it is called"), max_length=MOST_TITLE)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The other side reads it: say what it does, not how."),
    )
    identifier = forms.CharField(
        label=gettext_lazy("Number or address"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("A patent number or a repository, several with commas. The same one is found again."),
    )
    item_key = forms.ChoiceField(
        label=gettext_lazy("One of the things you show"),
        required=False,
        help_text=gettext_lazy("Only your side sees this link."),
    )
    licence = forms.CharField(
        label=gettext_lazy("Licence it is under"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("For example GPL-3.0-only or CC-BY-NC-4.0; what such a licence forbids is known."),
    )
    is_copyleft = forms.BooleanField(label=gettext_lazy("Its licence hands itself on (copyleft)"), required=False)
    is_noncommercial = forms.BooleanField(label=gettext_lazy("Its licence forbids commercial use"), required=False)
    restrictions = forms.CharField(
        label=gettext_lazy("Other restrictions"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        sides: list[tuple[Side, str]],
        items: Iterable[tuple[str, str]] = (),
        said: Stated | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides
        self.fields["item_key"].choices = [("", "–"), *items]  # type: ignore[attr-defined]
        if said is not None:
            del self.fields["kind"]
        self._ask_for_shares(said.shares if said else ())

    def _ask_for_shares(self, shares: Iterable[Share]) -> None:
        """Add a field for the share of each side, and some for other owners."""
        owned = {share.holder.party: share.thousandths for share in shares if share.holder.is_side}
        others = [share for share in shares if not share.holder.is_side]
        for place, (side, name) in enumerate(self.sides):
            begin = per_cent(owned[side]) if side in owned else ""
            self.fields[f"share_{place}"] = PerCentField(label=name, required=False, max_length=10, initial=begin)
        self.n_others = max(LEAST_OTHERS, len(others) + 1)
        for place in range(self.n_others):
            name, begin = (
                (others[place].holder.name, per_cent(others[place].thousandths)) if place < len(others) else ("", "")
            )
            self.fields[f"other_{place}"] = forms.CharField(
                label=_("Another owner"), required=False, max_length=160, initial=name
            )
            self.fields[f"other_share_{place}"] = PerCentField(
                label=_("Their share"), required=False, max_length=10, initial=begin
            )

    def clean(self) -> dict[str, Any]:
        """Say what is missing where another owner stands without a share, or a share without an owner."""
        said = super().clean() or {}
        for place in range(self.n_others):
            name, share = said.get(f"other_{place}", ""), said.get(f"other_share_{place}", 0)
            if bool(name) != bool(share) and f"other_share_{place}" not in self.errors:
                self.add_error(f"other_{place}", _("Another owner needs a name and a share."))
        return said

    def stated(self, rights: Iterable[RightForm], *, item_key: str | None = None) -> Stated:
        """Return what was filled in; a licence that is known flags itself. `item_key` is kept where given."""
        said = self.cleaned_data
        shares = [Share(Holder(party=side), said[f"share_{place}"]) for place, (side, _name) in enumerate(self.sides)]
        shares += [
            Share(Holder(name=said[f"other_{place}"]), said[f"other_share_{place}"]) for place in range(self.n_others)
        ]
        is_copyleft, is_noncommercial = licence_flags(said["licence"])
        return Stated(
            title=said["title"],
            shares=tuple(share for share in shares if share.thousandths),
            rights=tuple(right for form in rights if (right := form.right()) is not None),
            description=said["description"],
            identifier=said["identifier"],
            item_key=said["item_key"] if item_key is None else item_key,
            licence=said["licence"],
            is_copyleft=said["is_copyleft"] or is_copyleft,
            is_noncommercial=said["is_noncommercial"] or is_noncommercial,
            restrictions=said["restrictions"],
        )


def begun(said: Stated) -> dict[str, Any]:
    """Return what a form begins with to say something anew."""
    names = ("title", "description", "identifier", "item_key", "licence")
    flags = ("is_copyleft", "is_noncommercial", "restrictions")
    return {name: getattr(said, name) for name in (*names, *flags)}


def suggested(asked: QueryDict, agreement: Agreement) -> dict[str, Any]:
    """Return what the form of a new entry begins with: the title and the shares that its address suggests."""
    parties = list(agreement.parties.all())
    keys = [agreement.organisation.key, *(party.organisation.key if party.organisation else "" for party in parties)]
    begin: dict[str, Any] = {"title": asked.get("title", "").replace("\x00", "")[:MOST_TITLE]}
    for said in asked.getlist("share")[: len(keys)]:
        key, _colon, share = said.partition(":")
        if key in keys and re.fullmatch(r"[0-9]{1,6}", share):
            begin[f"share_{keys.index(key)}"] = per_cent(int(share))
    return begin


def begun_rights(said: Stated, sides: list[tuple[Side, str]]) -> list[dict[str, Any]]:
    """Return what the forms of the rights begin with."""
    places = {side: str(place) for place, (side, _name) in enumerate(sides)}
    return [
        {
            "holder": places.get(right.holder.party, "") if right.holder.is_side else OTHER,
            "other_name": right.holder.name,
            "use": right.use,
            "fields_of_use": ", ".join(right.fields),
            "countries": "EU" if set(right.countries) == set(EU) else ", ".join(right.countries),
            "begins_on": right.begins_on,
            "ends_on": right.ends_on,
            "is_exclusive": right.is_exclusive,
            "is_promise": right.is_promise,
        }
        for right in said.rights
    ]
