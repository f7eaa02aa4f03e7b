"""The `permea` command: serve, demo, worker, check, sign-in, import, export."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from permea.config import commands, selfcheck
from permea.config.cli import COMMANDS, main
from permea.config.demo import load_demo, sign_ins
from permea.config.demo.content import content
from permea.config.demo.marks import mark
from permea.evaluation.models import Assignment, Review
from permea.evaluation.queries import review_facts
from permea.evaluation.services import compute_ranking, submit_review
from permea.foundation.clock import now
from permea.foundation.models import OutboxEntry
from permea.ideas.models import Idea
from permea.ledger.services import export_chain
from permea.ledger.verifier import verify_document
from permea.people.models import Organisation
from permea.selection.models import Decision
from permea_engine.ratings import rank_order, rate_ideas
from tests import clamd, libretranslate
from tests.cast import AT

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs a command inside this process."""

    def invoke(command, *arguments: str):
        return CliRunner().invoke(command, list(arguments), catch_exceptions=False)

    return invoke


def test_help_lists_every_command():
    answer = CliRunner().invoke(main, ["--help"])

    assert (answer.exit_code, [name for name in COMMANDS if name not in answer.output]) == (0, [])


def test_a_wrong_setting_ends_the_start_with_one_sentence(tmp_path):
    environ = {**os.environ, "PERMEA_BIND": "nonsense", "PERMEA_DATA_DIR": str(tmp_path)}
    environ.pop("DJANGO_SETTINGS_MODULE", None)

    done = subprocess.run(
        [sys.executable, "-c", "from permea.config.cli import main; main()", "check"],
        capture_output=True,
        text=True,
        cwd=ROOT / "src",
        env=environ,
        timeout=300,
        check=False,
    )

    assert (done.returncode, done.stderr.count("\n"), "PERMEA_BIND is 'nonsense'" in done.stderr) == (2, 1, True)


@pytest.mark.django_db
def test_serving_prints_address_and_owner_link_and_hands_over(run, monkeypatch, settings):
    handed = []
    settings.ENV = replace(settings.ENV, bind=("127.0.0.1", 0))
    monkeypatch.setattr(commands, "collect_static", lambda: None)
    monkeypatch.setattr(os, "execv", lambda program, arguments: handed.append(arguments))
    monkeypatch.setattr(commands.connection, "close", lambda: None)
    monkeypatch.setenv("PERMEA_RUN_WORKER", "0")
    monkeypatch.setenv("PERMEA_DATA_DIR", "unset")

    answer = run(commands.serve)

    assert ("Become its owner" in answer.output, "/mails/" in answer.output) == (True, True)
    assert (handed[0][2], handed[0][-1], os.environ["PERMEA_RUN_WORKER"]) == (
        "granian", "permea.config.wsgi:application", "1",
    )  # fmt: skip


def test_a_second_server_on_the_same_address_does_not_start(run, settings):
    with socket.socket() as first:
        first.bind(("127.0.0.1", 0))
        first.listen()
        settings.ENV = replace(settings.ENV, bind=("127.0.0.1", first.getsockname()[1]))

        answers = [run(command) for command in (commands.serve, commands.demo)]

    assert [(one.exit_code, "cannot listen on 127.0.0.1" in one.output) for one in answers] == [(1, True)] * 2


@pytest.mark.django_db
def test_a_sign_in_link_is_printed_for_somebody_known(run, owner):
    assert "/account/link/" in run(commands.sign_in, owner.email).output
    unknown = run(commands.sign_in, "nobody@nowhere.example")
    assert (unknown.exit_code, "Nobody here has the address" in unknown.output) == (1, True)


@pytest.mark.django_db
def test_the_worker_runs_until_it_is_told_to_stop(run, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "permea.foundation.worker.run_worker", lambda stop, clock: seen.append((stop.is_set(), clock()))
    )
    monkeypatch.setattr(commands.signal, "signal", lambda number, handler: (handler(), seen.append(number)))

    run(commands.worker)

    assert (len(seen), seen[-1][0]) == (3, True)


