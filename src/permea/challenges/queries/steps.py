"""Which steps a page may offer between deadline and reviews, how they changed, and which deadlines may move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from permea.challenges import rules
from permea.challenges.models import Challenge, Stage, StepChange, TimetableChange
from permea.challenges.queries.library import ChallengeTemplate


@dataclass(frozen=True, slots=True)
class StepWay:
    """A way a step can go, by a short code, with its name for the reader and the options a stage then gets."""

    code: str
    label: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferedStep:
    """A step that a page may offer, named by one value of a list."""

    value: str
    label: str
    name: str
    options: Mapping[str, Any]

    def is_of(self, step: rules.Step) -> bool:
        """Say whether a step is this one."""
        return step.name == self.name and step.options == self.options


@dataclass(frozen=True, slots=True)
class ShownStepChange:
    """A change of steps as pages show it, the steps in words."""

    at: datetime
    before: str
    after: str
    reason: str


FindWays = Callable[[], Iterable[StepWay]]
_registered: dict[str, FindWays | None] = {}


def register_step(name: str, ways: FindWays | None = None) -> None:
    """Let pages offer a step (discuss, improve or vote), once something can be done in it.

    Called at start-up by the step of the product that does it. `ways` returns the ways it can go, in the language in
    force and the usual one first; without it there is one, without options.
    """
    _registered[name] = ways


def offered_steps(kept: Sequence[rules.Step] = ()) -> list[OfferedStep]:
    """Return the steps a page may offer, in the order of their usual course, named in the reader's language.

    Steps a challenge has already that are not among them follow, so that nothing kept is lost.
    """
    found: list[OfferedStep] = []
    for name in (name for name in rules.ALLOWS if name in _registered):
        label, ways = str(Stage.Name(name).label), _registered[name]
        if ways is None:
            found.append(OfferedStep(name, label, name, {}))
        else:
            found += [OfferedStep(f"{name}:{way.code}", f"{label}: {way.label}", name, way.options) for way in ways()]
    for place, step in enumerate(kept):
        if not any(one.is_of(step) for one in found):
            found.append(OfferedStep(f"kept:{place}", str(Stage.Name(step.name).label), step.name, step.options))
    return found


def steps_from(template: ChallengeTemplate | None) -> list[rules.Step]:
    """Return the steps a template begins with, of those a page may offer, each the usual way."""
    usual = {one.name: dict(one.options) for one in reversed(offered_steps())}
    planned = template.steps if template else []
    return [rules.Step(**step, options=usual[step["name"]]) for step in planned if step["name"] in usual]


def step_changes_in(key: str) -> list[ShownStepChange]:
    """Return how the steps of the challenge with this key changed, oldest first, in the reader's language."""
    return [
        ShownStepChange(
            change.changed_at,
            rules.steps_in_words(rules.read_steps(change.steps_before)),
            rules.steps_in_words(rules.read_steps(change.steps_after)),
            change.reason,
        )
        for change in StepChange.objects.filter(challenge__key=key).order_by("changed_at", "pk")
    ]


def is_extended_by_rule(challenge: Challenge) -> bool:
    """Say whether the deadline of a challenge was moved out by its rule: nobody did it by hand."""
    return TimetableChange.objects.filter(challenge=challenge, changed_by=None).exists()


def moving_by_rule(at: datetime) -> QuerySet[Challenge]:
    """Return open challenges that have a rule by which their deadline moves."""
    running = Challenge.objects.filter(status=Challenge.Status.PUBLISHED, opens_at__lte=at, closes_at__gt=at)
    return running.exclude(auto_moves={}).order_by("closes_at", "pk")
