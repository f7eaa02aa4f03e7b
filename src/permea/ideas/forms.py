"""Forms of the ideas step: they check shape only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from babel import Locale, UnknownLocaleError
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from permea.agreements.models import Terms
from permea.ideas.models import Idea, IdeaBox, Posting
from permea.ideas.queries import CreditRow
from permea.ideas.rules import EDITED_FIELDS, MAX_ANSWER, MAX_BODY, MAX_PLACE, MAX_POSTING, MAX_WHY, REASON_AT_MOST
from permea.surface.formats import reader_locale

Choices = list[tuple[str, str]]


class NeededLater(forms.CharField):
    """A text that may stay empty until the idea is handed in."""

    def validate(self, value: Any) -> None:
        """Check what is there; that it is there is asked when the idea is handed in."""
        if value:
            super().validate(value)


class ChosenLater(forms.ChoiceField):
    """A choice that is made for people who do not make it."""

    def validate(self, value: Any) -> None:
        """Check what is there."""
        if value:
            super().validate(value)


def country_name(code: str) -> str:
    """Return a country by the name the reader knows it by."""
    return str(reader_locale().territories.get(code, code))


def country_choices() -> Choices:
    """Return the countries by the names the reader knows them by."""
    names = {str(code): str(name) for code, name in reader_locale().territories.items()}
    codes = [code for code in names if re.fullmatch("[A-WYZ][A-Z]|XK", code) and code not in {"EU", "EZ", "UN", "ZZ"}]
    return [("", "–"), *sorted(((code, names[code]) for code in codes), key=lambda choice: choice[1])]


def language_choices(codes: Iterable[str]) -> Choices:
    """Return languages by their own names."""
    return [(code, _name_of(code)) for code in codes]


def _name_of(code: str) -> str:
    """Return a language's name in itself, or its code if nobody knows it."""
    try:
        name = str(Locale.parse(code, sep="-").get_display_name())
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


