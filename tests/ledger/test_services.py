"""Appending, signing, giving out, forgetting: on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from permea.foundation import duties
from permea.foundation.refusals import RefusedError
from permea.ledger import chain, queries, services, verifier
from permea.ledger.models import Chain, Crossing, Head, Opening, Receipt, SigningKey
from permea.people.events import PersonErased
from permea.people.models import Organisation

pytestmark = pytest.mark.django_db
triggers = import_module("permea.ledger.migrations.0002_refuse_changes")


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Keep the keys of each test apart."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def cross(organisation, at, **given):
    """Record a crossing, as a later step does."""
    about = {"kind": "idea.submitted", "direction": "in", "depth": "invited", "subject_type": "idea",
             "subject_key": "i7"}  # fmt: skip
    with transaction.atomic():
        return services.record_crossing(organisation=organisation, at=at, **{**about, **given})


def problems(document):
    return [(problem.number, problem.code) for problem in verifier.verify_document(document).problems]


# --- appending


def test_a_first_crossing_follows_the_genesis_hash_and_the_next_one_follows_it(organisation, at):
    first, second = cross(organisation, at), cross(organisation, at)
    kept = Chain.objects.get(organisation=organisation)
    assert (first.number, first.previous, second.number, second.previous, kept.length, kept.head) == (
        1, verifier.GENESIS, 2, first.hash, 2, second.hash,
    )  # fmt: skip


def test_the_body_tells_what_the_columns_repeat(organisation, other_organisation, solver, at):
    crossing = cross(
        organisation, at, actor=solver, counterparty=other_organisation, challenge_key="c1", terms_key="t1",
        direction=Crossing.Direction.OUT, facts={"version": 3},
    )  # fmt: skip
    crossing.refresh_from_db()
    body = json.loads(crossing.body)
    assert body == {
        "version": 1, "organisation": organisation.key, "number": 1, "kind": crossing.kind, "direction": "out",
        "depth": crossing.depth, "subject": {"type": crossing.subject_type, "key": crossing.subject_key},
        "counterparty": crossing.counterparty_key, "actor": crossing.actor_key, "terms": crossing.terms_key,
        "challenge": crossing.challenge_key, "at": "2026-03-02T09:00:00.000000Z", "facts": {"version": 3},
        "commitments": {}, "previous": verifier.GENESIS,
    }  # fmt: skip
    assert (crossing.actor_key, crossing.counterparty_key, crossing.crossed_at, crossing.hash) == (
        solver.key, other_organisation.key, at, verifier.digest(crossing.body.encode()),
    )  # fmt: skip


def test_each_organisation_has_its_own_chain(organisation, other_organisation, at):
    assert [cross(organisation, at).number, cross(other_organisation, at).number, cross(organisation, at).number] == [
        1, 1, 2,
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(organisation, at):
    with pytest.raises(transaction.TransactionManagementError):
        services.record_crossing(
            organisation=organisation, kind="x", direction="in", depth="inside", subject_type="idea",
            subject_key="i7", at=at,
        )  # fmt: skip
    assert Crossing.objects.count() == 0


def test_facts_with_a_fraction_are_refused_and_nothing_is_written(organisation, at):
    with pytest.raises(TypeError, match=r"value\.facts\.score is 3\.5 of type float"):
        cross(organisation, at, facts={"score": 3.5})
    assert (Crossing.objects.count(), Chain.objects.count()) == (0, 0)


def test_personal_values_need_the_person_they_belong_to(organisation, at):
    with pytest.raises(ValueError, match="belong to a person"):
        cross(organisation, at, personal={"name": "Sam"})


def test_a_time_without_a_zone_is_refused(organisation, at):
    with pytest.raises(ValueError, match="without a zone"):
        cross(organisation, at.replace(tzinfo=None))


def test_unknown_directions_and_depths_are_refused_by_the_database(organisation, at):
    for wrong in ({"direction": "up"}, {"depth": "deep"}):
        with pytest.raises(IntegrityError):
            cross(organisation, at, **wrong)


def test_choices_and_constraints_name_the_same_words():
    named = {constraint.name: constraint.condition.children for constraint in Crossing._meta.constraints[1:]}
    assert named == {
        "crossing_has_direction": [("direction__in", Crossing.Direction.values)],
        "crossing_has_depth": [("depth__in", Crossing.Depth.values)],
    }


def test_an_append_takes_a_fixed_number_of_queries(organisation, solver, at, django_assert_num_queries):
    cross(organisation, at)
    with django_assert_num_queries(6):  # savepoint, lock, insert, openings, chain, release
        cross(organisation, at, actor=solver, person=solver, personal={"name": "Sam", "email": "sam@workshop.example"})


# --- the database keeps it


def refused(action):
    """Say whether the database refuses the action."""
    try:
        with transaction.atomic():
            action()
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


@pytest.fixture
def stored(organisation, at):
    """Return a crossing and a head as they lie in the database."""
    cross(organisation, at)
    crossing = cross(organisation, at)
    return crossing, services.sign_head(organisation=organisation, at=at)


def test_crossings_and_heads_cannot_be_changed(stored):
    crossing, head = stored
    assert [
        refused(lambda: Crossing.objects.filter(pk=crossing.pk).update(kind="changed")),
        refused(lambda: Head.objects.filter(pk=head.pk).update(number=7)),
        refused(crossing.save),
        refused(head.save),
    ] == [True] * 4


def test_crossings_and_heads_cannot_be_deleted(stored):
    crossing, head = stored
    assert [
        refused(lambda: Crossing.objects.filter(pk=crossing.pk).delete()),
        refused(head.delete),
        refused(lambda: connection.cursor().execute("DELETE FROM ledger_crossing")),
    ] == [True] * 3


def test_an_entry_that_does_not_follow_the_last_one_cannot_be_stored(stored, organisation):
    crossing, _head = stored

    def insert(**changed):
        copy = Crossing.objects.get(pk=crossing.pk)
        copy.pk, copy.hash = None, "ab" * 32
        for name, value in changed.items():
            setattr(copy, name, value)
        return lambda: copy.save(force_insert=True)

    assert [
        refused(insert(number=2)),
        refused(insert(number=4, previous=crossing.hash)),
        refused(insert(number=3, previous="cd" * 32)),
        refused(insert(number=1, previous=verifier.GENESIS)),
        refused(insert(number=3, previous=crossing.hash)),
    ] == [True, True, True, True, False]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="INSERT OR REPLACE is SQLite's")
def test_replacing_a_row_is_refused_as_well(stored):
    def replace(table):
        return lambda: connection.cursor().execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")

    assert (refused(replace("ledger_crossing")), refused(replace("ledger_head"))) == (True, True)


def test_without_the_triggers_the_same_change_goes_through(stored):
    crossing, _head = stored
    editor = SimpleNamespace(connection=connection)
    triggers.drop_triggers(None, editor)
    try:
        was_refused = refused(lambda: Crossing.objects.filter(pk=crossing.pk).update(kind="changed"))
    finally:
        triggers.create_triggers(None, editor)
    assert was_refused is False


def test_an_unknown_database_is_not_left_without_triggers():
    editor = SimpleNamespace(connection=SimpleNamespace(vendor="oracle", cursor=connection.cursor))
    with pytest.raises(Exception, match="knows no triggers for oracle"):
        triggers.create_triggers(None, editor)


# --- many at once


@pytest.mark.django_db(transaction=True)
def test_many_who_append_at_once_make_one_chain_without_a_fork(organisation, at):
    threads, each, errors = 8, 12, []

    def work():
        try:
            for _turn in range(each):
                cross(organisation, at)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    running = [threading.Thread(target=work) for _thread in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    export = services.export_chain(organisation=organisation, at=at)
    assert (errors, len(export["entries"]), problems(export)) == ([], threads * each, [])


@pytest.mark.django_db(transaction=True)
def test_many_who_sign_for_the_first_time_at_once_share_one_key(organisation, at, data_dir):
    barrier, errors = threading.Barrier(6), []

    def work():
        try:
            barrier.wait(20)
            services.sign_head(organisation=organisation, at=at)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    running = [threading.Thread(target=work) for _thread in range(6)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    files = [path.name for path in (data_dir / "keys").iterdir()]
    key = SigningKey.objects.get()
    assert (errors, files, Head.objects.count()) == ([], [f"{key.key_id}.pem"], 1)


def test_a_key_made_by_another_process_meanwhile_is_used(organisation, at, monkeypatch, data_dir):
    services.sign_head(organisation=organisation, at=at)
    key = SigningKey.objects.get()
    is_first_look = iter([True])
    filter_keys = SigningKey.objects.filter
    monkeypatch.setattr(
        SigningKey.objects, "filter",
        lambda **wanted: SigningKey.objects.none() if next(is_first_look, False) else filter_keys(**wanted),
    )  # fmt: skip
    cross(organisation, at)
    head = services.sign_head(organisation=organisation, at=at)
    assert (head.key_id, [path.stem for path in (data_dir / "keys").iterdir()]) == (key.key_id, [key.key_id])


# --- heads and keys


def test_a_head_is_signed_once_for_a_chain_that_has_not_grown(organisation, at):
    cross(organisation, at)
    one = services.sign_head(organisation=organisation, at=at)
    same = services.sign_head(organisation=organisation, at=at + timedelta(days=1))
    cross(organisation, at)
    next_one = services.sign_head(organisation=organisation, at=at)
    assert (same.pk, one.number, next_one.number) == (one.pk, 1, 2)


def test_the_duty_signs_chains_that_grew_and_not_more_than_once_an_hour(organisation, other_organisation, at):
    def signed_at(moment):
        duties.run_duties(moment)
        return list(Head.objects.order_by("pk").values_list("organisation_id", "number"))

    firm = organisation.pk
    assert signed_at(at) == []
    cross(organisation, at)
    services.sign_head(organisation=other_organisation, at=at)
    other = (other_organisation.pk, 0)
    assert signed_at(at) == [other, (firm, 1)]
    cross(organisation, at)
    assert signed_at(at + timedelta(minutes=59)) == [other, (firm, 1)]
    assert signed_at(at + timedelta(minutes=60)) == [other, (firm, 1), (firm, 2)]
    assert signed_at(at + timedelta(hours=3)) == [other, (firm, 1), (firm, 2)]


def test_the_private_key_is_a_file_for_its_owner_only_and_nowhere_else(organisation, at, data_dir):
    services.sign_head(organisation=organisation, at=at)
    key = SigningKey.objects.get()
    files = list((data_dir / "keys").iterdir())
    modes = [oct(path.stat().st_mode & 0o777) for path in (files[0], data_dir / "keys")]
    assert ([path.name for path in files], modes) == ([f"{key.key_id}.pem"], ["0o600", "0o700"])


def test_a_rotated_key_takes_over_endorsed_by_the_one_before(organisation, at):
    cross(organisation, at)
    services.sign_head(organisation=organisation, at=at)
    older = SigningKey.objects.get()
    newer = services.rotate_key(at=at + timedelta(days=1))
    export = services.export_chain(organisation=organisation, at=at + timedelta(days=1))
    older.refresh_from_db()
    report = verifier.verify_document(export, trusted=[older.key_id])
    assert (report.problems, [head["key_id"] for head in export["heads"]], older.retired_at, newer.endorsed_by) == (
        (), [older.key_id, newer.key_id], at + timedelta(days=1), older.key_id,
    )  # fmt: skip


def test_rotating_without_a_key_makes_the_first_one(at):
    key = services.rotate_key(at=at)
    assert (key.endorsed_by, SigningKey.objects.count()) == ("", 1)


def test_a_missing_private_key_stops_signing_with_a_clear_word_and_a_new_one_can_take_over(
    organisation, at, data_dir, caplog
):
    cross(organisation, at)
    services.sign_head(organisation=organisation, at=at)
    older = SigningKey.objects.get()
    (data_dir / "keys" / f"{older.key_id}.pem").unlink()
    with pytest.raises(RefusedError) as refused:
        services.export_chain(organisation=organisation, at=at)
    newer = services.rotate_key(at=at)
    said = f"{older.key_id}.pem cannot be read" in caplog.text, "permea rotate-key" in caplog.text
    assert (refused.value.refusal.code, said, str(data_dir) in refused.value.refusal.reason) == (
        "ledger.key_missing", (True, True), False,
    )  # fmt: skip
    assert (newer.endorsed_by, problems(services.export_chain(organisation=organisation, at=at))) == ("", [])


# --- receipts


@pytest.fixture
def receipt(organisation, solver, at):
    """Return Sam's receipt for an idea handed in."""
    crossing = cross(
        organisation, at, actor=solver, counterparty=solver, person=solver, facts={"version": 1},
        personal={"name": "Sam Solver", "email": "sam@workshop.example"},
    )  # fmt: skip
    return services.issue_receipt(
        crossing=crossing, person=solver, facts={"version": 1, "content_sha256": "ab" * 32}, at=at
    )


