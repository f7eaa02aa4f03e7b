"""Reading rankings: the facts they are computed from, the stored result, and what each reader sees of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge, Criterion
from permea.challenges.queries import criteria_of, managed_challenge
from permea.evaluation import rules
from permea.evaluation.models import Assignment, Comparison, Panel, Panelist, Ranking, Review, Score
from permea.evaluation.queries.panels import open_work_of, panel_of
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.surface.formats import chance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PAGE_SIZE = 60
OUTCOMES = {Comparison.Outcome.FIRST: 1.0, Comparison.Outcome.SECOND: -1.0, Comparison.Outcome.TIE: 0.0}


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The reviews in force of a challenge as arrays: row i is idea[i] judged by judge[i] with values[i]."""

    ideas: list[tuple[int, str, str]]
    judges: list[tuple[int, str, str]]
    criteria: list[Criterion]
    idea: NDArray[np.intp]
    judge: NDArray[np.intp]
    values: NDArray[np.float64]

    @property
    def sha256(self) -> str:
        """Return a fingerprint of the inputs: keys, weights and marks, not names."""
        import numpy as np  # noqa: PLC0415 - loads at first use

        digest = hashlib.sha256()
        head = {
            "ideas": [key for _pk, key, _title in self.ideas],
            "judges": [key for _pk, key, _label in self.judges],
            "criteria": [[one.key, str(one.weight)] for one in self.criteria],
        }
        digest.update(json.dumps(head, sort_keys=True).encode())
        for part in (self.idea, self.judge, self.values):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()


def review_facts(challenge: Challenge) -> ReviewFacts:
    """Return everything a ranking is computed from, in a fixed order."""
    import numpy as np  # noqa: PLC0415 - loads at first use: a server that ranks nothing needs 20 MB less

    ideas = list(
        Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)
        .order_by("submitted_at", "pk")
        .values_list("pk", "key", "title")
    )
    judges = list(Panelist.objects.filter(panel__challenge=challenge).order_by("pk").values_list("pk", "key", "label"))
    criteria = list(criteria_of(challenge))
    rows = list(
        Review.objects.filter(challenge=challenge, superseded_at__isnull=True, idea__status=Idea.Status.SUBMITTED)
        .order_by("submitted_at", "pk")
        .values_list("pk", "idea_id", "panelist_id")
    )
    idea_at = {pk: index for index, (pk, _key, _title) in enumerate(ideas)}
    judge_at = {pk: index for index, (pk, _key, _label) in enumerate(judges)}
    row_at = {pk: index for index, (pk, _idea, _judge) in enumerate(rows)}
    column_at = {criterion.pk: index for index, criterion in enumerate(criteria)}
    values = np.full((len(rows), len(criteria)), np.nan)
    marks = Score.objects.filter(review__challenge=challenge, review__superseded_at__isnull=True)
    for review_id, criterion_id, value in marks.values_list("review_id", "criterion_id", "value"):
        if review_id in row_at:
            values[row_at[review_id], column_at[criterion_id]] = value
    return ReviewFacts(
        ideas=ideas,
        judges=judges,
        criteria=criteria,
        idea=np.array([idea_at[idea] for _pk, idea, _judge in rows], dtype=np.intp),
        judge=np.array([judge_at[judge] for _pk, _idea, judge in rows], dtype=np.intp),
        values=values,
    )


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """The comparisons in force that tell something, as arrays: row i says how first[i] met second[i] before judge[i].

    An outcome is 1 where the first was preferred, -1 where the second was, 0 for a tie. Judges are (key, label); those
    of the public have no key.
    """

    ideas: list[tuple[int, str, str]]
    judges: list[tuple[str, str]]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    outcome: NDArray[np.float64]
    judge: NDArray[np.intp]

    @property
    def sha256(self) -> str:
        """Return a fingerprint of the inputs: keys and outcomes, not names; the public is numbered."""
        import numpy as np  # noqa: PLC0415 - loads at first use

        head = {"ideas": [key for _pk, key, _title in self.ideas], "judges": [key for key, _label in self.judges]}
        digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
        for part in (self.first, self.second, self.outcome, self.judge):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()


