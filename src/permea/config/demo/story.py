"""The demo's story: dated steps, each one call of a service, told in the order of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle
from typing import Any

from permea.agreements.queries import current_terms
from permea.challenges import services as challenges
from permea.challenges.models import Challenge, Criterion
from permea.config.demo.agreeing import agree
from permea.config.demo.allying import ally
from permea.config.demo.asking import ask
from permea.config.demo.booking import book
from permea.config.demo.boxes import open_box
from permea.config.demo.building import build
from permea.config.demo.choosing import choose
from permea.config.demo.comparing import compare
from permea.config.demo.content import Content
from permea.config.demo.handing import hand_over
from permea.config.demo.marks import chance, mark, verdict
from permea.config.demo.partners import know_partners
from permea.config.demo.placing import place
from permea.config.demo.risks import keep_risks
from permea.config.demo.showing import show_items
from permea.config.demo.talking import plan_talk
from permea.config.demo.team import join_team, person_of
from permea.config.demo.trials import ask_customers
from permea.config.demo.voting import plan_votes
from permea.config.demo.writing import hand_in, read_on, write_together
from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment
from permea.ideas import services as ideas
from permea.ideas.models import Idea, IdeaBox, Posting
from permea.people.models import Organisation, Person
from permea.selection import services as selection
from permea.selection.models import Award
from permea.strategy.models import Goal
from permea.strategy.services import record_reading, set_goal

Step = tuple[datetime, Callable[[datetime], None]]
DAY = timedelta(days=1)
TAKEN_OVER = ("n_winners", "hours_limit", "public_compares", "auto_moves", "steps", "room_fields")
DATES = {"opens_at": "published", "closes_at": "closes", "decide_by": "decide_by", "answer_by": "answer_by"}


@dataclass(slots=True)
class Story:
    """What is told so far, and the steps still to tell."""

    content: Content
    start: datetime
    steps: list[Step] = field(default_factory=list)
    persons: dict[str, Person] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    challenges: dict[str, Challenge] = field(default_factory=dict)
    ideas: dict[str, Idea] = field(default_factory=dict)
    boxes: dict[str, IdeaBox] = field(default_factory=dict)
    postings: dict[str, Posting] = field(default_factory=dict)
    firm: Organisation | None = None

    def on(self, day: float, action: Callable[[datetime], None]) -> None:
        """Plan an action for so many days from the demo's present (negative: before it)."""
        self.steps.append((self.start + day * DAY, action))

    @property
    def host(self) -> Organisation:
        """Return the firm, once it is founded."""
        assert self.firm is not None  # noqa: S101 - the first step founds it
        return self.firm

    @property
    def owner(self) -> Person:
        """Return who owns the firm."""
        return self.persons["owner"]


def told(content: Content, at: datetime) -> Story:
    """Return the whole story, its steps in the order of time."""
    story = Story(content, at)
    join_team(story)
    _goals(story)
    for name, plan in content.plan["challenges"].items():
        _challenge(story, name, plan)
    for tell in (
        open_box, ask_customers, agree, know_partners, show_items, hand_over, book, choose, place, ally, keep_risks,
        build,
    ):  # fmt: skip
        tell(story)
    story.steps.sort(key=lambda step: step[0])
    return story


def _goals(story: Story) -> None:
    """Set the firm's goals and record how they move."""
    for name, plan in story.content.plan["goals"].items():
        words = story.content.words["goals"][name]

        def setting(at: datetime, *, name: str = name, plan: dict[str, Any] = plan, words: Any = words) -> None:
            story.goals[name] = set_goal(
                organisation=story.host,
                kind=plan["kind"],
                baseline=Decimal(plan["baseline"]),
                target=Decimal(plan["target"]),
                baseline_on=at.date(),
                target_on=(story.start + plan["due"] * DAY).date(),
                outside_share=plan["outside_share"],
                owner=story.owner,
                actor=story.owner,
                at=at,
                **words,
            )

        story.on(plan["day"], setting)
        for day, value in plan["readings"]:

            def reading(at: datetime, *, name: str = name, value: str = value) -> None:
                record_reading(
                    goal_id=story.goals[name].pk, on=at.date(), value=Decimal(value), note="", actor=story.owner, at=at
                )

            story.on(day, reading)


