"""What the demo's firm hands over to a university, in support by now, and what it takes over from a supplier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements.models import Agreement
from permea.people.models import Organisation, Person
from permea.people.queries import person_by_email
from permea.projects import services
from permea.projects.models import Transfer

if TYPE_CHECKING:
    from permea.config.demo.story import Story


@dataclass(frozen=True, slots=True)
class Told:
    """A transfer of the story: its plan, its words, and who speaks for the partner once they are known."""

    story: Story
    plan: dict[str, Any]
    words: dict[str, Any]

    @property
    def partner(self) -> Person:
        """Return who speaks for the partner, known since an agreement was drafted with them."""
        found = person_by_email(self.story.content.email(self.plan["partner"]))
        assert found is not None  # noqa: S101 - the agreement comes first
        return found

    @property
    def sides(self) -> tuple[Person, Person]:
        """Return who speaks for the side that hands over, and for the one that takes over."""
        both = (self.story.owner, self.partner)
        return both if self.plan["direction"] == "out" else both[::-1]

    @property
    def transfer(self) -> Transfer:
        """Return the record, once it is begun."""
        return Transfer.objects.get(organisation=self.story.host, title=self.words["title"])


def hand_over(story: Story) -> None:
    """Tell each transfer step by step, as far as it has come."""
    for plan, words in zip(story.content.plan["transfers"], story.content.words["transfers"], strict=True):
        told = Told(story, plan, words)
        for name, step in (("begun", _begin), ("handed", _hand), ("held", _hold), ("judged", _judge)):
            if name in plan:
                story.on(plan[name], partial(step, told))


def _begin(told: Told, at: datetime) -> None:
    """Begin the record under the agreement with the partner, and show it to them."""
    story, plan, words = told.story, told.plan, told.words
    content = services.TransferInput(
        **{name: words[name] for name in ("title", "about")},
        **{name: plan[name] for name in ("direction", "kind", "level", "purpose")},
        partner=Organisation.objects.get(memberships__person=told.partner),
        language=story.content.language,
    )
    by: dict[str, Any] = {"actor": story.owner, "at": at}
    made = services.begin_transfer(organisation=story.host, content=content, **by)
    title = story.content.words["agreements"][plan["agreement"]]["title"]
    agreed = Agreement.objects.get(organisation=story.host, title=title)
    change = services.ChangeInput(title=made.title, about=made.about, purpose=made.purpose, agreement=agreed)
    services.change_transfer(transfer_id=made.pk, content=change, **by)
    services.show_transfer(transfer_id=made.pk, **by)


def _hand(told: Told, at: datetime) -> None:
    """Let one side go through the package and plan a training, and the other say what it tests and what is ready."""
    (giver, taker), plan, words, made = told.sides, told.plan, told.words, told.transfer
    what: dict[str, Any] = {"transfer_id": made.pk, "at": at}
    services.state_level(**what, level=plan["level"], basis=words["basis"], actor=giver)
    services.move(**what, to="handing", actor=giver)
    items = made.items.order_by("number")
    said = {
        item.key: services.ItemSaid(state, words["note"] if state == "missing" else "")
        for item, state in zip(items, plan["items"], strict=True)
    }
    services.say_items(**what, said=said, actor=giver)
    day = (told.story.start + timedelta(days=plan["training"])).date()
    services.plan_session(**what, on=day, topic=words["topic"], actor=giver)
    for name, target, _measured in words["criteria"]:
        services.add_criterion(**what, name=name, target=target, actor=taker)
    points = made.points.order_by("number")
    ready = {
        point.key: services.PointSaid(owner, Decimal(budget) if budget else None, is_ready=is_ready)
        for point, owner, (budget, is_ready) in zip(points, words["owners"], plan["points"], strict=True)
    }
    services.say_points(**what, said=ready, actor=taker)


def _hold(told: Told, at: datetime) -> None:
    """Hold the training."""
    made = told.transfer
    people = {made.sessions.get().key: told.words["people"]}
    services.hold_sessions(transfer_id=made.pk, people=people, actor=told.sides[1], at=at)


def _judge(told: Told, at: datetime) -> None:
    """Test it, accept it with remarks, and begin to help."""
    (giver, taker), plan, words, made = told.sides, told.plan, told.words, told.transfer
    what: dict[str, Any] = {"transfer_id": made.pk, "at": at}
    services.move(**what, to="testing", actor=giver)
    criteria = made.criteria.order_by("number")
    measured = {
        one.key: services.Measured(row[2], is_passed=passed)
        for one, row, passed in zip(criteria, words["criteria"], plan["passed"], strict=True)
    }
    services.measure(**what, said=measured, actor=taker)
    services.judge(**what, verdict="remarks", note=words["remarks"], actor=taker)
    until = (told.story.start + timedelta(days=plan["support"])).date()
    window: dict[str, Any] = {"start": at.date(), "until": until, "contact": words["contact"], "hours": words["hours"]}
    services.promise_support(**what, **window, actor=giver)
    services.move(**what, to="support", actor=giver)