def test_a_receipt_is_signed_and_tells_what_it_is_for(receipt, organisation, settings):
    document = receipt.document
    told = {name: document[name] for name in ("what", "subject", "facts", "organisation", "instance", "issued_at")}
    assert (problems(document), told) == (
        [],
        {
            "what": "idea.submitted", "subject": {"type": "idea", "key": "i7"},
            "facts": {"version": 1, "content_sha256": "ab" * 32},
            "organisation": {"key": organisation.key, "name": "Lindenhof Robotics"},
            "instance": settings.BASE_URL, "issued_at": "2026-03-02T09:00:00.000000Z",
        },
    )  # fmt: skip


def test_a_receipt_holds_no_personal_value_but_its_download_for_the_person_does(receipt):
    stored = json.dumps(receipt.document)
    download = queries.receipt_document(receipt)
    values = {name: opening["value"] for name, opening in download["openings"].items()}
    assert ("sam@" in stored, values, problems(download)) == (
        False, {"name": "Sam Solver", "email": "sam@workshop.example"}, [],
    )  # fmt: skip


def test_a_receipt_is_its_persons_only(receipt, solver, solver_two):
    assert (queries.receipt_for(solver, receipt.key), queries.receipt_for(solver_two, receipt.key)) == (receipt, None)


def test_an_export_later_on_agrees_with_the_receipt(receipt, organisation, at):
    cross(organisation, at)
    export = services.export_chain(organisation=organisation, at=at)
    assert verifier.compare(export, receipt.document, name="receipt") == ()