def _challenge(story: Story, name: str, plan: dict[str, Any]) -> None:
    """Plan one challenge as far as its state goes: draft, open, in review, decided or archived."""
    story.on(plan["drafted"], lambda at: _draft(story, name, plan, at))
    if "published" not in plan:
        return
    story.on(plan["published"], lambda at: _publish(story, name, at))
    entries = plan["entries"]
    for index, entry in enumerate(entries):
        span = min(plan["closes"], 0) - plan["published"]
        day = plan["published"] + span * (0.06 + 0.92 * (index + 0.5) / len(entries))
        story.on(day, partial(_enter, story, name, entry))
    for question in plan.get("questions", ()):
        story.on(question["day"], partial(_ask, story, name, question))
    plan_talk(story, name, plan)
    plan_votes(story, name, plan)
    if "panel" not in plan:
        return
    story.on(plan["published"] + 0.5, lambda at: _seat_panel(story, name, plan["panel"], at))
    story.on(plan["closes"], lambda at: _close(story, name, at))
    _reviews(story, name, plan)
    if "limits" in plan:
        story.on(-0.04, lambda at: _estimate(story, name, plan, at))
    if "decided" in plan:
        story.on(plan["decided"], lambda at: _decide(story, name, plan, at))
        _aftermath(story, name, plan)
    if "archived" in plan:
        story.on(
            plan["archived"],
            lambda at: _ignore(challenges.archive(challenge_id=story.challenges[name].pk, actor=story.owner, at=at)),
        )


def _ignore(value: object) -> None:
    """Drop a result, so that a step returns nothing."""
    del value


def _draft(story: Story, name: str, plan: dict[str, Any], at: datetime) -> None:
    """Draft a challenge from its template, with the firm's own words over it."""
    words = story.content.words["challenges"][name]
    challenge = challenges.draft_challenge(
        organisation=story.host,
        template=plan["template"],
        title=words["title"],
        goal=story.goals[plan["goal"]],
        actor=story.owner,
        at=at,
        language=story.content.language,
    )
    fields: dict[str, Any] = {
        **words,
        **{key: plan[key] for key in TAKEN_OVER if key in plan},
    }
    for key in ("prize_amount", "money_limit"):
        if key in plan:
            fields[key] = Decimal(plan[key])
    if "published" in plan:
        for key, day in DATES.items():
            fields[key] = story.start + plan[day] * DAY
        fields["ip_terms"] = current_terms(story.host, plan["ip"], story.content.language)
    story.challenges[name] = challenges.save_brief(challenge_id=challenge.pk, actor=story.owner, at=at, **fields)


def _publish(story: Story, name: str, at: datetime) -> None:
    """Publish a challenge."""
    draft = story.challenges[name]
    story.challenges[name] = challenges.publish_challenge(challenge_id=draft.pk, actor=story.owner, at=at)


def _enter(story: Story, name: str, entry: dict[str, Any], at: datetime) -> None:
    """Let a solver enter: accept the terms, write, hand in (or leave it a draft, or withdraw it)."""
    challenge, words = story.challenges[name], story.content.words["entries"][name][entry["id"]]
    solver = _solver(story, entry["by"], at)
    read_on(challenge, solver, entry["source"], at)
    texts = [terms.key for terms in (challenge.participation_terms, challenge.ip_terms) if terms]
    idea = ideas.enter_challenge(challenge_id=challenge.pk, actor=solver, accepted=texts, at=at)
    saved = ideas.save_draft(
        idea_id=idea.pk,
        actor=solver,
        at=at,
        title=words["title"],
        summary=words["summary"],
        body=words["body"],
        affiliation=story.content.words["people"][entry["by"]].get("affiliation", ""),
        source=entry["source"],
        country=entry["country"],
        language=story.content.language,
        asked_money=Decimal(entry["money"]),
        asked_days=Decimal(entry["days"]),
    )
    if entry.get("state") == "draft":
        return
    others = {_solver(story, name, at): share for name, share in entry.get("with", {}).items()}
    write_together(saved.idea, others, at)
    story.ideas[entry["id"]] = hand_in(saved.idea, others, at)
    if entry.get("state") == "withdrawn":
        ideas.withdraw_idea(idea_id=idea.pk, actor=solver, at=at + timedelta(hours=2))


