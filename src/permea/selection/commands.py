"""`permea shortlist`: two tables in, a certified shortlist out, without a server or a database."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import click

FILE = click.Path(path_type=Path)
IMPOSSIBLE, UNUSABLE = 1, 2
DELAY = 1.0  # seconds after which progress is shown
STEPS_WITH_LIMITS, STEPS = 7, 4
PLAIN_WIDTH = 120  # columns where the output goes to a file


@click.command()
@click.argument("ideas", type=FILE)
@click.argument("reviews", type=FILE)
@click.option("--limits", type=FILE, help="TOML or JSON file: money, days, n_most, buckets and more.")
@click.option("--top", type=click.IntRange(min=1), help="How many are wanted at most; 5 where there are no limits.")
@click.option("--out", type=FILE, default=Path("shortlist"), show_default=True, help="Folder for the three files.")
@click.option("--map", "both", multiple=True, metavar="FIELD=COLUMN", help="Which column holds a field.")
@click.option("--ideas-map", multiple=True, metavar="FIELD=COLUMN", help="The same, for IDEAS only.")
@click.option("--reviews-map", multiple=True, metavar="FIELD=COLUMN", help="The same, for REVIEWS only.")
@click.option(
    "--lang",
    type=click.Choice(["en", "de", "es", "fr", "it"]),
    default="en",
    show_default=True,
    help="Language of the output.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Source of the random draws.")
def shortlist(  # noqa: PLR0917 - click gives each option by name
    ideas: Path,
    reviews: Path,
    limits: Path | None,
    top: int | None,
    out: Path,
    both: tuple[str, ...],
    ideas_map: tuple[str, ...],
    reviews_map: tuple[str, ...],
    lang: str,
    seed: int,
) -> None:
    """Rank ideas by their reviews and choose the best set.

    IDEAS and REVIEWS are CSV, XLSX, JSON Lines or Parquet files. IDEAS has a row for each idea: its name or number,
    and if you like title, cost, days and bucket. REVIEWS has a row for each review: idea, judge and a column for each
    criterion; or a row for each score: idea, judge, criterion, score. Columns are found by their headings, in English
    or German. --map says otherwise: its fields are idea, title, cost, days, bucket, judge, criterion, score, and
    criteria for several columns separated by commas.

    Writes shortlist.csv, report.html and result.json. Ends with 1 if the limits cannot hold together, and with 2 if a
    file cannot be used.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are small: a second thread would only wait
    with _speaking(lang), _progress(STEPS_WITH_LIMITS if limits else STEPS) as step:
        from permea.selection import shortlist as job  # noqa: PLC0415 - a second to load, which --help need not pay
        from permea.surface.tables import TableError, parse_map  # noqa: PLC0415

        try:
            choices = job.share_out(parse_map(both), parse_map(ideas_map), parse_map(reviews_map))
            wanted = job.read_limits(limits) if limits else job.Limits()
            inputs = job.read_inputs(ideas, reviews, choices, step=step)
            found = job.compute_shortlist(inputs, wanted, top=top, seed=seed, step=step)
            paths = job.write_results(found, out, step=step)
        except (TableError, job.InfeasibleLimitsError) as error:
            step("")
            click.echo(str(error), err=True)
            sys.exit(UNUSABLE if isinstance(error, TableError) else IMPOSSIBLE)
        step("")
        job.print_shortlist(found, paths, width=None if sys.stdout.isatty() else PLAIN_WIDTH)


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    """Make gettext work in `language`, with bare settings where the product's are not in use: no database is needed."""
    import django  # noqa: PLC0415
    from django.apps import apps  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    if not settings.configured:
        locale = Path(__file__).resolve().parents[1] / "locale"
        settings.configure(USE_I18N=True, LOCALE_PATHS=[locale], LANGUAGE_CODE="en", USE_TZ=True)
    if not apps.ready:
        django.setup()
    with translation.override(language):
        yield


@contextmanager
def _progress(n_steps: int) -> Iterator[Callable[[str], None]]:
    """Give a function that says what comes next; after a second it shows in a bar, where there is a terminal.

    An empty text ends the bar.
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task("", total=n_steps, completed=-1)
    timer = Timer(DELAY, bar.start)
    timer.daemon = True
    timer.start()

    def step(text: str) -> None:
        bar.update(task, description=text, advance=1)
        if not text:
            timer.cancel()
            bar.stop()

    try:
        yield step
    finally:
        step("")


COMMANDS = [shortlist]
