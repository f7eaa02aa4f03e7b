"""Deciding about triggers: when one has fired, and what it and its finding say in words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.foundation.refusals import Refusal
from permea.risks.models import Risk, Trigger

Kind, Subject = Trigger.Kind, Risk.Subject
ABOUT = {
    Kind.REVIEW_PASSED.value: "",
    Kind.AGREEMENT_ENDS.value: Subject.AGREEMENT.value,
    Kind.UNCOVERED_READERS.value: Subject.ITEM.value,
    Kind.PARTNER_SHARE.value: Subject.PARTNER.value,
}
MOST_LIMIT = {Kind.AGREEMENT_ENDS.value: 730, Kind.UNCOVERED_READERS.value: 10_000, Kind.PARTNER_SHARE.value: 99}
MOST_WATCHED = 20
FEWEST_CROSSINGS = 10


def has_fired(kind: str, limit: int, value: int | None) -> bool:
    """Say whether what was found has come to pass; what cannot be told has not."""
    if value is None:
        return False
    if kind == Kind.REVIEW_PASSED:
        return value < 0
    return value <= limit if kind == Kind.AGREEMENT_ENDS else value > limit


def days_until(day: date | None, today: date) -> int | None:
    """Return how many days are left, negative once it has passed; None for no day."""
    return None if day is None else (day - today).days


def share_of(n: int, total: int) -> int | None:
    """Return a share in whole per cent, rounded down; None where there are too few to tell."""
    return None if total < FEWEST_CROSSINGS else n * 100 // total


def why_not_watch(*, kind: str, about_kind: str, limit: int, n_watched: int) -> Refusal | None:
    """Return why a risk may not be watched for this, or None if it may."""
    wanted = ABOUT[kind]
    if about_kind != wanted:
        words = {
            "": _("The day of the next review is that of the risk itself: leave the subject empty."),
            Subject.AGREEMENT.value: _("Choose the agreement to watch."),
            Subject.ITEM.value: _("Choose the item to watch."),
            Subject.PARTNER.value: _("Choose the partner to watch."),
        }
        return Refusal("risks.other_subject", words[wanted])
    if limit > MOST_LIMIT.get(kind, limit):
        words_of_limit = _("The number is at most %(limit)d here.")
        return Refusal("risks.limit_too_high", words_of_limit % {"limit": MOST_LIMIT[kind]})
    if n_watched >= MOST_WATCHED:
        return Refusal("risks.watched_enough", _("A risk is watched for at most 20 things. End one of them first."))
    return None


def watched_for(trigger: Trigger) -> str:
    """Return what a risk is watched for, in a sentence."""
    told = {"name": trigger.about_label, "limit": trigger.limit}
    if trigger.kind == Kind.REVIEW_PASSED:
        return _("The day of the next review has passed.")
    if trigger.kind == Kind.AGREEMENT_ENDS:
        text = ngettext(
            "“%(name)s” ends within %(limit)d day.", "“%(name)s” ends within %(limit)d days.", trigger.limit
        )
    elif trigger.kind == Kind.UNCOVERED_READERS:
        text = ngettext(
            "More than %(limit)d person outside has read “%(name)s” and is not covered.",
            "More than %(limit)d people outside have read “%(name)s” and are not covered.",
            trigger.limit,
        )
    else:
        text = _("More than %(limit)d %% of what crosses the boundary within a year is with “%(name)s”.")
    return text % told


def finding(trigger: Trigger) -> str:
    """Return what was found when last looked, in a sentence."""
    value = trigger.value
    if trigger.looked_at is None:
        return _("Nobody has looked yet.")
    if value is None:
        return _("It cannot be told: too few crossings, or no such end.")
    if trigger.kind == Kind.PARTNER_SHARE:
        return _("Found: %(share)d %%.") % {"share": value}
    if trigger.kind == Kind.UNCOVERED_READERS:
        return ngettext("Found: %(num)d person.", "Found: %(num)d people.", value) % {"num": value}
    if value < 0:
        return ngettext("Found: %(num)d day ago.", "Found: %(num)d days ago.", -value) % {"num": -value}
    return ngettext("Found: in %(num)d day.", "Found: in %(num)d days.", value) % {"num": value}
