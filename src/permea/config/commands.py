"""Commands that put the whole instance to work."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from permea.foundation.clock import now

console = Console(highlight=False)
QUIET_SECONDS = 1.0  # what takes no longer shows no bar


def missing_changes() -> tuple[MigrationExecutor, list[tuple[Any, bool]]]:
    """Return what the database lacks, and what makes it.

    Raises ClickException for a database that does not answer, and for one that stopped midway among changes that have
    been joined since.
    """
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        why = str(error).strip().partition("\n")[0]
        raise click.ClickException(f"The database does not answer ({why}). DATABASE_URL says where it is.") from error
    loader = executor.loader
    for name, joined in loader.replacements.items():
        if name not in loader.applied_migrations and any(one in loader.applied_migrations for one in joined.replaces):
            raise click.ClickException(
                f"The database stopped midway among older changes of {name[0]}, which this version no longer takes"
                " apart. Nothing was touched. Serve it once with the version before this one, then with this one."
            )
    return executor, executor.migration_plan(executor.loader.graph.leaf_nodes())


def demand_database() -> None:
    """Refuse to work on a database that the server has not made ready."""
    _executor, missing = missing_changes()
    if missing:
        raise click.ClickException(
            f"The database is not ready: {len(missing)} changes are missing. `permea serve` makes them."
        )


def migrate() -> None:
    """Bring the database up to date, with a bar where there is something to do."""
    executor, plan = missing_changes()
    if not plan:
        return
    with bar() as progress:
        task = progress.add_task("Preparing the database", total=len(plan))

        def step(action: str, *args: object) -> None:
            if action == "apply_success":
                progress.advance(task)
            del args

        executor.progress_callback = step
        executor.migrate(executor.loader.graph.leaf_nodes(), plan)
    call_command("migrate", verbosity=0, interactive=False)
    if "DatabaseCache" in settings.CACHES["default"]["BACKEND"]:
        call_command("createcachetable", verbosity=0)


def bar() -> Progress:
    """Return a progress bar with a count and the time left."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )


def collect_static() -> None:
    """Copy style sheets and scripts to where the web server serves them from, if they changed."""
    call_command("collectstatic", verbosity=0, interactive=False)


def demand_free_address() -> None:
    """Refuse to start where something answers already: the web server itself would share the port without a word."""
    host, port = settings.ENV.bind
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Permea cannot listen on {host}:{port} ({error.strerror}). "
                "Stop what runs there, or name another address, for example PERMEA_BIND=127.0.0.1:8001."
            ) from None


def run_server() -> None:
    """Replace this process by the web server, with the job worker inside."""
    host, port = settings.ENV.bind
    os.environ["PERMEA_RUN_WORKER"] = "1" if settings.ENV.worker else "0"
    os.environ["PERMEA_DATA_DIR"] = str(settings.DATA_DIR)
    arguments = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(settings.ENV.processes), "--blocking-threads", str(settings.ENV.threads),
        "--backpressure", str(settings.ENV.threads * 16), "--no-ws", "--log-level", "error",
        "--respawn-failed-workers",
        "permea.config.wsgi:application",
    ]  # fmt: skip
    connection.close()
    sys.stdout.flush()
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter and arguments


def tell_about_mail() -> None:
    """Say where mails go when there is no mail server."""
    if settings.MAIL_IS_KEPT:
        console.print(
            f"No mail server is set: mails are not sent; the owner reads them at [bold]{settings.BASE_URL}/mails/[/]. "
            "Set PERMEA_MAIL_URL to send them."
        )


@click.command()
def serve() -> None:
    """Bring the database up to date and run web server and job worker in one process."""
    from permea.people.services import first_owner_link  # noqa: PLC0415 - after the apps are loaded

    demand_free_address()
    migrate()
    collect_static()
    console.print(f"Permea runs at [bold]{settings.BASE_URL}[/] (data: {settings.DATA_DIR}).")
    link = first_owner_link(at=now())
    if link:
        console.print(
            f"Nobody owns this instance yet. Become its owner: [bold]{settings.BASE_URL}{link}[/]", soft_wrap=True
        )
    tell_about_mail()
    run_server()


