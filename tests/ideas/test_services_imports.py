"""Taking ideas over from a spreadsheet: all or nothing, once, and told in one crossing."""

import json
from datetime import timedelta

import pytest

from permea.challenges import services as challenges
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.events import IdeasImported
from permea.ideas.models import Idea, StagedTable
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people import services as people
from permea.people.models import Person
from permea.people.queries import never_proven_before
from permea.surface.tables import ConvertedRow, convert, read_table
from tests.cast import AT
from tests.ideas.test_services import told


def rows_of(*values, language="en"):
    rows, errors = rules.check_rows(
        [ConvertedRow(line, row) for line, row in enumerate(values, start=2)], language=language
    )
    assert errors == []
    return rows


ANN = {
    "idea": "17",
    "title": "Gripper",
    "summary": "Grips.",
    "author": "Ann",
    "email": "ann@firm.example",
    "affiliation": "Firm",
    "country": "DE",
}
BEN = {"idea": "18", "title": "Camera", "author": "Ben", "affiliation": "Ben's"}


def test_rows_become_handed_in_ideas_of_their_authors(make_challenge, manager):
    challenge = make_challenge(closed=True)
    told.clear()

    done = services.import_ideas(
        challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN, BEN), at=AT, source_sha256="f" * 64
    )
    challenge.refresh_from_db()
    ideas = list(Idea.objects.order_by("external_id"))
    ann, ben = (idea.author for idea in ideas)

    assert (done, challenge.n_entries) == (services.Imported(2, 0, 1), 2)
    assert [(idea.title, idea.status, idea.channel, idea.n_versions, idea.search_text) for idea in ideas] == [
        ("Gripper", "submitted", "import", 1, "gripper\ngrips."),
        ("Camera", "submitted", "import", 1, "camera\n"),
    ]
    assert (ann.email, ann.name, ann.affiliation, ben.name, rules.is_unreachable(ben)) == (
        "ann@firm.example",
        "Ann",
        "Firm",
        "Ben",
        True,
    )
    assert [queries.contributors_of(idea) for idea in ideas] == [[ann], [ben]]
    assert told == [IdeasImported(challenge_id=challenge.pk, idea_ids=tuple(idea.pk for idea in ideas), at=AT)]


def test_one_crossing_tells_of_the_import_with_a_digest_of_all(make_challenge, manager):
    challenge = make_challenge(closed=True)
    services.import_ideas(
        challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN, BEN), at=AT, source_sha256="f" * 64
    )

    crossing = Crossing.objects.get(kind="ideas.imported")
    expected = rules.import_digest([(idea.key, idea.versions.get().sha256) for idea in Idea.objects.all()])

    assert (crossing.subject_key, crossing.direction, json.loads(crossing.body)["facts"]) == (
        challenge.key,
        "in",
        {"ideas": 2, "digest": expected, "file_sha256": "f" * 64},
    )


def test_the_same_table_again_adds_nothing(make_challenge, manager):
    challenge = make_challenge(closed=True)
    services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN), at=AT)

    again = services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN), at=AT)
    more = services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN, BEN), at=AT)
    challenge.refresh_from_db()

    assert (again, more, challenge.n_entries, Crossing.objects.filter(kind="ideas.imported").count()) == (
        services.Imported(0, 1, 0),
        services.Imported(1, 1, 1),
        2,
        2,
    )


def test_known_people_keep_what_they_say_of_themselves(make_challenge, manager, solver):
    challenge = make_challenge(closed=True)
    row = {**ANN, "email": solver.email.upper()}

    services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(row), at=AT)
    solver.refresh_from_db()

    assert (Idea.objects.get().author, solver.name, solver.affiliation) == (solver, "Sam Solver", "Solver Workshop")


def test_authors_without_an_address_are_one_person_by_name_and_firm(make_challenge, manager):
    challenge = make_challenge(closed=True)
    rows = [
        BEN,
        {**BEN, "idea": "19", "title": "Lamp"},
        {**BEN, "idea": "20", "affiliation": "Another Ben's"},
        {"idea": "21", "title": "Nobody's"},
        {"idea": "22", "title": "Nobody's too"},
    ]

    done = services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(*rows), at=AT)
    authors = list(Idea.objects.order_by("external_id").values_list("author", flat=True))

    assert (authors[0] == authors[1], len(set(authors)), done.n_without_address) == (True, 4, 4)


def test_authors_are_written_to_in_a_language_we_speak(make_challenge, manager):
    challenge = make_challenge(closed=True)
    rows = [{**ANN, "language": "de"}, {**ANN, "idea": "2", "email": "b@firm.example", "language": "pt"}]

    services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(*rows), at=AT)

    assert list(Idea.objects.order_by("pk").values_list("language", "author__language")) == [("de", "de"), ("pt", "en")]


@pytest.mark.parametrize("who", ["evaluator", "member", "solver", "other_owner"])
def test_only_managers_of_the_challenge_take_ideas_over(request, make_challenge, other_organisation, who):
    actor, challenge = request.getfixturevalue(who), make_challenge(closed=True)
    codes = []
    for function, values in (
        (services.import_ideas, {"rows": rows_of(ANN)}),
        (services.stage_table, {"name": "a.csv", "content": b"title\nA\n"}),
    ):
        with pytest.raises(RefusedError) as error:
            function(challenge_id=challenge.pk, actor=actor, at=AT, **values)
        codes.append(error.value.refusal.code)

    assert (codes, Idea.objects.count(), StagedTable.objects.count()) == (["people.not_manager"] * 2, 0, 0)