class EntryForm(forms.Form):
    """The entry page: everything may be incomplete while it is a draft."""

    use_required_attribute = False

    title = NeededLater(
        label=_("Title"), max_length=160, help_text=_("One line that says what you propose."), widget=forms.TextInput
    )
    summary = NeededLater(
        label=_("Summary"),
        max_length=500,
        help_text=_("What it is, for whom, and why it helps. At most 500 characters; it is read first."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    body = NeededLater(
        label=_("Description"),
        max_length=MAX_BODY,
        strip=False,
        help_text=_("How it works, what has been tried, how the acceptance test would be met, what you need from us."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    affiliation = forms.CharField(
        label=_("On behalf of"),
        max_length=160,
        required=False,
        help_text=_("A firm, institute or group. Leave it empty if you enter as yourself."),
    )
    source = ChosenLater(label=_("Who you are to us"), choices=Idea.Source.choices)
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = ChosenLater(label=_("Language of this entry"))
    asked_money = forms.DecimalField(
        label=_("Money you ask for"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    asked_days = forms.DecimalField(
        label=_("Person-days from us"), min_value=0, max_digits=7, decimal_places=1, required=False
    )
    window = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("country", country_choices())
        self._choices("language", language_choices(languages))
        for name in ("title", "summary", "body", "affiliation"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def _choices(self, name: str, choices: Choices) -> None:
        """Offer these choices in a field."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def usable_fields(self) -> dict[str, Any]:
        """Return the fields that were sent and have the right shape."""
        self.is_valid()
        return {
            name: self.cleaned_data[name]
            for name in EDITED_FIELDS
            if name in self.cleaned_data
            and name in self.data
            and (name not in {"source", "language"} or self.cleaned_data[name])
        }

    def seen_at(self) -> datetime | None:
        """Return when the page last saw the draft saved, or None if it does not say."""
        try:
            return datetime.fromisoformat(str(self.data.get("seen", "")))
        except ValueError:
            return None


class TermsForm(forms.Form):
    """Accepting the texts a challenge is held under, each by its own tick."""

    use_required_attribute = False

    def __init__(self, *args: Any, texts: Iterable[Terms], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for terms in texts:
            self.fields[terms.key] = forms.BooleanField(
                label=_("I have read and accept “%(title)s”, version %(version)d.")
                % {"title": terms.title, "version": terms.version},
                error_messages={"required": _("You can enter once you have accepted this text.")},
            )


class SavedViewForm(forms.Form):
    """Under which name the filters of a list are kept, and whether others find them too."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share it with the organisation"), required=False)


class PostingForm(forms.Form):
    """What somebody puts into a box, without signing in, in less than a minute."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(Posting.Kind.NEED, _("A problem I see")), (Posting.Kind.IDEA, _("An idea I have"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it is a problem you see or an idea you have.")},
    )
    text = forms.CharField(
        label=_("In your words"),
        max_length=MAX_POSTING,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("What happens, where, how often? A sentence or two is enough."),
        error_messages={"required": _("Say in a sentence or two what it is about.")},
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP. Where and with what it was taken is removed before it is kept."),
    )
    source = forms.ChoiceField(label=_("Who you are"), choices=Idea.Source.choices)
    is_anonymous = forms.ChoiceField(
        label=_("May we know who you are?"),
        choices=[("yes", _("I stay unknown")), ("no", _("You may know my name"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=160, help_text=_("Only kept if you do not stay unknown.")
    )
    email = forms.EmailField(
        label=_("E-mail for the answer"),
        required=False,
        max_length=254,
        help_text=_("Used for the answer alone; if you stay unknown, nobody here sees it."),
    )
    at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MAX_PLACE)
    via = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
    slip = forms.CharField(widget=forms.HiddenInput, required=False)
    reference = forms.CharField(required=False)

    def __init__(self, *args: Any, box: IdeaBox, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if box.asks_source:
            self.fields["source"].initial = box.source
        else:
            del self.fields["source"]
        if settings.MAIL_IS_KEPT:  # nothing is sent from here, so no answer by mail is promised
            del self.fields["email"]


class AddressForm(forms.Form):
    """An address left later for the answer."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("E-mail for the answer"), max_length=254, help_text=_("Used for the answer alone.")
    )


class PostingAnswerForm(forms.Form):
    """The answer to a posting."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[(Posting.Status.TAKEN_UP, _("We take it up")), (Posting.Status.DECLINED, _("We do not take it up"))],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Reason, if you do not take it up"), required=False, choices=[("", "–"), *Posting.Reason.choices]
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=MAX_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Its sender reads this, and everybody whose posting is merged into it."),
    )


class PostingMergeForm(forms.Form):
    """What a posting is merged with, and why."""

    use_required_attribute = False

    main = forms.CharField(label=_("Merge into"), max_length=20)
    why = forms.CharField(label=_("Why they belong together"), max_length=MAX_WHY)


class BoxForm(forms.Form):
    """What a box says and takes."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("For example: What slows you down at our machines?")
    )
    welcome = forms.CharField(
        label=_("Welcome"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("One or two sentences above the form: what you want to hear, and who reads it."),
    )
    language = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)
    answer_days = forms.IntegerField(
        label=_("Answer within"), min_value=1, max_value=90, help_text=_("Days. Every sender is told the date.")
    )
    source = forms.ChoiceField(
        label=_("Who usually writes"), choices=Idea.Source.choices, help_text=_("Chosen in the form to begin with.")
    )
    asks_source = forms.BooleanField(label=_("Ask senders who they are"), required=False)
    origins = forms.CharField(
        label=_("Sites that may show the form"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
        help_text=_("One a line, as in https://www.example.org. No other site can show it in a frame."),
    )


class MergeForm(forms.Form):
    """Which of two entries leads, and whether its author is asked or an editor's reason stands for that."""

    use_required_attribute = False
    ASK, DECIDE = "ask", "decide"

    lead = forms.ChoiceField(label=_("Which one leads?"), widget=forms.RadioSelect)
    way = forms.ChoiceField(
        label=_("On whose word?"),
        widget=forms.RadioSelect,
        choices=[(ASK, _("Ask the author of the other entry")), (DECIDE, _("Merge now, for a reason"))],
    )
    words = forms.CharField(
        label=_("Your reason, or a word to the author"),
        required=False,
        max_length=REASON_AT_MOST,
        help_text=_("To merge now, a reason of a sentence is needed. The authors are told it, word for word."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, entries: Iterable[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["lead"]).choices = [(idea.key, idea.title) for idea in entries]


class AnswerForm(forms.Form):
    """Whether an author agrees that their entry is merged, and a word about it."""

    use_required_attribute = False
    AGREE, REFUSE = "agree", "refuse"

    answer = forms.ChoiceField(choices=[(AGREE, _("I agree")), (REFUSE, _("I refuse"))])
    words = forms.CharField(
        label=_("A word about it"),
        required=False,
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InviteForm(forms.Form):
    """Whom to ask to write an entry too."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("They get a link that works once. Nobody else sees whom you ask before they accept."),
    )


class SharesForm(forms.Form):
    """Everybody's share of the credit, in whole per cents."""

    use_required_attribute = False

    def __init__(self, *args: Any, rows: Iterable[CreditRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[f"share-{row.person.key}"] = forms.IntegerField(
                label=row.person.display_name,
                initial=row.per_cent,
                min_value=0,
                max_value=100,
                disabled=row.person.erased_at is not None,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def per_cents(self) -> dict[int, int]:
        """Return the shares by the row numbers of their people."""
        return {row.person.pk: self.cleaned_data[f"share-{row.person.key}"] for row in self.rows}
