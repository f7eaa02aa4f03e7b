"""In which language an entry seems to be written, and what is said when another one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.surface.formats import language_name
from permea.surface.languages import language_of, offered_and


def languages_in_question(challenge: Challenge) -> list[str]:
    """Return the languages in which an entry to this challenge may be: those offered here and those it accepts."""
    return offered_and(*challenge.entry_languages, challenge.language)


def language_hint(challenge: Challenge, fields: dict[str, Any], *, accepted: Sequence[str]) -> str:
    """Return a word to who chose another language than their text is clearly written in; nothing while all is well."""
    said = "\n".join(fields[name] for name in ("title", "summary", "body"))
    seen = language_of(said, languages_in_question(challenge))
    if seen in {"", fields["language"]}:
        return ""
    if seen in accepted:
        return _("Your text looks like %(seen)s. If it is, choose that here.") % {"seen": language_name(seen)}
    taken = ", ".join(language_name(code) for code in accepted)
    text = _("Your text looks like %(seen)s. This challenge takes entries in: %(accepted)s.")
    return text % {"seen": language_name(seen), "accepted": taken}
