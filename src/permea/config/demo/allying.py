"""What the demo's firm does together with a supplier: charter, lines, a dispute, pulse, results, and how it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.alliances import queries, rules, services
from permea.alliances.models import Alliance, Contribution
from permea.people.models import Organisation, Person
from permea.people.queries import person_by_email

if TYPE_CHECKING:
    from permea.config.demo.story import Story

RAISED = timedelta(hours=2)  # until the other side answers a line


def ally(story: Story) -> None:
    """Begin the alliance on its day, and write each line on the day it tells of."""
    plan = story.content.plan["alliance"]
    story.on(plan["day"], partial(_begin, story))
    for row, words in zip(plan["lines"], story.content.words["alliance"]["lines"], strict=True):
        story.on(row["day"], partial(_put_in, story, row, words))
    for row in plan["pulse"]:
        story.on(row["day"], partial(_rate, story, row))
    story.on(plan["matter"]["day"], partial(_raise, story, plan["matter"]))
    for row in plan["reached"]:
        story.on(row["day"], partial(_reach, story, row))
    for row, words in zip(plan["results"], story.content.words["alliance"]["results"], strict=True):
        story.on(row["day"], partial(_divide, story, row, words))
    story.on(plan["closing"]["day"], partial(_close, story, plan["closing"]))


def _partner(story: Story) -> Person:
    """Return who speaks for the supplier, known since an agreement was drafted with them."""
    found = person_by_email(story.content.email(story.content.plan["alliance"]["partner"]))
    assert found is not None  # noqa: S101 - the agreement comes first
    return found


def _begin(story: Story, at: datetime) -> None:
    """Write the charter, offer it, and have both sides accept it."""
    words, partner = story.content.words["alliance"], _partner(story)
    content = services.AllianceInput(
        title=words["title"],
        partners=[Organisation.objects.get(memberships__person=partner)],
        language=story.content.language,
    )
    told: dict[str, Any] = {"actor": story.owner, "at": at}
    made = services.begin_alliance(organisation=story.host, content=content, **told)
    services.write_charter(alliance_id=made.pk, content=_charter(story, made), note="", **told)
    services.offer_alliance(alliance_id=made.pk, **told)
    for person in (story.owner, partner):
        charter = queries.newest_charter(made)
        assert charter is not None  # noqa: S101 - written above
        services.accept_charter(alliance_id=made.pk, seen=charter.sha256, actor=person, at=at)


def _charter(story: Story, alliance: Alliance) -> dict[str, Any]:
    """Return what the charter says."""
    words = story.content.words["alliance"]
    keys = list(alliance.parties.order_by("number").values_list("key", flat=True))
    days = [(name, (story.start + timedelta(days=day)).date().isoformat()) for name, day in words["milestones"]]
    return {
        **{name: words[name] for name in ("goals", "cadence", "ip", "exit")},
        "agreement": "",
        "criteria": [{"name": name, "measure": measure} for name, measure in words["criteria"]],
        "tasks": [{"name": name, "roles": dict(zip(keys, roles, strict=True))} for name, *roles in words["tasks"]],
        "milestones": [{"name": name, "due": day} for name, day in days],
    }


def _alliance(story: Story) -> Alliance:
    """Return the alliance, once it is begun."""
    return Alliance.objects.filter(organisation=story.host).earliest("pk")


def _rate(story: Story, row: dict[str, Any], at: datetime) -> None:
    """Answer the pulse for both sides."""
    words = story.content.words["alliance"]["pulse"]
    for person, marks, said in zip((story.owner, _partner(story)), (row["owner"], row["vera"]), words, strict=True):
        services.answer_pulse(alliance_id=_alliance(story).pk, marks=marks, words=said, actor=person, at=at)


def _raise(story: Story, plan: dict[str, Any], at: datetime) -> None:
    """Raise a matter, and say how it was solved some days later."""
    words, told = story.content.words["alliance"], {"actor": story.owner}
    matter = services.raise_matter(
        alliance_id=_alliance(story).pk, text=words["matter"], days=plan["days"], at=at, **told
    )
    solved_at = at + timedelta(days=plan["solved"] - plan["day"])
    services.solve_matter(matter_id=matter.pk, outcome=words["outcome"], at=solved_at, **told)


def _sides(story: Story, row: dict[str, Any]) -> tuple[Person, Person]:
    """Return who acts, and who speaks for the other side."""
    partner = _partner(story)
    return (story.owner, partner) if row["by"] == "owner" else (partner, story.owner)


def _reach(story: Story, row: dict[str, Any], at: datetime) -> None:
    """Say that a milestone is reached, and let the other side confirm it."""
    actor, other = _sides(story, row)
    milestone, _day = story.content.words["alliance"]["milestones"][row["place"]]
    reached = services.reach_milestone(
        alliance_id=_alliance(story).pk, milestone=milestone, on=at.date(), actor=actor, at=at
    )  # fmt: skip
    if row["is_confirmed"]:
        services.confirm_milestone(reached_id=reached.pk, seen=reached.on, actor=other, at=at + RAISED)


def _divide(story: Story, row: dict[str, Any], words: list[str], at: datetime) -> None:
    """Name a joint result, propose how it is divided, and have one side or both agree."""
    (actor, other), (title, text, note) = _sides(story, row), words
    told: dict[str, Any] = {"actor": actor, "at": at}
    result = services.name_result(alliance_id=_alliance(story).pk, title=title, text=text, **told)
    said = rules.SplitInput(way=row["way"], note=note, leaves_out=True, shares=row["shares"])
    split = services.propose_split(result_id=result.pk, said=said, **told)
    services.accept_split(result_id=result.pk, seen=split.sha256, **told)
    if row["is_agreed"]:
        services.accept_split(result_id=result.pk, seen=split.sha256, actor=other, at=at + RAISED)


def _close(story: Story, plan: dict[str, Any], at: datetime) -> None:
    """Have the supplier ask to close, and rate what came of it; the firm has not rated yet."""
    reason, each, overall = story.content.words["alliance"]["closing"]
    told: dict[str, Any] = {"alliance_id": _alliance(story).pk, "actor": _partner(story)}
    services.ask_to_close(reason=reason, days=plan["days"], at=at, **told)
    marks = list(zip(plan["marks"], each, strict=True))
    said = services.RatingInput(marks=marks, overall=plan["overall"], words=overall)
    services.rate_success(said=said, at=at + RAISED, **told)


def _put_in(story: Story, row: dict[str, Any], words: list[str], at: datetime) -> None:
    """Write one line down, and let the other side answer it."""
    note, unit = words
    writer, reader = _sides(story, row)
    alliance = _alliance(story)
    amount, value = Decimal(row["amount"]), Decimal(row["value"])
    content = services.LineInput(
        kind=row["kind"], amount=amount, unit=unit, value=value, on=at.date(), note=note
    )  # fmt: skip
    line = services.write_line(alliance_id=alliance.pk, content=content, actor=writer, at=at)
    if row["answer"]:
        _answer(story, line, row["answer"], reader, writer, at + RAISED)


def _answer(story: Story, line: Contribution, kind: str, reader: Person, writer: Person, at: datetime) -> None:
    """Answer a line; who wrote a disputed one proposes less."""
    words = story.content.words["alliance"]
    reason = words["dispute"] if kind == "disputed" else ""
    services.answer_line(line_id=line.pk, kind=kind, reason=reason, actor=reader, at=at)
    if kind == "disputed":
        less, told = line.value * 24 / 40, {"reason": words["proposal"], "actor": writer, "at": at + RAISED}
        services.answer_line(line_id=line.pk, kind="proposed", value=less, **told)