def test_a_failing_import_leaves_nothing(make_challenge, manager, monkeypatch):
    challenge = make_challenge(closed=True)
    people = Person.objects.count()

    def fail(**_values):
        raise RuntimeError

    monkeypatch.setattr("permea.ideas.services.imports.record_crossing", fail)
    with pytest.raises(RuntimeError):
        services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN, BEN), at=AT)
    challenge.refresh_from_db()

    assert (Idea.objects.count(), Person.objects.count(), challenge.n_entries) == (0, people, 0)


def test_a_staged_table_is_replaced_by_the_next_and_dropped_after_a_day(make_challenge, manager):
    challenge = make_challenge(closed=True)
    for content in (b"title\nA\n", b"title\nB\n"):
        staged = services.stage_table(challenge_id=challenge.pk, actor=manager, name="x/a.csv", content=content, at=AT)

    kept = [(row.name, bytes(row.content)) for row in StagedTable.objects.all()]
    dropped = (
        services.drop_staged(at=AT + services.imports.STAGED_FOR),
        services.drop_staged(at=AT + 2 * services.imports.STAGED_FOR),
    )

    assert (kept, queries.staged_table(manager, challenge, staged.key) if not dropped[1] else None, dropped) == (
        [("a.csv", b"title\nB\n")],
        None,
        (0, 1),
    )


def test_taking_over_drops_the_staged_table(make_challenge, manager):
    challenge = make_challenge(closed=True)
    services.stage_table(challenge_id=challenge.pk, actor=manager, name="a.csv", content=b"x", at=AT)

    services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN), at=AT)

    assert StagedTable.objects.count() == 0


def test_an_imported_idea_is_revised_by_its_author_while_the_challenge_is_open(make_challenge, manager, make_person):
    from tests.cast import accept_all_terms

    challenge = make_challenge()
    services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of({**ANN, "body": "How."}), at=AT)
    idea = Idea.objects.get()
    accept_all_terms(challenge, idea.author, AT)
    services.save_draft(idea_id=idea.pk, actor=idea.author, at=AT, title="Better gripper")

    idea = services.revise_idea(idea_id=idea.pk, actor=idea.author, at=AT)

    assert (idea.title, idea.n_versions) == ("Better gripper", 2)


def test_nothing_is_mailed_to_an_author_known_by_name_only(make_challenge, manager):
    challenge = make_challenge()
    services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN, BEN), at=AT)
    later = challenge.closes_at + timedelta(days=1)
    challenges.extend(challenge_id=challenge.pk, closes_at=later, reason="The fair is later.", actor=manager, at=AT)
    authors = Idea.objects.order_by("external_id").values_list("author", flat=True)

    assert [Mail.objects.filter(person=author).exists() for author in authors] == [True, False]


def test_authors_of_imported_ideas_are_never_looked_at_when_the_unproven_are_forgotten(make_challenge, manager):
    challenge = make_challenge(closed=True)
    services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows_of(ANN, BEN), at=AT)
    typo = people.register_person(email="typo@firm.exmple", at=AT)

    found = never_proven_before(AT + timedelta(days=30))

    assert [person.pk for person in found] == [typo.pk]


def test_an_import_tells_how_far_it_is_and_stores_in_batches(make_challenge, manager, monkeypatch):
    monkeypatch.setattr("permea.ideas.services.imports.BATCH", 2)
    challenge, told_of = make_challenge(closed=True), []
    rows = rows_of(*({**BEN, "idea": str(number)} for number in range(5)))

    done = services.import_ideas(
        challenge_id=challenge.pk,
        actor=manager,
        rows=rows,
        at=AT,
        tell=lambda so_far, total: told_of.append((so_far, total)),
    )

    assert (done.n_added, done.n_without_address, told_of) == (5, 1, [(2, 5), (4, 5), (5, 5)])
    assert Crossing.objects.filter(kind="ideas.imported").count() == 1
    assert len(set(Idea.objects.values_list("author", flat=True))) == 1


@pytest.mark.parametrize(
    ("name", "n_rows", "fields"),
    [
        ("decidim_bcn_2016/proposals", 10_860, {"title", "idea", "summary", "author"}),
        ("catalyst/proposals", 2_397, {"title", "idea", "summary", "body", "author", "money"}),
        ("uk_challenges/challenges", 1_263, {"title", "idea", "body"}),
    ],
)
def test_real_tables_are_understood_whole(shared_data, name, n_rows, fields):
    folder, _slash, file = name.partition("/")
    table = read_table("t.parquet", shared_data(folder) / f"{file}.parquet")

    mapping, wanted = rules.map_columns(table)
    converted = convert(table, mapping, wanted)
    rows, errors = rules.check_rows(converted.rows, language="ca")

    assert (set(mapping.columns), len(rows), [*converted.errors, *errors]) == (fields, n_rows, [])