def _ask(story: Story, name: str, plan: dict[str, Any], at: datetime) -> None:
    """Let somebody outside ask about a challenge."""
    ask(story, name, _solver(story, plan["by"], at), plan, at)


def _solver(story: Story, name: str, at: datetime) -> Person:
    """Return an outside contributor, registered at their first step."""
    if name not in story.persons:
        story.persons[name] = person_of(story, name, at)
    return story.persons[name]


def _seat_panel(story: Story, name: str, panel: dict[str, Any], at: datetime) -> None:
    """Put the evaluators on the panel of a challenge."""
    challenge = story.challenges[name]
    evaluation.set_panel(challenge_id=challenge.pk, actor=story.owner, at=at, **panel["measures"])
    evaluation.seat_members(
        challenge_id=challenge.pk, persons=[story.persons[one] for one in panel["judges"]], actor=story.owner, at=at
    )


def _close(story: Story, name: str, at: datetime) -> None:
    """Let the deadline pass: entries are unsealed, compared with each other, and reviews dealt out."""
    challenges.tell_entries_closed(challenge_id=story.challenges[name].pk, at=at)
    ideas.find_pairs(challenge_id=story.challenges[name].pk, at=at)


def _reviews(story: Story, name: str, plan: dict[str, Any]) -> None:
    """Plan the reviews: each judge hands in one after the other, some leave a few open."""
    panel = plan["panel"]
    ends = plan.get("decided", -0.05)
    for judge, severity in panel["judges"].items():
        turns = panel["left_open"].get(judge, 0)
        n_most = len(plan["entries"]) * panel["measures"]["reviews_per_idea"] // len(panel["judges"]) + 12
        for turn in range(n_most):
            day = plan["closes"] + (ends - plan["closes"]) * (0.05 + 0.85 * turn / n_most)
            story.on(day, partial(_review, story, name, judge, severity, turns))
    for judge, n_pairs in panel.get("pairs", {}).items():
        for turn in range(n_pairs):
            day = plan["closes"] + (ends - plan["closes"]) * (0.1 + 0.8 * turn / n_pairs)
            story.on(day, partial(compare, story, name, judge))
    story.on(ends - 0.02, lambda at: _ignore(evaluation.compute_ranking(challenge_id=story.challenges[name].pk, at=at)))


def _review(story: Story, name: str, judge: str, severity: float, left_open: int, at: datetime) -> None:
    """Let a judge hand in the next review, unless only those are left that the story leaves open."""
    mine = Assignment.objects.filter(panelist__person=story.persons[judge], idea__challenge=story.challenges[name])
    waiting = list(mine.filter(status=Assignment.Status.OPEN).select_related("idea").order_by("position"))
    if len(waiting) <= left_open:
        return
    assignment = waiting[0]
    by_key = {idea.key: entry for entry, idea in story.ideas.items()}
    entry = by_key[assignment.idea.key]
    plan = next(one for one in story.content.plan["challenges"][name]["entries"] if one["id"] == entry)
    criteria = list(Criterion.objects.filter(challenge=story.challenges[name]).order_by("position"))
    marks = [
        mark(quality, severity, entry, judge, index)
        for index, quality in zip(range(len(criteria)), cycle(plan["quality"]), strict=False)
    ]
    kind = verdict(marks)
    sentences = story.content.words["reasons"][kind]
    told: dict[str, Any] = {"reader": story.persons[judge], "at": at}
    ideas.keep_readings(organisation_id=story.host.pk, keys=[assignment.idea.key], **told)
    evaluation.submit_review(
        assignment_id=assignment.pk,
        actor=story.persons[judge],
        scores={criterion.key: value for criterion, value in zip(criteria, marks, strict=True)},
        recommendation={"good": "yes", "middle": "maybe", "weak": "no"}[kind],
        reason=sentences[int((chance(entry, judge) + 1) / 2 * len(sentences)) % len(sentences)],
        private_note="",
        seconds_spent=95 + 10 * sum(marks),
        at=at,
    )