@click.command()
@click.option("--language", type=click.Choice(["en", "de"]), default=None, help="Load the firm in this language only.")
@click.option("--no-serve", is_flag=True, help="Load the demo, print the sign-ins and stop.")
def demo(language: str | None, *, no_serve: bool) -> None:
    """Load the demo firms, print the sign-ins and serve."""
    from permea.config.demo import load_demo, sign_ins  # noqa: PLC0415 - after the apps are loaded

    if not no_serve:
        demand_free_address()
    migrate()
    languages = (language,) if language else ("en", "de")
    with bar() as progress:
        task = progress.add_task("Loading the demo", total=None)

        def told(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        is_new = load_demo(languages=languages, at=now(), tell=told) > 0
        progress.update(task, visible=is_new)  # a bar at nought would look stuck
    collect_static()
    console.print(f"\nThe demo runs at [bold]{settings.BASE_URL}[/]. Sign in as:")
    for row in sign_ins(at=now()):
        console.print(f"  {row.who:<34} [bold]{settings.BASE_URL}{row.path}[/]", soft_wrap=True)
    tell_about_mail()
    if not no_serve:
        run_server()


@click.command()
def worker() -> None:
    """Run the job worker alone (with PERMEA_WORKER=no on the web processes)."""
    from permea.foundation.worker import run_worker  # noqa: PLC0415 - after the apps are loaded

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if missing_changes()[1]:
        console.print("The database is not ready yet; the job worker waits until `permea serve` has made it so.")
    while missing_changes()[1] and not stop.wait(2.0):
        pass
    console.print("The job worker runs.")
    run_worker(stop, now)


@click.command("sign-in")
@click.argument("email")
def sign_in(email: str) -> None:
    """Print a link that signs EMAIL in once within 15 minutes (for instances without a mail server)."""
    from permea.people.queries import person_by_email  # noqa: PLC0415 - after the apps are loaded
    from permea.people.services import sign_in_link  # noqa: PLC0415 - after the apps are loaded

    demand_database()
    person = person_by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    link = sign_in_link(person=person, at=now(), until=now() + timedelta(minutes=15))
    console.print(f"{settings.BASE_URL}{link}", soft_wrap=True)


@click.command()
def check() -> None:
    """Check this deployment and say what to mend; exit 1 if something must be mended."""
    from permea.config.selfcheck import findings  # noqa: PLC0415 - after the apps are loaded

    worst = 0
    for finding in findings(at=now()):
        mark, colour = {"ok": ("ok", "green"), "note": ("note", "yellow"), "mend": ("mend", "red")}[finding.level]
        console.print(f"[{colour}]{mark:>4}[/]  {finding.text}", soft_wrap=True)
        worst = max(worst, finding.level == "mend")
    sys.exit(worst)


@click.command("import")
@click.argument("challenge")
@click.argument("ideas", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("reviews", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--as", "email", required=True, help="Address of the owner or manager who imports.")
def import_table(challenge: str, ideas: Path, reviews: Path | None, email: str) -> None:
    """Import IDEAS (and REVIEWS) from CSV, XLSX, JSON Lines or Parquet into CHALLENGE: all rows or none."""
    from permea.config.transfer import import_files  # noqa: PLC0415 - after the apps are loaded

    demand_database()
    with _progress() as told:
        lines = list(
            import_files(challenge_key=challenge, ideas=ideas, reviews=reviews, email=email, at=now(), tell=told)
        )
    for line in lines:
        console.print(line, soft_wrap=True)


@click.command("import-comments")
@click.argument("challenge")
@click.argument("comments", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "source", default="", help="Where they were said; without it the name of the file.")
@click.option("--as", "email", required=True, help="Address of the owner or manager who imports.")
def import_comments(challenge: str, comments: Path, source: str, email: str) -> None:
    """Import COMMENTS on entries of CHALLENGE by people who have no account: all rows or none."""
    from permea.config.transfer import import_talk  # noqa: PLC0415 - after the apps are loaded

    demand_database()
    with _progress() as told:
        line = import_talk(challenge_key=challenge, comments=comments, source=source, email=email, at=now(), tell=told)
    console.print(line, soft_wrap=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """Show how far something is, once it lasts long enough to ask."""
    began = time.monotonic()
    progress = bar()
    task = progress.add_task("", total=None)
    with ExitStack() as shown:

        def told(what: str, done: int, total: int | None) -> None:
            progress.update(task, description=what, completed=done, total=total)
            if not progress.live.is_started and time.monotonic() - began > QUIET_SECONDS:
                shown.enter_context(progress)

        yield told


@click.command()
@click.argument("challenge")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder to write to.")
@click.option("--as", "email", required=True, help="Address of the owner or manager who exports.")
def export(challenge: str, out: Path, email: str) -> None:
    """Write the dossier of CHALLENGE (HTML to print, JSON that `permea verify` accepts)."""
    from permea.config.transfer import export_dossier  # noqa: PLC0415 - after the apps are loaded

    demand_database()
    for path in export_dossier(challenge_key=challenge, out=out, email=email, at=now()):
        console.print(str(path), soft_wrap=True)


@click.command()
@click.argument("challenge")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder to write to.")
@click.option("--as", "email", required=True, help="Address of the owner or manager who packs it.")
def pack(challenge: str, out: Path, email: str) -> None:
    """Write CHALLENGE with everything that belongs to it into one file that another instance can unpack.

    The file names contributors and evaluators: keep it as you keep the database.
    """
    from permea.config.transfer import pack_to  # noqa: PLC0415 - after the apps are loaded

    demand_database()
    console.print(str(pack_to(challenge_key=challenge, out=out, email=email, at=now())), soft_wrap=True)


@click.command()
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="Address of the owner or manager whose firm takes it in.")
def unpack(package: Path, email: str) -> None:
    """Take in a challenge that another instance packed into PACKAGE: all of it or nothing."""
    from permea.config.transfer import unpack_from  # noqa: PLC0415 - after the apps are loaded

    demand_database()
    console.print(unpack_from(path=package, email=email, at=now()), soft_wrap=True)
