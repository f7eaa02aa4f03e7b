"""What customers say in the demo: a panel, one test that is closed and one that runs, a prototype in two rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.trials import services
from permea.trials.models import ConceptTest, CustomerPanel, Participant, Prototype, PrototypeRound, Suggestion

if TYPE_CHECKING:
    from permea.config.demo.story import Story
    from permea.people.models import Person

DAY = timedelta(days=1)
DAYS = 14  # that a round takes


@dataclass(slots=True)
class Asked:
    """What the firm has begun so far."""

    plan: dict[str, Any]
    words: dict[str, Any]
    panel: CustomerPanel | None = None
    tests: dict[str, ConceptTest] = field(default_factory=dict)
    prototype: Prototype | None = None
    rounds: list[PrototypeRound] = field(default_factory=list)


def ask_customers(story: Story) -> None:
    """Let the firm keep a panel of warehouse teams, show them three stations, and hand them the guiding light."""
    asked = Asked(story.content.plan["trials"], story.content.words["trials"])
    plan = asked.plan
    story.on(plan["day"], partial(_panel, story, asked))
    for number, name in enumerate(asked.words["members"]):
        story.on(plan["day"] + 0.1 + number / 8, partial(_join, asked, name, is_leaving=number == 0))
    for name in ("test", "running"):
        story.on(plan[name]["day"], partial(_test, story, asked, name))
    for number, ranks in enumerate(plan["test"]["likings"]):
        story.on(plan["test"]["day"] + 1 + number / 4, partial(_pick, asked, number, ranks))
    for number, fit in enumerate(plan["running"]["fits"]):
        story.on(plan["running"]["day"] + 0.2 + number / 2, partial(_judge, asked, number, fit))
    for number, row in enumerate(plan["rounds"]):
        story.on(row["day"], partial(_open_round, story, asked, number))
        for place, figures in enumerate(row["figures"]):
            story.on(row["day"] + 2 + place / 2, partial(_measure, asked, number, place, figures))
        story.on(row["day"] + 6.5, partial(_answer, story, asked, number))
        story.on(row["day"] + DAYS, partial(_tell, story, asked, number))


def _mara(story: Story) -> Person:
    """Return who manages the trials."""
    return story.persons["mara"]


def _panel(story: Story, asked: Asked, at: datetime) -> None:
    """Begin the panel."""
    said = services.PanelInput(**asked.words["panel"], language=story.content.language, is_joinable=True)
    asked.panel = services.create_panel(organisation=story.host, content=said, actor=_mara(story), at=at)


def _join(asked: Asked, name: str, at: datetime, *, is_leaving: bool) -> None:
    """Let somebody join and agree, or leave again."""
    assert asked.panel is not None  # noqa: S101 - the step before made it
    seed = f"{asked.panel.key} {name}"
    member = services.ask_to_join(panel_id=asked.panel.pk, name=name, email="", seed=seed, at=at)
    services.agree(member_id=member.pk, version=1, at=at)
    if is_leaving:
        services.leave(member_id=member.pk, at=at)


def _test(story: Story, asked: Asked, name: str, at: datetime) -> None:
    """Show drawings to the panel and to whoever has the link."""
    plan, words = asked.plan[name], asked.words[name]
    content = services.ConceptInput(
        title=words["title"],
        intro=words["intro"],
        language=story.content.language,
        kind=plan["kind"],
        panel=asked.panel,
        takes_anyone=True,
        closes_at=at + plan["days"] * DAY,
    )
    test = services.draft_test(organisation=story.host, content=content, actor=_mara(story), at=at)
    for title, text in words["variants"]:
        said = services.VariantInput(title=title, text=text)
        services.add_variant(test_id=test.pk, content=said, actor=_mara(story))
    asked.tests[name] = services.open_test(test_id=test.pk, actor=_mara(story), at=at)


def _pick(asked: Asked, number: int, ranks: list[int], at: datetime) -> None:
    """Let somebody with the link choose by what they like most."""
    test = asked.tests["test"]
    place = services.begin(test_id=test.pk, seed=f"{test.key} {number}", at=at)
    for step, (left, right) in enumerate(place.plan):
        choice = "left" if ranks.index(left) < ranks.index(right) else "right"
        said = services.StepInput(step=step, choice=choice)
        services.answer_step(respondent_id=place.pk, said=said, at=at)


def _judge(asked: Asked, number: int, fit: int, at: datetime) -> None:
    """Let somebody with the link say whether they want the one drawing they are shown."""
    test = asked.tests["running"]
    place = services.begin(test_id=test.pk, seed=f"{test.key} {number}", at=at)
    said = services.StepInput(step=0, is_wanted=fit > 2, fit=fit)  # noqa: PLR2004 - the better half of five points
    services.answer_step(respondent_id=place.pk, said=said, at=at)


def _open_round(story: Story, asked: Asked, number: int, at: datetime) -> None:
    """Hand the guiding light out, for the first time or once more."""
    words = dict(asked.words["prototype"])
    told = words.pop("rounds")[number]
    if asked.prototype is None:
        said = services.PrototypeInput(**words, language=story.content.language)
        asked.prototype = services.create_prototype(
            organisation=story.host, content=said, actor=_mara(story), at=at
        )  # fmt: skip
    content = services.RoundInput(news=told["news"], panel=asked.panel, closes_at=at + DAYS * DAY)
    prototype_id = asked.prototype.pk
    asked.rounds.append(services.open_round(prototype_id=prototype_id, content=content, actor=_mara(story), at=at))


def _measure(asked: Asked, number: int, place: int, figures: list[int], at: datetime) -> None:
    """Let somebody of the panel measure before and after, and say what they would change."""
    participant = Participant.objects.filter(round=asked.rounds[number]).order_by("pk")[place]
    said = asked.words["prototype"]["rounds"][number]["said"]
    texts = said[place] if place < len(said) else {}
    services.save_before(participant_id=participant.pk, before=Decimal(figures[0]), at=at)
    feedback = services.FeedbackInput(after=Decimal(figures[1]), ease=3 + place % 3, **texts)
    services.give_feedback(participant_id=participant.pk, said=feedback, at=at)


def _answer(story: Story, asked: Asked, number: int, at: datetime) -> None:
    """Answer every suggestion within days."""
    suggestions = Suggestion.objects.filter(participant__round=asked.rounds[number]).order_by("pk")
    outcomes, words = asked.plan["rounds"][number]["outcomes"], asked.words["prototype"]["rounds"][number]["answers"]
    for suggestion, outcome, said in zip(suggestions, outcomes, words, strict=True):
        services.answer_suggestion(
            suggestion_id=suggestion.pk, outcome=outcome, words=said, actor=_mara(story), at=at
        )  # fmt: skip


def _tell(story: Story, asked: Asked, number: int, at: datetime) -> None:
    """Tell everybody what was changed, now that the round is closed."""
    services.tell_answers(round_id=asked.rounds[number].pk, actor=_mara(story), at=at)
