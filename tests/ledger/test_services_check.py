"""Checking the ledgers where they are stored, and against what was published before."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connections, transaction
from django.urls import reverse

from permea.ledger import commands, queries, rules, services, verifier
from permea.ledger.models import Chain, Crossing
from permea.ledger.rules import StoredEntry
from tests.ledger import papers

BODY = json.loads(papers.entries(1)[0]["body"])
ABOUT = {"kind": "idea.submitted", "direction": "in", "depth": "invited", "subject_type": "idea", "subject_key": "i7"}


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Keep the keys of each test apart."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def crossed(organisation, at):
    """Return a chain of thirty crossings with a signed head in the middle and one at its end."""
    with transaction.atomic():
        for number in range(1, 31):
            services.record_crossing(organisation=organisation, at=at, **ABOUT, facts={"version": number})
            if number in (15, 30):
                services.sign_head(organisation=organisation, at=at + timedelta(hours=number))
    return Chain.objects.get(organisation=organisation)


def stored(**changes):
    """Return an entry as the database holds it, with some of its values changed."""
    entry = papers.entries(1)[0]
    whole = {"number": 1, "hash": entry["hash"], "previous": verifier.GENESIS, "body": entry["body"]}
    return StoredEntry(**{**whole, "columns": rules.columns_told(BODY), **changes})


def rewritten(text, **changes):
    """Return an entry whose body was exchanged, and its hash with it."""
    return stored(body=text, hash=verifier.digest(text.encode()), **changes)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (stored(), None),
        (stored(number=2), "entry.order"),
        (stored(body=papers.entries(1)[0]["body"] + " "), "entry.hash"),
        (rewritten("no JSON"), "entry.body"),
        (rewritten("{}"), "entry.body"),
        (rewritten('{"organisation":1,"number":1,"previous":1,"subject":1}'), "entry.body"),
        (stored(previous="1" * 64), "entry.chain"),
        (rewritten(json.dumps({**BODY, "previous": "1" * 64})), "entry.chain"),
        (rewritten(json.dumps({**BODY, "organisation": "other"})), "entry.columns"),
        (stored(columns=("idea.submitted",)), "entry.columns"),
    ],
)
def test_each_fault_of_a_stored_entry_has_its_name(entry, code):
    fault = rules.fault_in(entry, organisation=papers.FIRM["key"], expected=1, before=verifier.GENESIS)
    assert (fault.code if fault else None) == code


def check(**earlier):
    """Return the codes of what is wrong with the one chain there is."""
    (found,) = queries.check_chains(earlier)
    return [problem.code for problem in found.problems]


@pytest.mark.django_db
def test_a_sound_chain_has_no_problem_and_progress_is_told(crossed, monkeypatch):
    monkeypatch.setattr(queries, "CHECKED_AT_ONCE", 10)
    told = []
    (found,) = queries.check_chains({}, progress=lambda *where: told.append(where))
    assert (found.checked, found.problems, told) == (30, (), [(10, 30), (20, 30), (30, 30)])


@pytest.mark.django_db
def test_a_ledger_rolled_back_to_an_old_backup_is_found_by_its_published_heads(client, crossed, organisation, at):
    published = client.get(reverse("ledger:heads")).json()
    with transaction.atomic():
        services.record_crossing(organisation=organisation, at=at, **ABOUT)
    services.sign_head(organisation=organisation, at=at + timedelta(days=2))
    later = client.get(reverse("ledger:heads")).json()
    heads = [head["number"] for document in (published, later) for head in document["heads"]]
    reports = [verifier.verify_document(document) for document in (published, later)]
    assert (heads, [(report.ok, report.checked) for report in reports]) == ([30, 31], [(True, 1)] * 2)
    assert check(first=published, second=later) == []
    sound = queries.check_chains({"later": {**later, "heads": []}})[0].problems
    rolled_back = queries.check_chains({"later": {**later, "heads": [{**later["heads"][0], "number": 99}]}})
    texts = [problem.text for problem in rolled_back[0].problems]
    assert (sound, texts) == ((), ["Entry 99, which later proves, is missing."])
    rewritten = {**later, "heads": [{**later["heads"][0], "hash": "0" * 64}]}
    assert check(later=rewritten) == ["against.hash"]


@pytest.mark.django_db
def test_published_heads_that_are_changed_or_strange_are_not_sound(client, crossed):
    document = client.get(reverse("ledger:heads")).json()
    forged = [
        {**document, "heads": [{**document["heads"][0], "number": 7}]},
        {**document, "heads": [{**document["heads"][0], "version": 2}]},
        {**document, "heads": ["x"]},
        {**document, "more": 1},
        {**document, "keys": []},
    ]
    found = [[problem.code for problem in verifier.verify_document(each).problems] for each in forged]
    assert found == [
        ["head.signature"], ["head.place", "head.signature"], ["permea-head.shape"], ["permea-heads.shape"],
        ["head.key"],
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_chain_whose_end_was_cut_off_or_whose_row_lies_is_found(crossed):
    Chain.objects.filter(pk=crossed.pk).update(length=29)
    assert check() == ["chain.end"]


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_and_ends_so(client, crossed, tmp_path):
    paper = tmp_path / "heads.json"
    document = client.get(reverse("ledger:heads")).json()
    paper.write_text(json.dumps(document))
    good = CliRunner().invoke(commands.check_ledger, ["--against", str(paper)])
    Chain.objects.filter(pk=crossed.pk).update(length=29)
    bad = CliRunner().invoke(commands.check_ledger, [])
    untrusted = CliRunner().invoke(commands.check_ledger, ["--against", str(paper), "--key", "0" * 16])
    assert [run.exit_code for run in (good, bad, untrusted)] == [0, 1, 2]
    assert ("30 entries checked, no problems" in good.stdout, "[chain.end]" in bad.stdout) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_keep_one_chain(organisation, at):
    def write(n):
        try:
            for number in range(10):
                with transaction.atomic():
                    services.record_crossing(organisation=organisation, at=at, **ABOUT, facts={"by": n, "n": number})
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (Crossing.objects.count(), check()) == (60, [])
