"""Which agreement fits: the demo's firm and a university have answered the same guide apart, and compare."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements import services
from permea.agreements.models import ChooserRun
from permea.agreements.queries import guide
from permea.config.demo.handing import Told
from permea.people.models import Organisation

if TYPE_CHECKING:
    from permea.config.demo.story import Story


def choose(story: Story) -> None:
    """Tell of each run: begun by the firm, then answered by one side after the other."""
    for plan, words in zip(story.content.plan["choosing"], story.content.words["choosing"], strict=True):
        told = Told(story, plan, words)
        story.on(plan["begun"], partial(_begin, told))
        for side, given in plan["answers"].items():
            story.on(given["day"], partial(_answer, told, side, given))


def _begin(told: Told, at: datetime) -> None:
    """Begin the run with the partner."""
    partner = Organisation.objects.get(memberships__person=told.partner)
    said = services.ChooserInput(title=told.words["title"], partner_key=partner.key)
    services.start_chooser(organisation=told.story.host, said=said, actor=told.story.owner, at=at)


def _answer(told: Told, side: str, given: dict[str, Any], at: datetime) -> None:
    """Hand in what a side answers: yes and unsure as told, no to everything else."""
    run = ChooserRun.objects.get(organisation=told.story.host, title=told.words["title"])
    answers = dict.fromkeys(guide().questions, "no") | dict.fromkeys(given["yes"], "yes")
    answers |= dict.fromkeys(given["unsure"], "unsure")
    actor = told.story.owner if side == "host" else told.partner
    services.answer_chooser(run_id=run.pk, side=side, answers=answers, is_final=True, actor=actor, at=at)
