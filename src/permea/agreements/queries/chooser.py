"""Reading the chooser: its guide, the runs of a firm, a run as one side may see it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from permea.agreements import rules
from permea.agreements.models import Agreement, ChooserAnswers, ChooserRun
from permea.foundation.clock import SENT_TWICE
from permea.people.models import Organisation, Person
from permea.people.queries import managers_of, members_of, organisation_ids_of

GUIDE = Path(__file__).parents[1] / "data" / "chooser.toml"
SPOKEN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """What the guide says about one name, in one language."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What both sides see once both have handed in."""

    outcome: rules.Outcome
    kinds: list[str]
    options: list[Text]
    reasons: list[Text]
    differences: list[rules.Difference]
    both: list[tuple[Text, str, str]]
    lines: list[tuple[str, str]]
    clauses: dict[str, str]
    purposes: list[str]


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run as one side sees it: the guide, its own answers, and the comparison once there is one."""

    run: ChooserRun
    side: str
    questions: list[Text]
    names: dict[str, str]
    own: Mapping[str, str]
    is_handed_in: bool
    other_handed_in: bool
    compared: Compared | None
    earlier: list[tuple[int, Compared]]
    sources: list[dict[str, str]]

    @property
    def roles(self) -> tuple[Organisation, Organisation]:
        """Return who is the business and who the research side: the firm is the business unless it does research."""
        firm, partner = self.run.organisation, self.run.partner
        return (partner, firm) if firm.kind in rules.RESEARCH_KINDS else (firm, partner)


@cache
def _data() -> dict[str, Any]:
    """Return what the guide's file says; it is read once."""
    return tomllib.loads(GUIDE.read_text(encoding="utf-8"))


@cache
def guide() -> rules.Guide:
    """Return the rules of the guide."""
    data = _data()
    count = data["count"]
    return rules.Guide(
        questions=tuple(data["questions"]),
        kinds=tuple(_rule(name, row) for name, row in data["kinds"].items()),
        paths=tuple(_rule(name, row) for name, row in data["paths"].items()),
        counted=tuple(count["questions"]),
        **{name: count[name] for name in ("few", "many", "at_few", "at_many")},
    )


def _rule(name: str, row: Mapping[str, Any]) -> rules.Rule:
    """Return a rule of the file."""
    return rules.Rule(name, row["when"], tuple(row["gives"]))


def _say(texts: Mapping[str, str], language: str) -> str:
    """Return a text in this language, else in English."""
    return texts.get(language, texts[SPOKEN])


def compare(host: Mapping[str, str], partner: Mapping[str, str], language: str) -> Compared:
    """Return what follows from the answers of both sides, in words."""
    data, book = _data(), guide()
    both = rules.joined(book, host, partner)
    result = rules.outcome(book, both)
    options = [data["options"][name] for name in result.options]
    purposes = list(dict.fromkeys(each for kind in result.kinds for each in data["purposes"][kind]))
    for_what = (gettext("Purposes"), ", ".join(str(Agreement.Purpose(each).label) for each in purposes))
    return Compared(
        outcome=result,
        kinds=[str(Agreement.Kind(kind).label) for kind in result.kinds],
        options=[Text(name, _say(row["name"], language)) for name, row in zip(result.options, options, strict=True)],
        reasons=[Text(name, _say(_because(name, both), language)) for name in result.fired],
        differences=rules.differences(book, host, partner),
        both=[
            (Text(name, _say(row, language)), host.get(name, ""), partner.get(name, ""))
            for name, row in data["questions"].items()
        ],
        lines=[
            for_what,
            *((_say(row, language), _term(name, options, both, language)) for name, row in data["sheet"].items()),
        ],
        clauses=dict(options[0]["clauses"]) if result.is_one else {},
        purposes=purposes,
    )


def _because(name: str, both: Mapping[str, str]) -> dict[str, str]:
    """Return why a rule that holds, or an answer that counts, leads where it does, in all languages."""
    data = _data()
    rows: dict[str, Any] = {**data["kinds"], **data["paths"]}
    found: dict[str, str] = rows[name]["because"] if name in rows else data["counted"][name][both[name]]
    return found