# --- forgetting


def test_forgetting_a_person_deletes_the_values_and_every_paper_still_verifies(receipt, organisation, solver, at):
    given_out = queries.receipt_document(receipt)
    before = queries.opened(receipt.crossing)
    n_values = services.forget_person(person=solver, at=at)
    export = services.export_chain(organisation=organisation, at=at)
    last = json.loads(export["entries"][-1]["body"])
    assert (n_values, before, queries.opened(receipt.crossing), Opening.objects.count()) == (
        2, {"name": "Sam Solver", "email": "sam@workshop.example"}, {}, 0,
    )  # fmt: skip
    assert (problems(export), problems(given_out), "Sam" in json.dumps(export)) == ([], [], False)
    assert (last["kind"], last["subject"], last["facts"]) == (
        "person.forgotten", {"type": "person", "key": solver.key}, {"values": 2},
    )  # fmt: skip
    assert len(json.loads(export["entries"][0]["body"])["commitments"]) == 2


def test_a_value_cannot_be_guessed_from_its_commitment_without_the_salt(receipt):
    commitments = json.loads(receipt.crossing.body)["commitments"]
    assert commitments["name"] not in {
        verifier.digest(b"Sam Solver"), verifier.commitment("00" * 32, "Sam Solver"),
    }  # fmt: skip