def telling_comparisons(challenge: Challenge) -> QuerySet[Comparison]:
    """Return the comparisons in force of entries that are in force; "cannot judge" tells nothing."""
    submitted = Idea.Status.SUBMITTED
    return Comparison.objects.filter(
        challenge=challenge, retracted_at__isnull=True, first__status=submitted, second__status=submitted
    ).exclude(outcome=Comparison.Outcome.CANNOT_JUDGE)


def comparison_facts(challenge: Challenge) -> ComparisonFacts:
    """Return every comparison that a ranking is computed from, in a fixed order."""
    import numpy as np  # noqa: PLC0415 - loads at first use

    ideas = list(
        Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)
        .order_by("submitted_at", "pk")
        .values_list("pk", "key", "title")
    )
    columns = ("first_id", "second_id", "outcome", "panelist_id", "person_id")
    rows = list(telling_comparisons(challenge).order_by("made_at", "pk").values_list(*columns))
    seats = {pk: (key, label) for pk, key, label in Panelist.objects.filter(panel__challenge=challenge).values_list(
        "pk", "key", "label").order_by("pk")}  # fmt: skip
    idea_at = {pk: index for index, (pk, _key, _title) in enumerate(ideas)}
    judge_at = {pair: index for index, pair in enumerate(dict.fromkeys((row[3], row[4]) for row in rows))}
    return ComparisonFacts(
        ideas=ideas,
        judges=[seats[seat] if seat else ("", "") for seat, _person in judge_at],
        first=np.array([idea_at[row[0]] for row in rows], dtype=np.intp),
        second=np.array([idea_at[row[1]] for row in rows], dtype=np.intp),
        outcome=np.array([OUTCOMES[row[2]] for row in rows], dtype=np.float64),
        judge=np.array([judge_at[row[3], row[4]] for row in rows], dtype=np.intp),
    )


@dataclass(frozen=True, slots=True)
class RankRow:
    """One idea's place in a ranking, as the page shows it."""

    key: str
    title: str
    rank: int | None
    score: float | None
    lower: float | None
    upper: float | None
    plain_mean: float | None
    n_reviews: int
    p_top_k: float
    group: int
    criterion_scores: list[float | None]
    n_comparisons: int = 0


@dataclass(frozen=True, slots=True)
class RankingView:
    """A stored ranking for a reader: rows, judges and the method's own words, or why it is withheld."""

    challenge: Challenge
    panel: Panel | None
    ranking: Ranking | None
    rows: list[RankRow]
    judges: list[dict[str, Any]]
    result: dict[str, Any]
    n_reviews_now: int
    n_open: int
    n_comparisons_now: int
    withheld: Refusal | None

    @property
    def is_stale(self) -> bool:
        """Say whether reviews or comparisons came in that the stored ranking does not hold yet."""
        if self.ranking is None:
            return False
        held = (self.ranking.n_reviews, self.ranking.n_comparisons)
        return held != (self.n_reviews_now, self.n_comparisons_now)

    @property
    def is_from_comparisons(self) -> bool:
        """Say whether the scores come from comparisons, and so lie on another scale than marks."""
        return self.ranking is not None and self.ranking.is_from_comparisons

    @property
    def is_live(self) -> bool:
        """Say whether the ranking can still change while somebody looks at it."""
        return self.challenge.status == Challenge.Status.PUBLISHED

    @property
    def state(self) -> str:
        """Return a mark of what is shown, other once anything else is to be shown."""
        refusal = self.withheld.code if self.withheld else ""
        return f"{self.ranking.pk if self.ranking else 0}-{self.n_reviews_now}-{self.n_comparisons_now}-{refusal}"


def latest_ranking(challenge: Challenge) -> Ranking | None:
    """Return the newest stored ranking, or None."""
    return Ranking.objects.filter(challenge=challenge).order_by("-computed_at", "-pk").first()


def n_facts_ranked(challenge_id: int) -> tuple[int, int]:
    """Return how many reviews and comparisons the newest stored ranking holds, none if there is no ranking."""
    newest = Ranking.objects.filter(challenge=challenge_id).order_by("-computed_at", "-pk")
    return newest.values_list("n_reviews", "n_comparisons").first() or (0, 0)


