"""Whom the firm of the demo knows outside: a lab, a supplier, a startup and others; a shortlist of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.partners import queries, services
from permea.partners.rules import Wish

if TYPE_CHECKING:
    from permea.config.demo.story import Story
    from permea.partners.models import Partner, Shortlist, SourceEvent


def know_partners(story: Story) -> None:
    """Note each partner on its day, and what was said with it later."""
    plan, known = story.content.plan["partners"], dict[str, "Partner"]()
    for number, row in enumerate(story.content.words["partners"]):
        day = plan["first"] + number * plan["every"]
        story.on(day, partial(_note, story, known, row))
        story.on(day + plan["talk"], partial(_talk, story, known, row, plan["step"]))
    plan = story.content.plan["shortlist"]
    story.on(plan["day"], partial(_keep, story))
    story.on(plan["again"], partial(_again, story))
    story.on(plan["decided"], partial(_decide, story, plan, known))


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


def _keep(story: Story, at: datetime) -> None:
    """Keep who fits as a shortlist, and two views of the directory that all find."""
    words, mara = story.content.words["shortlist"], story.persons["mara"]
    told: dict[str, Any] = {"organisation": story.host, "actor": mara, "at": at}
    wish = Wish(wanted=tuple(words["wanted"]), given=tuple(words["given"]))
    weights = {"capabilities": 4, "goals": 2, "style": 0, "stance": 0, "record": 1}
    question = services.Question(wish=wish, weights=weights, length=5)
    services.keep_shortlist(title=words["title"], question=question, **told)
    for name, given in zip(words["views"], ({"stage": "working"}, {"kind": "university"}), strict=True):
        services.save_view(name=name, given=given, is_shared=True, **told)


def _shortlist(story: Story) -> Shortlist:
    """Return the shortlist."""
    [row] = queries.shortlists_of(story.host, page=1)
    found: Shortlist = row.shortlist
    return found


def _again(story: Story, at: datetime) -> None:
    """Work the shortlist out anew, now that there were talks."""
    services.work_out(shortlist_id=_shortlist(story).pk, actor=story.persons["mara"], at=at)


def _decide(story: Story, plan: dict[str, Any], known: dict[str, Partner], at: datetime) -> None:
    """Note something of one partner and decide about two others; the first is met soon."""
    words, names = story.content.words["shortlist"], list(known)
    told: dict[str, Any] = {"shortlist_id": _shortlist(story).pk, "actor": story.persons["mara"], "at": at}
    services.note_on_shortlist(partner_id=known[names[plan["note"]]].pk, text=words["note"], **told)
    step = {"next_step": words["step"], "next_on": (at + timedelta(days=plan["step"])).date()}
    for (number, choice), reason in zip(plan["choices"], words["reasons"], strict=True):
        said = services.DecisionInput(choice=choice, reason=reason, **(step if choice == "approach" else {}))
        services.decide(partner_id=known[names[number]].pk, content=said, **told)