def test_forgetting_empties_our_copy_of_the_receipt(receipt, solver, at):
    services.forget_person(person=solver, at=at)
    assert (Receipt.objects.get().document, queries.receipt_for(solver, receipt.key)) == ({}, None)


def test_forgetting_somebody_the_ledger_does_not_know_writes_nothing(organisation, stranger, at):
    assert (services.forget_person(person=stranger, at=at), Crossing.objects.count()) == (0, 0)


def test_an_erased_person_is_forgotten(receipt, solver, at):
    from permea.foundation.events import publish

    with transaction.atomic():
        publish(PersonErased(person_id=solver.pk, at=at))
    assert Opening.objects.filter(person=solver).count() == 0


def test_a_person_downloads_what_the_ledger_holds_about_them(receipt, solver):
    data = queries.personal_data_of(solver)
    assert ([paper["what"] for paper in data["receipts"]], [row["value"] for row in data["ledger_values"]]) == (
        ["idea.submitted"], ["Sam Solver", "sam@workshop.example"],
    )  # fmt: skip


# --- what is given out


def test_an_export_signs_a_fresh_head_so_that_a_cut_off_tail_is_found(organisation, at):
    for _turn in range(3):
        cross(organisation, at)
    export = services.export_chain(organisation=organisation, at=at)
    whole = problems(export)
    del export["entries"][2:]
    assert (whole, problems(export)[0]) == ([], (3, "head.longer"))