def test_without_a_ready_database_one_sentence_says_what_to_do(tmp_path):
    environ = {**os.environ, "PERMEA_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "permea.config.settings.prod"}
    nowhere = {"DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/permea.sqlite3", "PERMEA_BIND": "127.0.0.1:0"}
    tries = (("sign-in", "olga@firm.example"), {}), (("serve",), nowhere)

    done = [
        subprocess.run(
            [sys.executable, "-c", "from permea.config.cli import main; main()", *words],
            capture_output=True, text=True, cwd=ROOT / "src", env=environ | more, timeout=300, check=False,
        )
        for words, more in tries
    ]  # fmt: skip

    assert [(one.returncode, one.stderr.count("\n")) for one in done] == [(1, 1), (1, 1)]
    assert ("The database is not ready" in done[0].stderr, "does not answer" in done[1].stderr) == (True, True)


@pytest.mark.django_db
def test_a_database_that_had_all_older_changes_has_those_that_join_them_and_one_that_stopped_midway_is_refused():
    recorder = MigrationRecorder(connection)
    joined = MigrationExecutor(connection).loader.replacements["ideas", "0001_squashed"]
    recorder.record_unapplied("ideas", "0001_squashed")
    for app, name in joined.replaces:
        recorder.record_applied(app, name)
    assert commands.missing_changes()[1] == []

    recorder.record_unapplied("ideas", "0001_squashed")
    recorder.record_unapplied(*joined.replaces[-1])
    with pytest.raises(click.ClickException, match=r"midway among older changes of ideas.*Nothing was touched"):
        commands.missing_changes()


@pytest.mark.django_db
def test_the_worker_waits_until_the_database_is_ready(run, monkeypatch):
    answers = iter([[1], [1], [], []])
    monkeypatch.setattr(commands, "missing_changes", lambda: (None, next(answers)))
    monkeypatch.setattr("permea.foundation.worker.run_worker", lambda stop, clock: None)
    monkeypatch.setattr(commands.signal, "signal", lambda number, handler: None)
    monkeypatch.setattr(commands.threading.Event, "wait", lambda self, seconds: False)

    said = run(commands.worker).output

    assert [said.count(words) for words in ("not ready yet", "The job worker runs.")] == [1, 1]


# --- the check of a deployment


@pytest.fixture
def checked(settings, tmp_path, transactional_db):
    """Return a function that gives the findings by level."""
    settings.DATA_DIR = tmp_path

    def look() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {"ok": [], "note": [], "mend": []}
        for finding in selfcheck.findings(at=AT):
            found[finding.level].append(finding.text)
        return found

    return look


def test_a_sound_deployment_has_nothing_to_mend(checked, request):
    before = checked()
    request.getfixturevalue("organisation")

    assert ([text for text in before["mend"] if "ahead" not in text], len(before["note"])) == ([], 5)
    assert "Somebody owns it." in checked()["ok"]


def test_what_has_to_be_mended_is_said(checked, settings, tmp_path, monkeypatch):
    (tmp_path / "secret.key").write_text("x")
    (tmp_path / "secret.key").chmod(0o644)
    OutboxEntry.objects.create(kind="x", payload={}, created_at=AT, due_at=AT - selfcheck.LATE)
    OutboxEntry.objects.create(kind="x", payload={}, created_at=AT, due_at=AT, given_up_at=AT)
    settings.MAIL_IS_KEPT = False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.BASE_URL = "http://permea.example"
    monkeypatch.setattr(selfcheck, "LITTLE_SPACE", 10**18)
    monkeypatch.setattr(selfcheck, "HEADERS", {"X-Nosuch": "x"})
    settings.ALLOWED_HOSTS = ["*"]

    mend = " ".join(checked()["mend"])

    wanted = (
        "secret.key",
        "waited for more than ten",
        "given up",
        "does not answer",
        "not https",
        "can be written",
        "X-Nosuch",
    )
    assert [word for word in wanted if word not in mend] == []


@pytest.mark.parametrize(
    ("raw", "level", "words"),
    [
        (b"", "ok", "finds the test virus (Eicar-Test-Signature)"),
        (b"stream: OK\0", "mend", "does not find the test virus"),
        (b"no database\0", "mend", "gives no judgement: no database"),
    ],
)
def test_the_virus_scanner_is_tried_out(settings, raw, level, words):
    with clamd.running() as (daemon, settings.CLAMAV):
        daemon.raw = raw
        (finding,) = selfcheck._scanner(AT)

    assert (finding.level, words in finding.text) == (level, True)


def test_the_translator_is_tried_out(settings):
    with libretranslate.running() as (service, settings.TRANSLATOR):
        (well,) = selfcheck._translator(AT)
        service.status = 500
        (broken,) = selfcheck._translator(AT)

    assert (well.level, "“Guten Tag” is “[en] Guten Tag”" in well.text, broken.level) == ("ok", True, "mend")


def test_a_check_that_cannot_be_made_is_something_to_mend(checked, monkeypatch):
    monkeypatch.setattr(selfcheck.shutil, "disk_usage", lambda path: 1 / 0)

    assert any("data_folder could not be made" in text for text in checked()["mend"])


def test_a_mail_server_that_answers_and_a_proxy_are_fine(checked, settings, monkeypatch):
    monkeypatch.setattr(EmailBackend, "open", lambda self: True)
    settings.MAIL_IS_KEPT = False

    assert any("mail server" in text for text in checked()["ok"])


@pytest.mark.django_db
def test_the_command_ends_with_1_where_something_must_be_mended(run, monkeypatch):
    monkeypatch.setattr(selfcheck, "findings", lambda at: [selfcheck.Finding("ok", "fine")])
    assert run(commands.check).exit_code == 0
    monkeypatch.setattr(selfcheck, "findings", lambda at: [selfcheck.Finding("mend", "broken")])
    assert run(commands.check).exit_code == 1


# --- import and export


def tables(folder: Path, challenge, mark: str = "4") -> list[str]:
    names = list(challenge.criteria.order_by("position").values_list("name", flat=True))
    (folder / "ideas.csv").write_text("idea,title,body\nA1,First,How it works\nA2,Second,How it works too\n")
    rows = [",".join([idea, judge, *[mark] * len(names)]) for idea in ("A1", "A2") for judge in ("x", "y")]
    (folder / "reviews.csv").write_text("\n".join([",".join(["idea", "judge", *names]), *rows]))
    return [challenge.key, str(folder / "ideas.csv"), str(folder / "reviews.csv")]


@pytest.mark.django_db
def test_tables_are_imported_whole_and_twice_changes_nothing(run, tmp_path, make_challenge, owner):
    arguments = [*tables(tmp_path, make_challenge(closed=True)), "--as", owner.email]

    first, again = run(commands.import_table, *arguments), run(commands.import_table, *arguments)

    assert (first.exit_code, Idea.objects.count(), Review.objects.count()) == (0, 2, 4)
    assert ("2 ideas imported" in first.output, "2 were there already" in again.output) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize(("quiet_seconds", "is_shown"), [(-1, True), (3600, False)])
def test_an_import_that_takes_its_time_shows_a_bar(
    run, tmp_path, make_challenge, owner, monkeypatch, quiet_seconds, is_shown
):
    monkeypatch.setattr(commands, "QUIET_SECONDS", quiet_seconds)

    answer = run(commands.import_table, *tables(tmp_path, make_challenge(closed=True)), "--as", owner.email)

    assert (answer.exit_code, "2 ideas imported" in answer.output) == (0, True)
    assert ("Importing the ideas" in answer.output or "Importing the reviews" in answer.output) is is_shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: (folder / "ideas.csv").write_text("idea,votes\nA1,3\n"), "othing was imported"),
        (lambda folder: (folder / "ideas.csv").write_text("idea,title\nA1,\n"), "rows are wrong"),
        (lambda folder: (folder / "reviews.csv").write_text("idea,judge,other\nA1,x,3\n"), "criteria"),
        (lambda folder: (folder / "reviews.csv").write_text(""), "othing was imported"),
    ],
)
def test_a_wrong_table_imports_nothing(run, tmp_path, make_challenge, owner, spoil, says):
    arguments = [*tables(tmp_path, make_challenge(closed=True)), "--as", owner.email]
    spoil(tmp_path)

    answer = run(commands.import_table, *arguments)

    assert (answer.exit_code, says in answer.output, Idea.objects.count(), Review.objects.count()) == (1, True, 0, 0)