def _estimate(story: Story, name: str, plan: dict[str, Any], at: datetime) -> None:
    """Say what the entries would take, in which group they are, and what there is to spend."""
    challenge = story.challenges[name]
    estimates = {
        story.ideas[entry["id"]].key: selection.EstimateInput(
            Decimal(entry["money"]), Decimal(entry["days"]), story.content.words["buckets"][entry["bucket"]]
        )
        for entry in plan["entries"]
    }
    selection.save_estimates(challenge_id=challenge.pk, actor=story.owner, estimates=estimates, at=at)
    limits = selection.LimitsInput(
        money=Decimal(plan["limits"]["money"]), days=Decimal(plan["limits"]["days"]), n_most=plan["n_winners"]
    )
    selection.set_limits(challenge_id=challenge.pk, actor=story.owner, limits=limits, at=at)


def _decide(story: Story, name: str, plan: dict[str, Any], at: datetime) -> None:
    """Choose under limits, decide on every entry and tell everybody."""
    challenge = story.challenges[name]
    limits = selection.LimitsInput(money=Decimal(plan["money_limit"]), n_most=plan["n_winners"])
    selection.set_limits(challenge_id=challenge.pk, actor=story.owner, limits=limits, at=at)
    chosen = selection.compute_selection(challenge_id=challenge.pk, actor=story.owner, at=at)
    selection.settle_selection(selection_id=chosen.pk, actor=story.owner, at=at)
    decisions = {}
    for entry in plan["entries"]:
        if entry.get("state"):
            continue
        key = story.ideas[entry["id"]].key
        outcome, reason = ("award", "best_fit") if key in chosen.chosen else entry["otherwise"]
        decisions[key] = selection.DecisionInput(outcome, reason, story.content.words["answers"][outcome])
    selection.decide(challenge_id=challenge.pk, actor=story.owner, decisions=decisions, at=at)
    selection.release_answers(challenge_id=challenge.pk, actor=story.owner, at=at)


def _aftermath(story: Story, name: str, plan: dict[str, Any]) -> None:
    """After the answers: winners accept the rights text and are paid, somebody asks and is replied to."""

    def accept(at: datetime) -> None:
        for award in Award.objects.filter(decision__challenge=story.challenges[name]).select_related(
            "decision__idea__author"
        ):
            selection.accept_rights(award_id=award.pk, actor=award.decision.idea.author, at=at)

    def pay(at: datetime) -> None:
        for award in Award.objects.filter(decision__challenge=story.challenges[name]):
            selection.record_payment(award_id=award.pk, actor=story.owner, payment="paid", note="", at=at)

    def ask(at: datetime) -> None:
        idea = next(story.ideas[one["id"]] for one in plan["entries"] if one["id"] == plan["asks"])
        words = story.content.words["clarification"]
        answer = Idea.objects.get(pk=idea.pk).answer
        asked = selection.ask_clarification(answer_id=answer.pk, actor=idea.author, question=words["question"], at=at)
        selection.reply_clarification(
            clarification_id=asked.pk, actor=story.owner, reply=words["reply"], at=at + timedelta(hours=20)
        )

    def prove(at: datetime) -> None:
        idea = Idea.objects.filter(decision__award__isnull=False, challenge=story.challenges[name]).earliest("pk")
        selection.record_title_evidence(
            idea_id=idea.pk, kind="employer", person_key=idea.author.key, words=story.content.words["release"],
            document_sha256="", actor=story.owner, at=at,
        )  # fmt: skip

    story.on(plan["decided"] + 2, accept)
    story.on(plan["decided"] + 9, pay)
    if "asks" in plan:
        story.on(plan["decided"] + 3, ask)
        story.on(plan["decided"] + 12, prove)
