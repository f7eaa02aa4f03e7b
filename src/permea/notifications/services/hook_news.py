"""What is told to webhooks when something happens: never anything of an entry or of a person."""

from __future__ import annotations

from datetime import datetime

from permea.challenges.models import Challenge, TimetableChange
from permea.ideas.models import Posting
from permea.notifications import rules
from permea.notifications.services.deliveries import announce

PLACES = {
    "challenge.published": "challenges:public",
    "challenge.closed": "ideas:list",
    "entry.received": "challenges:overview",
    "question.asked": "dialogue:manage",
    "selection.settled": "selection:select",
    "challenge.decided": "selection:decide",
    "award.rights_accepted": "selection:awards",
}
COUNTED = frozenset({"challenge.closed", "entry.received"})


def announce_challenge(*, challenge_id: int, event: str, at: datetime) -> None:
    """Tell hooks what happened to a challenge; of its entries only how many there are."""
    challenge = Challenge.objects.select_related("organisation").get(pk=challenge_id)
    number = challenge.n_entries if event in COUNTED else 0
    news = rules.News(
        event,
        challenge.key,
        challenge.title,
        (PLACES[event], challenge.key),
        number=number,
        facts={"entries": number} if event in COUNTED else {},
    )
    announce(organisation=challenge.organisation, news=news, at=at)


def announce_timetable(*, change_id: int, at: datetime) -> None:
    """Tell hooks the new closing time."""
    change = TimetableChange.objects.select_related("challenge__organisation").get(pk=change_id)
    challenge = change.challenge
    news = rules.News(
        "challenge.timetable_changed",
        challenge.key,
        challenge.title,
        ("challenges:public", challenge.key),
        is_sooner=not change.is_extension,
        facts={"closes_at": change.closed_at_after.isoformat()},
    )
    announce(organisation=challenge.organisation, news=news, at=at)


def announce_posting(*, posting_id: int, at: datetime) -> None:
    """Tell hooks that something was put into a box, not what or by whom."""
    posting = Posting.objects.select_related("box", "organisation").get(pk=posting_id)
    news = rules.News("posting.received", posting.box.key, posting.box.title, ("ideas:posting", posting.key))
    announce(organisation=posting.organisation, news=news, at=at)
