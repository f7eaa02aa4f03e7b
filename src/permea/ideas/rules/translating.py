"""Whether an entry can be had in another language by machine."""

from __future__ import annotations

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea

MOST_TRANSLATED = 20_000  # characters


def can_be_translated(idea: Idea, *, language: str, service: str) -> bool:
    """Say whether a reader of this language may want a machine translation, and somebody is set to make it."""
    return bool(service) and idea.language != language and idea.text_removed_at is None


def why_not_translate(idea: Idea, *, language: str, service: str) -> Refusal | None:
    """Return why no translation is to be asked for, or None if one may."""
    if not can_be_translated(idea, language=language, service=service):
        return Refusal("ideas.no_translation", _("There is nothing to translate here."))
    if sum(map(len, (idea.title, idea.summary, idea.body))) > MOST_TRANSLATED:
        return Refusal("ideas.too_long_to_translate", _("This entry is too long for the translation service."))
    return None


def no_translation() -> Refusal:
    """Return what is said when the service did not do it; nothing is lost by that."""
    return Refusal("ideas.not_translated", _("The translation service gave no translation. Try again in a while."))
