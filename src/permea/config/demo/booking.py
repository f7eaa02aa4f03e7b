"""What the demo's firm books of a university: hours that were used and agreed, and a time that waits for an answer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements.models import Agreement
from permea.campus import services
from permea.campus.models import Booking, Equipment
from permea.campus.rules import Asked, instant_of, zone_of
from permea.config.demo.handing import Told
from permea.people.models import Organisation

if TYPE_CHECKING:
    from permea.config.demo.story import Story

SATURDAY = 5
DAY = timedelta(days=1)


def book(story: Story) -> None:
    """Tell of each piece of equipment: entered and shared, used and charged, asked for again."""
    for plan, words in zip(story.content.plan["equipment"], story.content.words["equipment"], strict=True):
        told = Told(story, plan, words)
        for name, step in (("entered", _enter), ("said", _charge)):
            story.on(plan[name], partial(step, told))
        story.on(-1, partial(_ask_again, told))


def _enter(told: Told, at: datetime) -> None:
    """Enter the equipment of the partner, share it, introduce who will use it, and book it."""
    story, plan, words = told.story, told.plan, told.words
    owner = Organisation.objects.get(memberships__person=told.partner)
    said = services.EquipmentInput(
        **{name: words[name] for name in ("name", "about", "place", "users")},
        language=story.content.language,
        needs_introduction=True,
        rate=plan["rate"],
    )
    made = services.enter_equipment(organisation=story.host, owner=owner, content=said, actor=story.owner, at=at)
    title = story.content.words["agreements"][plan["agreement"]]["title"]
    agreed = Agreement.objects.get(organisation=story.host, title=title)
    what: dict[str, Any] = {"equipment_id": made.pk, "at": at}
    services.share_equipment(**what, partner=owner, agreement=agreed, actor=story.owner)
    for name in words["people"]:
        services.introduce(**what, organisation=story.host, name=name, on=at.date(), actor=told.partner)
    booking = _ask(told, plan["used"], words["purpose"], at)
    services.answer_booking(booking_id=booking.pk, is_yes=True, reason="", actor=told.partner, at=at)


def _ask(told: Told, day: float, purpose: str, at: datetime) -> Booking:
    """Ask for a morning about so many days from the demo's present, not on a weekend."""
    equipment = _equipment(told)
    on = (told.story.start + day * DAY).date()
    on -= max(0, on.weekday() - SATURDAY + 1) * DAY
    zone = zone_of(equipment)
    start, end = (instant_of(datetime.combine(on, time(hour)), zone) for hour in (9, 12))
    asked = Asked(start, end, purpose, tuple(told.words["people"]))
    return services.ask_booking(equipment_id=equipment.pk, asked=asked, actor=told.story.owner, at=at)


def _equipment(told: Told) -> Equipment:
    """Return the equipment, once it is entered."""
    return Equipment.objects.get(organisation=told.story.host, name=told.words["name"])


def _charge(told: Told, at: datetime) -> None:
    """Let the partner say how long it was used, and the firm agree."""
    booking = Booking.objects.get(equipment=_equipment(told), purpose=told.words["purpose"])
    services.say_hours(booking_id=booking.pk, minutes=150, actor=told.partner, at=at)
    services.agree_hours(booking_id=booking.pk, minutes=150, actor=told.story.owner, at=at)


def _ask_again(told: Told, at: datetime) -> None:
    """Ask for another morning, which waits for an answer."""
    _ask(told, told.plan["next"], told.words["second"], at)