@pytest.mark.django_db
def test_a_dossier_is_written_whole_and_verifies(run, tmp_path, make_challenge, make_idea, owner, member, settings):
    challenge = make_challenge(closed=True)
    make_idea(challenge=challenge)

    answer = run(commands.export, challenge.key, "--out", str(tmp_path / "out"), "--as", owner.email)

    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert (answer.exit_code, written) == (0, [f"dossier-{challenge.key}.html", f"dossier-{challenge.key}.json"])
    refused = [run(commands.export, challenge.key, "--as", who) for who in (member.email, "nobody@x.example")]
    assert [one.exit_code for one in refused] == [1, 1]


@pytest.mark.django_db
def test_a_sealed_challenge_gives_no_dossier(run, tmp_path, make_challenge, owner, monkeypatch):
    monkeypatch.setattr(commands, "now", lambda: AT)
    answer = run(commands.export, make_challenge().key, "--out", str(tmp_path), "--as", owner.email)

    assert (answer.exit_code, list(tmp_path.iterdir())) == (1, [])


# --- the demo


def test_the_demo_shows_every_state_and_its_ledger_is_real(demo):
    firm = Organisation.objects.get(name=content("en").words["firm"]["name"])

    assert sorted(firm.challenges.values_list("status", flat=True)) == [
        "archived", "decided", "draft", "published", "published", "published",
    ]  # fmt: skip
    assert (demo[-1][0], demo[-1][0] == demo[-1][1]) == (demo[-1][1], True)
    assert verify_document(export_chain(organisation=firm, at=AT)).ok
    assert Decision.objects.filter(challenge__organisation=firm).values("outcome").distinct().count() == 3
    assert load_demo(languages=("en",), at=AT, tell=lambda *_: None) == 0


