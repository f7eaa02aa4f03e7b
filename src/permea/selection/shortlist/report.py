"""The report as one HTML file that needs nothing else: no network, no script, light and dark, fit to print."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils import translation
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from permea.selection.shortlist import wording
from permea.selection.shortlist.drawing import Dot, Drawing, draw_dots
from permea.selection.shortlist.model import JudgeRow, RankedIdea, Shortlist, Use
from permea.surface import formats

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
DRAWN = 60  # ideas in the chart
JUDGES_DRAWN = 40
FAULTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """A budget with the length of its bar, of 100."""

    use: Use
    length: float


def render_report(found: Shortlist, *, version: str) -> str:
    """Return the report in the language in force."""
    style = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    template = _environment().get_template("selection/shortlist_report.html")
    return template.render(
        found=found,
        style=Markup("<style>{}</style>").format(Markup(style)),  # noqa: S704 - our own file
        version=version,
        words=wording,
        idea_chart=_idea_chart(found),
        judge_chart=_judge_chart(found),
        judges=found.judges if len(found.judges) <= JUDGES_DRAWN else _extreme_judges(found.judges),
        bars=[] if found.choice is None else [_bar(use) for use in found.choice.uses],
        faults=found.inputs.faults[:FAULTS_SHOWN],
        is_cut=len(found.ideas) > DRAWN,
        has_cost=any(row.idea.cost is not None for row in found.ideas),
        has_days=any(row.idea.days is not None for row in found.ideas),
        has_bucket=any(row.idea.bucket for row in found.ideas),
        has_stability=any(row.stability is not None for row in found.ideas),
        has_influence=any(row.n_changes is not None for row in found.judges),
    )


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        translation.gettext, translation.ngettext, newstyle=True
    )
    env.policies["ext.i18n.trimmed"] = True
    env.filters.update(formats.FILTERS)
    env.globals["language"] = translation.get_language
    return env


def _idea_chart(found: Shortlist) -> Drawing | None:
    dots = [dot for row in found.ideas[:DRAWN] if (dot := _idea_dot(row)) is not None]
    return draw_dots(dots, rule=None if found.choice is None else found.choice.bar) if dots else None


def _idea_dot(row: RankedIdea) -> Dot | None:
    if row.score is None or row.lower is None or row.upper is None:
        return None
    text = f"{formats.number(row.score, 2)} ({formats.number(row.lower, 2)} – {formats.number(row.upper, 2)})"
    return Dot(f"{row.rank} · {row.idea.title}", row.score, row.lower, row.upper, row.is_chosen, text)


def _judge_chart(found: Shortlist) -> Drawing | None:
    dots = [
        Dot(row.name, row.severity, row.lower, row.upper, bool(row.leaning), wording.signed(row.severity))
        for row in _extreme_judges(found.judges)
        if row.severity is not None and row.lower is not None and row.upper is not None
    ]
    return draw_dots(dots, rule=0.0) if dots else None


def _extreme_judges(judges: tuple[JudgeRow, ...]) -> tuple[JudgeRow, ...]:
    """Return all judges, or where there are too many the harshest and the kindest."""
    if len(judges) <= JUDGES_DRAWN:
        return judges
    return judges[: JUDGES_DRAWN // 2] + judges[-JUDGES_DRAWN // 2 :]


def _bar(use: Use) -> Bar:
    share = use.used / use.limit if use.limit else 0.0
    return Bar(use, round(100 * min(1.0, share), 1))
