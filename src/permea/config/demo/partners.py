"""Whom the firm of the demo knows outside: a lab, a supplier, a startup, an association, a customer."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.partners import services

if TYPE_CHECKING:
    from permea.config.demo.story import Story
    from permea.partners.models import Partner, SourceEvent


def know_partners(story: Story) -> None:
    """Note each partner on its day, and what was said with it later."""
    plan, known = story.content.plan["partners"], dict[str, "Partner"]()
    for number, row in enumerate(story.content.words["partners"]):
        day = plan["first"] + number * plan["every"]
        story.on(day, partial(_note, story, known, row))
        story.on(day + plan["talk"], partial(_talk, story, known, row, plan["step"]))


def _note(story: Story, known: dict[str, Partner], row: dict[str, Any], at: datetime) -> None:
    """Note a partner with somebody there, what it can do and what it looks for."""
    told: dict[str, Any] = {"actor": story.owner, "at": at}
    facts = {name: row[name] for name in ("name", "kind", "country", "city", "tags", "stage", "source", "source_name")}
    content = services.PartnerInput(
        **facts, language=story.content.language, owner=story.persons["mara"], event=_event(story, row, at)
    )
    partner = services.note_partner(organisation=story.host, content=content, **told)
    known[row["name"]] = partner
    name, email, position = row["contact"]
    person = services.ContactInput(name=name, email=email, position=position)
    services.add_contact(partner_id=partner.pk, content=person, **told)
    can = services.CapabilityInput(kind="offers", name=row["can"][0], level=row["can"][1])
    services.add_capability(partner_id=partner.pk, content=can, **told)
    if row["need"]:
        need = services.CapabilityInput(kind="needs", name=row["need"])
        services.add_capability(partner_id=partner.pk, content=need, **told)


def _event(story: Story, row: dict[str, Any], at: datetime) -> SourceEvent | None:
    """Return the fair a partner was met at, noted with what it cost, None for one met elsewhere."""
    if row["source"] != "event":
        return None
    fair = services.EventInput(name=row["source_name"], on=at.date(), cost=Decimal(row["cost"]), hours=row["hours"])
    return services.note_event(organisation=story.host, content=fair, actor=story.owner, at=at)


def _talk(story: Story, known: dict[str, Partner], row: dict[str, Any], days: int, at: datetime) -> None:
    """Write down a talk, with what is to follow."""
    step: dict[str, Any] = (
        {"next_step": row["step"], "next_on": (at + timedelta(days=days)).date()} if row["step"] else {}
    )
    said = services.LogInput(kind="meeting", on=at.date(), summary=row["talk"], **step)
    services.log(partner_id=known[row["name"]].pk, content=said, actor=story.persons["mara"], at=at)
