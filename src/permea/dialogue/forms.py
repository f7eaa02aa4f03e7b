"""Forms of dialogue: shape only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.dialogue.models import ModerationEntry
from permea.dialogue.rules import LONGEST_COMMENT, LONGEST_QUESTION

SALT = "permea.dialogue.form"
TRAP = "website"


def began_token(who: str, at: datetime) -> str:
    """Return a signed note of when a form was handed out to whom."""
    return signing.dumps([who, at.isoformat()], salt=SALT)


def read_began(token: str, who: str) -> datetime | None:
    """Return when the form was handed out, or None if the note was not made here or for somebody else."""
    try:
        owner, moment = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return datetime.fromisoformat(moment) if owner == who else None


class QuestionForm(forms.Form):
    """What somebody asks; `website` is a trap that people do not see."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One thing at a time. Leave out your name and your idea: everybody will read this."),
    )
    language = forms.ChoiceField(label=_("Written in"), required=False)
    website = forms.CharField(required=False)
    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("As the text shows")), *languages] if len(languages) > 1 else languages
        self.fields["language"].choices = offered  # type: ignore[attr-defined]  # a choice field

    @property
    def is_trap_filled(self) -> bool:
        """Say whether the field nobody sees was filled in."""
        return bool(self.data.get(TRAP))


class CommentForm(forms.Form):
    """What somebody says about an entry; `website` is a trap that people do not see."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Your comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 4})
    )
    is_suggestion = forms.BooleanField(
        label=_("This is a suggestion: the authors say whether they take it up"), required=False
    )
    answers = forms.CharField(required=False)
    website = forms.CharField(required=False)
    began = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_trap_filled(self) -> bool:
        """Say whether the field nobody sees was filled in."""
        return bool(self.data.get(TRAP))


class AnswerForm(forms.Form):
    """What the public reads: the question's wording and its answer."""

    question = forms.CharField(required=False)
    answer = forms.CharField(required=False)
    changes_brief = forms.BooleanField(required=False)


class ReasonForm(forms.Form):
    """A reason in the firm's list and in one's own words."""

    use_required_attribute = False

    reason = forms.ChoiceField(label=pgettext_lazy("moderation", "Reason"), choices=ModerationEntry.Reason.choices)
    words = forms.CharField(label=_("In your own words"), widget=forms.Textarea(attrs={"rows": 3}))


class WordsForm(forms.Form):
    """Words, and sometimes a yes or no."""

    words = forms.CharField(required=False)
    is_accepted = forms.BooleanField(required=False)
