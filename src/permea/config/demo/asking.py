"""Who asks what in the demo, and what everybody is answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from permea.dialogue import services

if TYPE_CHECKING:
    from permea.config.demo.story import Story
    from permea.people.models import Person

TELL_AFTER = timedelta(hours=1)


def ask(story: Story, name: str, asker: Person, plan: dict[str, Any], at: datetime) -> None:
    """Let somebody ask about a challenge, and have the question answered and told if the plan says so."""
    words = story.content.words["questions"][name][plan["id"]]
    question = services.ask_question(
        challenge_id=story.challenges[name].pk,
        actor=asker,
        text=words["question"],
        language=story.content.language,
        at=at,
    )
    if "hours" not in plan:
        return
    answered_at = at + timedelta(hours=plan["hours"])
    services.answer_question(
        question_id=question.pk,
        actor=story.persons["mara"],
        text=words["answer"],
        changes_brief=plan.get("changes_brief", False),
        at=answered_at,
    )
    services.tell_answers(at=answered_at + TELL_AFTER)
