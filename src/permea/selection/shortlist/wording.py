"""What the figures mean, in whole sentences: the same on screen, in the report and in the data."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.selection.shortlist.model import Certainty, Choice, JudgeRow, Shortlist, Swap
from permea.surface.formats import number, percent, plain_number

NAMED = 6  # ideas named in one sentence
WORTH_SAYING = 0.01  # of a chance


def certificate(choice: Choice) -> str:
    """Return what is proven about the choice."""
    found = {
        "value": number(choice.value, 2),
        "bar": number(choice.bar, 2),
        "gap": percent(choice.gap, 3),
        "solver": choice.solver,
    }
    if choice.status == "optimal":
        return (
            _("Proven best: %(value)s points above the bar of %(bar)s; no set within the limits has more (%(solver)s).")
            % found
        )
    if choice.is_proven:
        return (
            _(
                "Proven: %(value)s points above the bar of %(bar)s; no set within the limits has more than %(gap)s"
                " more (%(solver)s)."
            )
            % found
        )
    return (
        _(
            "Best found in the time given: %(value)s points above the bar of %(bar)s; a better set could have at most"
            " %(gap)s more (%(solver)s)."
        )
        % found
    )


def uses(choice: Choice) -> list[str]:
    """Return how much of each budget is used."""
    return [
        _("%(used)s of %(limit)s %(label)s used.")
        % {"used": plain_number(use.used), "limit": plain_number(use.limit), "label": use.label}
        for use in choice.uses
    ]


def alternatives(choice: Choice) -> list[str]:
    """Return what the runner-up is, and what more money would buy."""
    sentences = []
    if choice.runner_up is not None:
        less = number(choice.value - choice.runner_up.value, 2)
        sentences.append(
            _("The runner-up has %(less)s points less: %(swap)s.") % {"less": less, "swap": swap(choice.runner_up)}
        )
    elif choice.is_compared:
        sentences.append(_("No other set keeps the limits."))
    else:
        sentences.append(_("With so many ideas and limits the runner-up was not looked for."))
    more = choice.more_money
    if more is not None:
        gain = more.value - choice.value
        found = {"extra": plain_number(more.extra), "gain": number(gain, 2), "swap": swap(more)}
        sentences.append(
            _("%(extra)s more money would bring %(gain)s more points: %(swap)s.") % found
            if more.joining or more.leaving
            else _("%(extra)s more money would change nothing.") % found
        )
    return sentences


def swap(change: Swap) -> str:
    """Return which ideas come in and go out."""
    parts = []
    if change.joining:
        parts.append(_("%(ideas)s in") % {"ideas": _named(change.joining)})
    if change.leaving:
        parts.append(_("%(ideas)s out") % {"ideas": _named(change.leaving)})
    return ", ".join(parts)


def _named(keys: tuple[str, ...]) -> str:
    if len(keys) <= NAMED:
        return " + ".join(keys)
    return _("%(first)s and %(n)s more") % {"first": " + ".join(keys[:NAMED]), "n": len(keys) - NAMED}


def certainty(found: Shortlist) -> list[str]:
    """Return how sure the top is, and what more reviews would bring."""
    sure = found.certainty
    values = {"k": sure.k, "set": percent(sure.set_right), "share": percent(sure.share_right)}
    sentences = [
        ngettext(
            "The highest score belongs to the best idea with a chance of %(set)s.",
            "The %(k)s highest scores are exactly the best %(k)s with a chance of %(set)s;"
            " %(share)s of them belong there on average.",
            sure.k,
        )
        % values,
        _("Against the truly best choice, %(regret)s points an idea are lost on average.")
        % {"regret": number(sure.regret, 2)},
    ]
    if sure.n_more and sure.certainty_then is not None:
        sentences.append(_more_reviews(sure.n_more, sure.certainty_then - sure.set_right, sure))
    return sentences


def _more_reviews(n_more: int, gain: float, sure: Certainty) -> str:
    values = {"n": n_more, "then": percent(sure.certainty_then)}
    if sure.is_reached:
        text = ngettext(
            "One more review in the right place would raise that chance to about %(then)s.",
            "%(n)s more reviews in the right places would raise that chance to about %(then)s.",
            n_more,
        )
        return text % values
    if gain < WORTH_SAYING:
        return _("More reviews would hardly raise that chance.")
    text = ngettext(
        "Even one more review would raise that chance only to about %(then)s.",
        "Even %(n)s more reviews would raise that chance only to about %(then)s.",
        n_more,
    )
    return text % values


def method(found: Shortlist) -> list[str]:
    """Return what was done with the marks, and how far they can be trusted."""
    how = found.method
    sentences = [_corrected(how.reason) if how.is_corrected else _plain(how.reason)]
    if how.n_components > 1:
        sentences.append(
            _(
                "The reviews fall into %(n)s groups without a common judge; scores of different groups compare only if"
                " their judges are alike."
            )
            % {"n": how.n_components}
        )
    if how.icc is not None:
        values = {"icc": number(how.icc, 2), "reliability": number(how.reliability, 2)}
        sentences.append(
            _("One review has a reliability of %(icc)s, the scores as they stand %(reliability)s (1 is perfect).")
            % values
        )
    if how.reviews_needed:
        sentences.append(
            ngettext(
                "With the judges' leanings taken out, an idea needs one review for a reliability of 0.7.",
                "With the judges' leanings taken out, an idea needs %(n)s reviews for a reliability of 0.7.",
                how.reviews_needed,
            )
            % {"n": how.reviews_needed}
        )
    if how.alpha is not None:
        sentences.append(
            _("The judges agree with Krippendorff's alpha of %(alpha)s.") % {"alpha": number(how.alpha, 2)}
        )
    return sentences


def _corrected(reason: str) -> str:
    text = _(
        "Scores are what the average judge of this panel would have given: harshness and kindness of the judges are"
        " taken out as far as the reviews show them, and ideas with few reviews are drawn towards the mean."
    )
    return text if reason in {"", "disconnected"} else f"{text} ({reason})"


def _plain(reason: str) -> str:
    texts = {
        "one_idea": _("Scores are plain means: with one idea nothing can be told about the judges."),
        "one_judge": _("Scores are plain means: with one judge nothing can be told about harshness."),
        "no_overlap": _("Scores are plain means: no idea has two judges, so ideas and judges cannot be told apart."),
        "too_few_reviews": _("Scores are plain means: there are too few reviews to correct for harsh and kind judges."),
        "no_variation": _("Scores are plain means: all marks are equal."),
    }
    return texts.get(reason, _("Scores are plain means."))


def judges(found: Shortlist) -> list[str]:
    """Return which judges are harsh or kind beyond doubt."""
    harsh = [row for row in found.judges if row.leaning < 0]
    kind = [row for row in reversed(found.judges) if row.leaning > 0]
    sentences = []
    if harsh:
        sentences.append(_("Harsh beyond doubt: %(names)s.") % {"names": _leaning(harsh)})
    if kind:
        sentences.append(_("Kind beyond doubt: %(names)s.") % {"names": _leaning(kind)})
    if not sentences:
        sentences.append(_("No judge is harsh or kind beyond doubt."))
    return sentences


def _leaning(rows: list[JudgeRow]) -> str:
    shown = ", ".join(f"{row.name} ({signed(row.severity)})" for row in rows[:NAMED])
    if len(rows) <= NAMED:
        return shown
    return _("%(first)s and %(n)s more") % {"first": shown, "n": len(rows) - NAMED}


def signed(value: float | None) -> str:
    """Return a number of points with its sign."""
    if value is None:
        return "–"
    rounded = round(value, 2)
    return ("+" if rounded > 0 else "−" if rounded < 0 else "±") + number(abs(rounded), 2)
