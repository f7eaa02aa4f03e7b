"""What a student of the university does at the demo's firm: a thesis that runs, with a first report."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements.models import Agreement
from permea.campus import services
from permea.campus.models import Placement, PlacementReport
from permea.config.demo.handing import Told
from permea.people.models import Organisation

if TYPE_CHECKING:
    from permea.config.demo.story import Story

DAY = timedelta(days=1)


def place(story: Story) -> None:
    """Tell of each placement: offered, a student named and agreed to, accepted, and a report commented on."""
    for plan, words in zip(story.content.plan["placements"], story.content.words["placements"], strict=True):
        told = Told(story, plan, words)
        for name, step in (("offered", _offer), ("named", _name), ("agreed", _agree), ("accepted", _accept),
                           ("reported", _report), ("remarked", _remark)):  # fmt: skip
            if name in plan:
                story.on(plan[name], partial(step, told))


def _placement(told: Told, at: datetime) -> dict[str, Any]:
    """Return what every service asks for: the placement, once it is offered, and the time."""
    found = Placement.objects.get(organisation=told.story.host, title=told.words["title"])
    return {"placement_id": found.pk, "at": at}


def _offer(told: Told, at: datetime) -> None:
    """Offer the placement to the partner."""
    story, plan, words = told.story, told.plan, told.words
    title = story.content.words["agreements"][plan["agreement"]]["title"]
    content = services.PlacementInput(
        **{name: words[name] for name in ("title", "task", "place")},
        **{name: plan[name] for name in ("kind", "weekly_hours", "pay")},
        **{name: (story.start + plan[name] * DAY).date() for name in ("first_day", "last_day")},
        language=story.content.language,
        supervisor=story.owner,
    )
    services.offer_placement(
        agreement=Agreement.objects.get(organisation=story.host, title=title),
        partner=Organisation.objects.get(memberships__person=told.partner),
        content=content,
        actor=story.owner,
        at=at,
    )


def _name(told: Told, at: datetime) -> None:
    """Let the partner name the student."""
    who = {"name": told.words["student"], "email": told.story.content.email(told.plan["student"])}
    services.name_student(**_placement(told, at), **who, supervisor=told.partner, actor=told.partner)


def _agree(told: Told, at: datetime) -> None:
    """Let the firm agree to the student."""
    services.answer_student(**_placement(told, at), is_yes=True, reason="", actor=told.story.owner)


def _accept(told: Told, at: datetime) -> None:
    """Let the student accept."""
    what = _placement(told, at)
    found = Placement.objects.select_related("student").get(pk=what["placement_id"])
    assert found.student is not None  # noqa: S101 - the firm has agreed before
    services.accept_placement(**what, sha256=found.statement_sha256, actor=found.student)


def _report(told: Told, at: datetime) -> None:
    """Let the student hand the mid-term report in."""
    what = _placement(told, at)
    found = Placement.objects.select_related("student").get(pk=what["placement_id"])
    assert found.student is not None  # noqa: S101 - same
    services.hand_in_report(**what, kind="midterm", text=told.words["report"], actor=found.student)


def _remark(told: Told, at: datetime) -> None:
    """Let the partner's supervisor comment on the report and accept it."""
    report = PlacementReport.objects.get(placement=_placement(told, at)["placement_id"])
    said = {"text": told.words["remark"], "is_accepted": True}
    services.remark_on_report(report_id=report.pk, **said, actor=told.partner, at=at)