def challenges_with_due_ranking() -> list[int]:
    """Return the challenges (row numbers) whose ranking does not hold all reviews yet."""
    return list(Panel.objects.filter(ranking_is_due=True).order_by("pk").values_list("challenge_id", flat=True))


def ranking_for(actor: Person, challenge_key: str, *, at: datetime) -> RankingView:
    """Return the ranking for a manager. Raises Http404 for everybody else and while entries are sealed."""
    challenge = managed_challenge(actor, challenge_key)
    panel = panel_of(challenge)
    seats = list(Panelist.objects.filter(panel=panel).select_related("person")) if panel else []
    n_judges = sum(seat.joined_at is not None for seat in seats)
    owed = open_work_of(actor, challenge) if challenge.status == Challenge.Status.PUBLISHED else 0
    withheld = rules.why_not_begun(challenge, at=at)
    withheld = withheld or rules.why_not_see_ranking(owed, n_judges)
    ranking = None if withheld else latest_ranking(challenge)
    result = ranking.result if ranking else {}
    return RankingView(
        challenge=challenge,
        panel=panel,
        ranking=ranking,
        rows=[RankRow(**row) for row in result.get("ideas", [])],
        judges=_named(result.get("judges", []), seats),
        result=result,
        n_reviews_now=Review.objects.filter(
            challenge=challenge, superseded_at__isnull=True, idea__status=Idea.Status.SUBMITTED
        ).count(),
        n_open=Assignment.objects.filter(
            panelist__panel=panel,
            status=Assignment.Status.OPEN,
            draft__isnull=True,
            idea__status=Idea.Status.SUBMITTED,
        ).count(),
        n_comparisons_now=telling_comparisons(challenge).count(),
        withheld=withheld,
    )


def _named(judges: list[dict[str, Any]], seats: list[Panelist]) -> list[dict[str, Any]]:
    """Return the judges with the names only managers see."""
    people = {seat.key: seat.person.display_name for seat in seats if seat.person is not None}
    return [{**judge, "name": people.get(judge["panelist"], "")} for judge in judges]


def ranking_page(view: RankingView, number: int) -> Page[RankRow]:
    """Return as many ideas of the ranking as a page shows, beginning with the best; whole it is downloaded."""
    return Paginator(view.rows, PAGE_SIZE).get_page(number)


def chart_rows(view: RankingView, rows: Iterable[RankRow]) -> list[dict[str, Any]]:
    """Return ranked ideas as rows of the chart of dots and intervals."""
    return [
        {
            "label": row.title,
            "value": row.score,
            "lower": row.lower,
            "upper": row.upper,
            "group": row.group,
            "n": row.n_comparisons if view.is_from_comparisons else row.n_reviews,
            "href": reverse("ideas:detail", args=[row.key]),
            "note": _("%(chance)s in the best %(k)s") % {"chance": chance(row.p_top_k), "k": view.result["k"]},
            "tone": "accent" if row.rank <= view.result["k"] else "muted",
        }
        for row in rows
        if row.rank is not None and row.score is not None
    ]


def ranking_data(view: RankingView) -> dict[str, Any]:
    """Return the stored result with its provenance, ready to be written as JSON."""
    if view.ranking is None:
        return {"challenge": view.challenge.key, "ranking": None}
    return {
        "challenge": view.challenge.key,
        "ranking": view.ranking.key,
        "computed_at": view.ranking.computed_at.isoformat(),
        "engine_version": view.ranking.engine_version,
        "input_sha256": view.ranking.input_sha256,
        **view.ranking.result,
    }


def my_calibration(actor: Person, challenge: Challenge) -> dict[str, Any] | None:
    """Return the actor's own severity and agreement once their reviews are in: for their eyes only."""
    seat = Panelist.objects.filter(panel__challenge=challenge, person=actor).first()
    ranking = latest_ranking(challenge)
    if seat is None or ranking is None or open_work_of(actor, challenge):
        return None
    return next((judge for judge in ranking.result["judges"] if judge["panelist"] == seat.key), None)
