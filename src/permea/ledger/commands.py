"""`permea verify`, `permea check-ledger` and `permea rotate-key`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from permea.ledger import verifier
from permea.ledger.verifier import Problem, Report, UnusableError

SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An earlier receipt, export or dossier that must not be contradicted; may be given again.",
)
@click.option("--key", multiple=True, help="Id of a signing key you trust; other keys are refused.")
def verify(file: Path, against: tuple[Path, ...], key: tuple[str, ...]) -> None:
    """Check a ledger export, a receipt or a dossier, offline.

    Ends with 0 if all is well, 1 if something is wrong (the first bad entry comes first), 2 if FILE cannot be checked.
    """
    out, err = Console(highlight=False), Console(stderr=True, highlight=False)
    try:
        report = _check(file, against, key, err)
    except UnusableError as error:
        err.print(Text(str(error), style="red"))
        sys.exit(2)
    for problem in report.problems[:SHOWN]:
        out.print(_line(problem), soft_wrap=True)
    if len(report.problems) > SHOWN:
        out.print(f"… and {len(report.problems) - SHOWN} more problems.")
    if not report.are_signatures_checked:
        err.print(Text("Signatures could not be checked: install the package cryptography.", style="red"))
    out.print(_summary(file, report), soft_wrap=True)
    sys.exit(verifier.exit_code(report))


def _check(file: Path, against: tuple[Path, ...], key: tuple[str, ...], err: Console) -> Report:
    """Check the file, with a bar that shows how far it is."""
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("Checking", total=None)
        return verifier.verify_file(
            file,
            against=against,
            trusted=key,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _line(problem: Problem) -> Text:
    """Return one line of the list of problems."""
    where = "file" if problem.number is None else f"entry {problem.number}"
    return Text.assemble(("✗ ", "red"), (f"{where}: ", "bold"), problem.text, (f" [{problem.code}]", "dim"))


def _summary(file: Path, report: Report) -> Text:
    """Return the last line: what was checked, how it went, which keys signed it."""
    n_problems = len(report.problems)
    found = ("no problems", "green") if report.ok else (f"{n_problems} problems" if n_problems else "unsigned", "red")
    signed = f"; signed with {', '.join(report.keys)}" if report.keys else ""
    return Text.assemble(f"{file}: {report.kind}, {report.checked} entries checked, ", found, signed)


@click.command("rotate-key")
def rotate_key() -> None:
    """Let a new signing key take over from the one in use.

    The old key vouches for the new one. Back up the folder "keys" of the data folder afterwards.
    """
    from permea.foundation.clock import now  # noqa: PLC0415 - `permea verify` needs no database
    from permea.ledger import services  # noqa: PLC0415 - `permea verify` needs no database

    key = services.rotate_key(at=now())
    endorsed = f", endorsed by {key.endorsed_by}" if key.endorsed_by else ""
    click.echo(f"The key {key.key_id} signs from now on{endorsed}.")


@click.command("check-ledger")
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Heads, a receipt, an export or a dossier from before that must not be contradicted; may be given again.",
)
@click.option("--key", multiple=True, help="Id of a signing key you trust; papers signed by others are refused.")
def check_ledger(against: tuple[Path, ...], key: tuple[str, ...]) -> None:
    """Check every ledger of this instance where it is stored, for example after a restore.

    Ends with 0 if all is well, 1 if something is wrong (the first bad entry comes first), 2 if a paper cannot be used.
    """
    from permea.ledger import queries  # noqa: PLC0415 - `permea verify` needs no database

    out, err = Console(highlight=False), Console(stderr=True, highlight=False)
    try:
        earlier = {str(path): verifier.sound_file(path, trusted=key) for path in against}
    except UnusableError as error:
        err.print(Text(str(error), style="red"))
        sys.exit(2)
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("Checking", total=None)
        checks = queries.check_chains(
            earlier, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    for check in checks:
        for problem in check.problems[:SHOWN]:
            out.print(_line(problem), soft_wrap=True)
        found = ("no problems", "green") if not check.problems else (f"{len(check.problems)} problems", "red")
        out.print(Text.assemble(f"{check.organisation.name}: {check.checked} entries checked, ", found), soft_wrap=True)
    sys.exit(1 if any(check.problems for check in checks) else 0)


COMMANDS = [verify, check_ledger, rotate_key]
