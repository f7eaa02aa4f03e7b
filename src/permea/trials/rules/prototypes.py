"""Deciding about rounds with a prototype: what is measured, said, suggested and answered."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.trials.models import Participant, PrototypeRound, Suggestion

MOST_TEXT, MOST_WORDS, MOST_FIGURE = 2000, 2000, Decimal(10) ** 9 - 1
POINTS = range(1, 6)


def figure_of(value: Decimal) -> Decimal:
    """Return a figure as it is stored, to the thousandth."""
    return value.quantize(Decimal("0.001"))


def why_not_figures(*figures: Decimal | None) -> Refusal | None:
    """Return why these are not taken as measured, or None if they are."""
    if all(figure is not None and figure.is_finite() and 0 <= figure <= MOST_FIGURE for figure in figures):
        return None
    return Refusal("trials.no_figure", _("Write what you measured as a number from 0."))


def why_not_feedback(participant: Participant, *, ease: int, texts: tuple[str, ...]) -> Refusal | None:
    """Return why somebody cannot finish with this, or None if they can."""
    if participant.before is None:
        return Refusal("trials.no_before", _("First write what you measure without it: afterwards it is too late."))
    if ease not in POINTS:
        return Refusal("trials.no_ease", _("Say how easy it was, from 1 to 5."))
    if any(len(text) > MOST_TEXT for text in texts):
        return Refusal(
            "trials.text_too_long", _("Each text takes at most %(limit)d characters.") % {"limit": MOST_TEXT}
        )
    return None


def why_not_new_round(last: PrototypeRound | None, *, is_last_closed: bool) -> Refusal | None:
    """Return why no further round can be planned, or None: rounds follow each other."""
    if last is None or is_last_closed:
        return None
    return Refusal("trials.round_goes_on", _("The round before is not closed yet."))


def why_not_answer_suggestion(round_: PrototypeRound, *, outcome: str, words: str) -> Refusal | None:
    """Return why a suggestion cannot be answered like this, or None if it can."""
    if round_.told_at is not None:
        return Refusal("trials.told", _("Everybody was told the answers of this round."))
    if outcome not in {Suggestion.Outcome.ADOPTED, Suggestion.Outcome.DECLINED}:
        return Refusal("trials.no_outcome", _("Say whether it is adopted."))
    if not words.strip() or len(words) > MOST_WORDS:
        return Refusal(
            "trials.no_words",
            _("Say what was changed, or why not, in at most %(limit)d characters.") % {"limit": MOST_WORDS},
        )
    return None


def why_not_tell(round_: PrototypeRound, *, is_closed: bool, n_waiting: int) -> Refusal | None:
    """Return why participants cannot be told what became of their suggestions, or None if they can."""
    if round_.told_at is not None:
        return Refusal("trials.told", _("Everybody was told the answers of this round."))
    if not is_closed:
        return Refusal("trials.round_goes_on_still", _("The round is not closed yet."))
    if n_waiting:
        return Refusal("trials.suggestions_wait", _("Answer every suggestion first."))
    return None