def test_an_export_of_nothing_verifies(organisation, at):
    assert problems(services.export_chain(organisation=organisation, at=at)) == []


def test_a_challenges_export_tells_of_other_crossings_only_their_links(organisation, at):
    cross(organisation, at, challenge_key="c1")
    cross(organisation, at, challenge_key="c2", facts={"secret": "of another challenge"})
    cross(organisation, at, challenge_key="c1")
    export = services.export_challenge(organisation=organisation, challenge_key="c1", at=at)
    shapes = ["body" in entry for entry in export["entries"]]
    assert (problems(export), shapes, "secret" in json.dumps(export)) == ([], [True, False, True], False)


def test_a_dossier_is_sealed_with_fractions_and_times_as_text(organisation, at):
    cross(organisation, at, challenge_key="c1")
    dossier = services.seal_dossier(
        organisation=organisation, challenge_key="c1", at=at,
        parts={"ranking": [{"score": 3.25, "n": 4}], "challenge": {"closes_at": at, "day": at.date()}},
    )  # fmt: skip
    parts = dossier["parts"]
    changed = json.loads(json.dumps(dossier))
    changed["parts"]["ranking"][0]["score"] = "4.75"
    assert (problems(dossier), parts["ranking"], parts["challenge"], problems(changed)[0]) == (
        [], [{"score": "3.25", "n": 4}],
        {"closes_at": "2026-03-02T09:00:00.000000Z", "day": "2026-03-02"}, (None, "document.part"),
    )  # fmt: skip


def test_whoever_holds_key_and_database_can_rewrite_a_chain_but_not_a_receipt_given_out(receipt, organisation, at):
    given_out = receipt.document
    editor = SimpleNamespace(connection=connection)
    triggers.drop_triggers(None, editor)
    Crossing.objects.update(body=(text := receipt.crossing.body.replace("idea.submitted", "idea.withdrawn")))
    Crossing.objects.update(hash=chain.hash_of(text), kind="idea.withdrawn")
    Chain.objects.update(head=chain.hash_of(text))
    triggers.create_triggers(None, editor)
    forged = services.export_chain(organisation=organisation, at=at)
    found = verifier.compare(forged, given_out, name="receipt.json")
    assert (problems(forged), [problem.code for problem in found]) == ([], ["against.hash"])


def test_names_of_organisations_are_told_by_key_and_name():
    assert queries.organisation_part(Organisation(key="k", name="N")) == {"key": "k", "name": "N"}


# --- who may read


def test_owners_and_managers_read_the_ledger_and_nobody_else_does(
    organisation, owner, manager, evaluator, member, solver, other_owner, other_organisation, at
):
    cross(organisation, at)
    readers = (owner, manager, evaluator, member, solver, other_owner)
    seen = [queries.crossings_visible_to(reader, organisation).count() for reader in readers]
    assert seen == [1, 1, 0, 0, 0, 0]


def test_rows_name_themselves_without_personal_values(receipt, organisation, at):
    head = services.sign_head(organisation=organisation, at=at)
    rows = (SigningKey.objects.get(), Chain.objects.get(), receipt.crossing, Opening.objects.first(), head, receipt)
    key_id, head_hash = SigningKey.objects.get().key_id, receipt.crossing.hash[:12]
    assert [str(row) for row in rows] == [key_id, f"1: {head_hash}", "1 idea.submitted", "name", "1", receipt.key]