def _term(name: str, options: list[dict[str, Any]], both: Mapping[str, str], language: str) -> str:
    """Return one line of the term sheet; what is open says each way it could be settled."""
    data = _data()
    if name in data["lines"]:
        ways, said = data["lines"][name], both.get(data["asks"].get(name, ""), "any")
        rows = [ways[said]] if said in ways else list(ways.values())
    else:
        rows = [row[name] for row in options]
    return " / ".join(dict.fromkeys(_say(row, language) for row in rows))


def sheet_text(run: ChooserRun, compared: Compared) -> str:
    """Return the term sheet as Markdown."""
    head = [
        f"# {run.title}",
        f"{run.organisation.name} · {run.partner.name}",
        gettext("A starting point for talks, not legal advice."),
    ]
    named = [
        (gettext("Kind of agreement"), " / ".join(compared.kinds)),
        (gettext("Owning and using the results"), " / ".join(each.text for each in compared.options)),
    ]
    lines = [f"**{label}:** {text}" for label, text in (*named, *compared.lines)]
    reasons = "\n".join(f"- {reason.text}" for reason in compared.reasons)
    return "\n\n".join([*head, *lines, "## " + gettext("Why"), reasons]) + "\n"


def _page(run: ChooserRun, side: str, language: str) -> RunPage:
    """Return the run for one side: of the other side's answers only whether they are there, until both are."""
    given = {(row.round, row.side): row for row in run.answers.all()}
    rounds = {number: [given.get((number, each)) for each in ("host", "partner")] for number in range(1, run.round + 1)}
    compared = {
        number: compare(host.answers, partner.answers, language)
        for number, (host, partner) in rounds.items()
        if host and partner and host.handed_in_at and partner.handed_in_at
    }
    own = given.get((run.round, side))
    other = given.get((run.round, "partner" if side == "host" else "host"))
    questions = [Text(name, _say(row, language)) for name, row in _data()["questions"].items()]
    before = own or given.get((run.round - 1, side))
    return RunPage(
        run=run,
        side=side,
        questions=questions,
        names={row.name: row.text for row in questions},
        own=before.answers if before else {},
        is_handed_in=bool(own and own.handed_in_at),
        other_handed_in=bool(other and other.handed_in_at),
        compared=compared.get(run.round),
        earlier=[(number, one) for number, one in sorted(compared.items(), reverse=True) if number < run.round],
        sources=_data()["sources"],
    )


def chooser_runs(actor: Person, organisation: Organisation) -> QuerySet[ChooserRun]:
    """Return the runs of a firm for its people, the newest first, with what was handed in."""
    del actor
    runs = ChooserRun.objects.filter(organisation=organisation).select_related("partner", "agreement")
    return runs.prefetch_related("answers").order_by("-started_at", "-pk")


def chooser_begun_just_now(
    organisation: Organisation, title: str, partner_name: str, actor: Person, at: datetime
) -> ChooserRun | None:
    """Return the run of this title with a partner of this name that the same person began just now, or None."""
    same = ChooserRun.objects.filter(
        organisation=organisation, title=title, partner__name=partner_name, started_by=actor,
        started_at__gt=at - SENT_TWICE,
    )  # fmt: skip
    return same.order_by("-pk").first()


def people_in_chooser(run: ChooserRun, *, of_firm: bool) -> list[Person]:
    """Return who answers on a side of a run: who manages the firm, everybody of the partner."""
    return managers_of(run.organisation) if of_firm else [seat.person for seat in members_of(run.partner)]


def host_chooser(actor: Person, organisation: Organisation, key: str, language: str) -> RunPage:
    """Return a run as the firm's people see it. Raises Http404 for another firm's."""
    runs = chooser_runs(actor, organisation).select_related("organisation", "partner", "agreement")
    return _page(get_object_or_404(runs, key=key), "host", language)


def guest_chooser(guest: Person, key: str, language: str) -> RunPage:
    """Return a run as the partner's people see it. Raises Http404 for everybody else."""
    runs = ChooserRun.objects.select_related("organisation", "partner").prefetch_related("answers")
    run = get_object_or_404(runs, key=key)
    if run.partner_id not in organisation_ids_of(guest):
        raise Http404
    return _page(run, "partner", language)


def chooser_data(person: Person) -> dict[str, Any]:
    """Return what a person answered for their side, for the download of their data."""
    rows = ChooserAnswers.objects.filter(answered_by=person).select_related("run").order_by("pk")
    return {
        "agreement_choosers": [
            {"run": row.run.title, "round": row.round, "side": row.side, "answers": row.answers} for row in rows
        ]
    }