def test_the_demo_has_links_for_owner_evaluator_contributor_and_partner(demo):
    assert [row.who.split("(")[1] for row in sign_ins(at=AT)] == [
        "owner, en)", "evaluator, en)", "outside contributor, en)", "partner, en)",
    ]  # fmt: skip


def test_who_signs_in_to_the_demo_is_not_asked_for_consent_again(demo, client, settings):
    settings.DEMO = True

    landed = [client.get(row.path)["Location"] for row in sign_ins(at=now())]

    assert landed == ["/today/", "/today/", "/my/", "/my/agreements/"]


def test_in_the_demo_one_judges_harshness_moves_nobody_and_the_stop_advice_fires(demo):
    challenge = Organisation.objects.get(name=content("en").words["firm"]["name"]).challenges.get(template="technical")
    keys = list(challenge.criteria.order_by("position").values_list("key", flat=True))
    plan, words = content("en").plan["challenges"]["harvest"], content("en").words["entries"]["harvest"]
    named = {words[one["id"]]["title"]: one for one in plan["entries"]}
    waiting = Assignment.objects.filter(idea__challenge=challenge, status="open")
    for assignment in waiting.select_related("panelist__person", "idea"):
        entry, judge = named[assignment.idea.title], str(assignment.panelist.person.email).partition("@")[0]
        marks = (mark(entry["quality"][n % 3], plan["panel"]["judges"][judge], entry["id"], judge, n) for n in range(9))
        submit_review(
            assignment_id=assignment.pk, actor=assignment.panelist.person, at=AT, private_note="",
            scores=dict(zip(keys, marks, strict=False)), recommendation="", reason="As the others found.",
        )  # fmt: skip
    result = compute_ranking(challenge_id=challenge.pk, at=AT).result
    facts = review_facts(challenge)
    weights = [float(one.weight) for one in facts.criteria]
    best = set(rank_order(rate_ideas(facts.idea, facts.judge, facts.values, weights=weights))[:5])

    for judge in set(facts.judge):
        harsh = facts.values - 2 * (facts.judge == judge)[:, None]
        assert set(rank_order(rate_ideas(facts.idea, facts.judge, harsh, weights=weights))[:5]) == best
    assert result["certainty"]["set_right"] >= result["certainty"]["wanted"]
