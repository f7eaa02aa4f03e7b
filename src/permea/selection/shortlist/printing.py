"""The shortlist on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich import box
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from permea.selection.shortlist import wording
from permea.selection.shortlist.model import RankedIdea, Shortlist
from permea.surface.formats import number, percent, plain_number

ROWS = 30  # printed at least, where there are so many
MOST_ROWS = 60
FAULTS = 20
TITLE, LEAST_TITLE = 1, 16  # the place of the titles, and the characters they keep
JUSTIFY: dict[int, JustifyMethod] = {TITLE: "left"}


def print_shortlist(found: Shortlist, paths: Sequence[Path], *, width: int | None = None) -> None:
    """Print what was guessed, the ranked ideas, the certificate, the judges, the warnings and the files written."""
    console = Console(width=width, highlight=False, soft_wrap=False)
    _print_sources(found, console)
    console.print(_table(found, console.width))
    left = len(found.ideas) - _n_rows(found)
    if left:
        console.print(
            ngettext("… and one more idea in shortlist.csv", "… and %(n)s more ideas in shortlist.csv", left)
            % {"n": number(left)},
            style="dim",
        )
    sections = [
        (_("Choice"), _choice(found)),
        (_("Certainty"), wording.certainty(found)),
        (_("Judges"), wording.judges(found)),
        (_("Method"), wording.method(found)),
    ]
    for heading, sentences in sections:
        console.print()
        console.print(Text(heading, style="bold"))
        for sentence in sentences:
            console.print(Text(f"  {sentence}"))
    _print_warnings(found, console)
    console.print()
    console.print(Text(_("Written: %(files)s") % {"files": ", ".join(map(str, paths))}), soft_wrap=True)


def _print_sources(found: Shortlist, console: Console) -> None:
    for source in found.inputs.sources:
        columns = ", ".join(f"{name} ← “{column}”" for name, column in source.columns.items())
        rows = ngettext("one row", "%(n)s rows", source.n_rows) % {"n": number(source.n_rows)}
        console.print(Text.assemble((source.name, "bold"), f"  {rows} ({source.kind}): {columns}"))
        for note in source.notes:
            if not any(note == _as_guess(name, column) for name, column in source.columns.items()):
                console.print(Text(f"  {note}", style="dim"))


def _as_guess(name: str, column: str) -> str:
    return _("“%(column)s” was taken as %(field)s.") % {"column": column, "field": name}


def _n_rows(found: Shortlist) -> int:
    last_chosen = max((place for place, row in enumerate(found.ideas, start=1) if row.is_chosen), default=0)
    return min(len(found.ideas), max(ROWS, min(MOST_ROWS, last_chosen)))


def _table(found: Shortlist, width: int) -> Table:
    """Return the first ranks as a table; of its columns only the title gives way where it is too wide."""
    rows = found.ideas[: _n_rows(found)]
    has_cost = any(row.idea.cost is not None for row in found.ideas)
    headings = [
        *(_("Rank"), _("Idea"), _("Score"), _("Interval"), _("P(top %(k)s)") % {"k": found.certainty.k}),
        *(_("Group"), _("Reviews"), *([_("Cost")] if has_cost else []), _("Chosen")),
    ]
    cells = [_cells(row, has_cost=has_cost) for row in rows]
    widths = [max(cell_len(str(line[place])) for line in [headings, *cells]) for place in range(len(headings))]
    widths[TITLE] = max(LEAST_TITLE, min(widths[TITLE], width - sum(widths) + widths[TITLE] - 3 * len(headings) - 1))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        justify = JUSTIFY.get(place, "center" if place == len(headings) - 1 else "right")
        table.add_column(heading, justify=justify, width=widths[place], no_wrap=True, overflow="ellipsis")
    for place, row in enumerate(rows):
        is_last_of_group = place + 1 < len(rows) and rows[place + 1].group != row.group
        style = "bold" if row.is_chosen else ""
        table.add_row(*map(Text, cells[place]), style=style, end_section=is_last_of_group)
    return table


def _cells(row: RankedIdea, *, has_cost: bool) -> list[str]:
    name = row.idea.title if row.idea.title == row.idea.key else f"{row.idea.key} {row.idea.title}"
    cost = [plain_number(row.idea.cost)] if has_cost else []
    title = " ".join(name.split())
    if row.rank is None:
        return ["–", title, "", _("no review"), "", "", "0", *cost, ""]
    return [
        str(row.rank),
        title,
        number(row.score, 2),
        f"{number(row.lower, 2)} – {number(row.upper, 2)}",
        percent(row.p_top),
        str(row.group),
        str(row.n_reviews),
        *cost,
        "●" if row.is_chosen else "",
    ]


def _choice(found: Shortlist) -> list[str]:
    if found.choice is None:
        k = found.certainty.k
        text = ngettext(
            "No limits were given: the idea with the highest score is chosen.",
            "No limits were given: the %(k)s ideas with the highest scores are chosen.",
            k,
        )
        return [text % {"k": k}]
    n_chosen = len(found.chosen)
    count = ngettext("One idea is chosen.", "%(n)s ideas are chosen.", n_chosen) % {"n": n_chosen}
    choice = found.choice
    return [f"{count} {wording.certificate(choice)}", *wording.uses(choice), *wording.alternatives(choice)]


def _print_warnings(found: Shortlist, console: Console) -> None:
    faults = found.inputs.faults
    if not found.warnings and not faults:
        return
    console.print()
    n = len(faults)
    heading = ngettext(
        "Warnings: one row was not used as it stands", "Warnings: %(n)s cells or rows were not used as they stand", n
    )
    console.print(Text(heading % {"n": number(n)} if n else _("Warnings"), style="bold yellow"))
    for text in (*found.warnings, *map(str, faults[:FAULTS])):
        console.print(Text(f"  {text}"))
    if n > FAULTS:
        rest = {"n": number(n - FAULTS)}
        console.print(Text("  " + _("… and %(n)s more; result.json lists every one.") % rest, style="dim"))
