"""A challenge in one file: what goes along, what stays, and that it arrives as it left."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.http import Http404

from permea.agreements.models import Acceptance, Terms
from permea.challenges.models import Challenge
from permea.config import commands, portable
from permea.config.demo.content import content
from permea.config.portable.parts import CONTENT, LEFT_BEHIND, PARTS, SHARED
from permea.config.portable.values import MisfitError, from_json, to_json
from permea.dialogue import services as talk
from permea.dialogue.models import Comment
from permea.dialogue.queries import name_of
from permea.evaluation.models import Comparison
from permea.foundation.files.storage import root
from permea.foundation.refusals import RefusedError
from permea.ideas.models import Attachment, BuildsOn, Idea, IdeaVersion
from permea.ideas.services import submit_idea
from permea.ledger.models import Crossing
from permea.ledger.services import export_chain
from permea.ledger.verifier import verify_document
from permea.people.models import Membership, Organisation, Person
from permea.selection.models import Settlement
from permea.strategy.models import Goal, GoalReading
from tests.cast import AT

LATER = AT + timedelta(days=400)


def written(challenge, actor, path, at=LATER):
    package = portable.pack_challenge(actor=actor, challenge_key=challenge.key, at=at)
    return portable.written(package, path)


def document_of(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(CONTENT))


def with_document(path, change, *, files=None):
    """Write the package anew with its document changed."""
    with zipfile.ZipFile(path) as archive:
        document = json.loads(archive.read(CONTENT))
        kept = {name: archive.read(name) for name in archive.namelist() if name != CONTENT}
    change(document)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(CONTENT, json.dumps(document))
        for name, data in (kept if files is None else files(kept)).items():
            archive.writestr(name, data)
    return path


def forget(challenge):
    """Make the instance look as if it had never known the challenge, its people, texts and goal."""
    keys = [challenge.key, *challenge.ideas.values_list("key", flat=True)]
    Acceptance.objects.filter(subject_key__in=keys).delete()
    Settlement.objects.filter(idea__challenge=challenge).delete()
    Comment.objects.filter(challenge=challenge).update(thread=None, answers=None)
    for part in reversed(PARTS):
        found = apps.get_model(part.model).objects.filter(Q(**{part.challenge: challenge.pk}))
        found.delete()
    for person in Person.objects.filter(email__isnull=False):
        Person.objects.filter(pk=person.pk).update(email=f"{person.pk}@gone.example")
    for goal in Goal.objects.all():
        Goal.objects.filter(pk=goal.pk).update(key=f"gone{goal.pk}")


@pytest.fixture
def new_owner(make_person):
    """Return the owner of a firm that knows nothing of the others."""
    firm = Organisation.objects.create(name="New", is_host=True, created_at=AT)
    person = make_person("nora")
    Membership.objects.create(person=person, organisation=firm, role="owner", since=AT)
    return person


@pytest.fixture
def judged(make_challenge, make_idea, make_attachment, solver):
    """Return a closed challenge with an entry that has a file."""
    challenge = make_challenge(closed=True)
    idea = make_idea(challenge=challenge, author=solver, submitted=False)
    make_attachment(idea)
    submit_idea(idea_id=idea.pk, actor=solver, at=idea.saved_at)
    return challenge


def test_every_table_goes_along_is_shared_or_stays_for_a_reason():
    named = [part.model for part in PARTS] + list(SHARED) + list(LEFT_BEHIND)

    ours = [model._meta.label for model in apps.get_models() if model.__module__.startswith("permea.")]
    assert sorted(named) == sorted(ours)


@pytest.mark.parametrize("status", ["decided", "archived", "draft", "published"])
def test_what_another_instance_unpacks_and_packs_again_is_the_same_to_the_byte(demo, tmp_path, status):
    firm = Organisation.objects.get(name=content("en").words["firm"]["name"])
    owner = firm.memberships.get(role="owner").person
    for challenge in firm.challenges.filter(status=status):
        with transaction.atomic():
            first = written(challenge, owner, tmp_path / "first")
            forget(challenge)
            new = Organisation.objects.create(name="New", is_host=True, created_at=AT)
            nora = Person.objects.create(email="nora@x.example", joined_at=AT)
            Membership.objects.create(person=nora, organisation=new, role="owner", since=AT)
            arrived = portable.unpack(path=first, actor=nora, at=LATER)

            second = written(arrived, nora, tmp_path / "second")

            assert (first.read_bytes() == second.read_bytes(), arrived.organisation) == (True, new)
            assert verify_document(export_chain(organisation=new, at=LATER)).ok
            kinds = Crossing.objects.filter(organisation=new).order_by("number").values_list("kind", flat=True)
            assert list(kinds) == ["challenge.unpacked", "challenge.packed"]
            transaction.set_rollback(True)


def test_the_files_of_entries_arrive_with_their_bytes(judged, owner, new_owner, tmp_path):
    attachment = Attachment.objects.get()
    before = (root() / attachment.path).read_bytes()
    first = written(judged, owner, tmp_path / "first")
    forget(judged)

    portable.unpack(path=first, actor=new_owner, at=LATER)

    arrived = Attachment.objects.get()
    assert ((root() / arrived.path).read_bytes(), arrived.path != attachment.path) == (before, True)
    assert written(Challenge.objects.get(), new_owner, tmp_path / "second").read_bytes() == first.read_bytes()


def test_what_nobody_inside_may_read_stays_behind(make_challenge, make_idea, owner, solver, solver_two, tmp_path):
    challenge = make_challenge(closed=True)
    pending = make_idea(challenge=challenge, author=solver)
    gone, third = make_idea(challenge=challenge, author=solver_two), make_idea(challenge=challenge)
    Idea.objects.filter(pk=pending.pk).update(pending={"title": "HUSH-1"})
    Idea.objects.filter(pk=gone.pk).update(
        status="withdrawn", withdrawn_at=AT, body="HUSH-2", summary="HUSH-2", search_text="hush-2"
    )
    IdeaVersion.objects.filter(idea=gone).update(content={"body": "HUSH-2"})
    voter = Person.objects.create(email="hush-3@x.example", name="HUSH-3", joined_at=AT)
    pairs = {"t1": (pending, gone), "t2": (gone, third)}
    for token, (one, two) in pairs.items():
        Comparison.objects.create(
            challenge=challenge, first=one, second=two, person=voter, outcome="first", token=token, made_at=AT
        )

    path = written(challenge, owner, tmp_path / "first")

    assert [line for line in path.read_bytes().lower().splitlines() if b"hush-" in line] == []
    rows = document_of(path)
    voters = {one["person"] for one in rows["parts"]["evaluation.Comparison"]}
    assert ([rows["people"][place]["email"] for place in voters], len(rows["people"])) == ([None], 5)


def test_talk_and_lineage_arrive_without_who_wrote_and_what_is_not_shown(
    make_challenge, make_idea, owner, solver, solver_two, stranger, new_owner, tmp_path
):
    step = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}
    challenge = make_challenge(closed=True, steps=[step])
    idea, later = make_idea(challenge=challenge, author=solver), make_idea(challenge=challenge, author=solver_two)
    elsewhere, gone = make_idea(author=stranger), make_idea(challenge=challenge)
    for earlier in (idea, elsewhere, gone):
        BuildsOn.objects.create(idea=later, earlier=earlier, said_by=solver_two, said_at=AT)

    def say(actor, text, answers=None, on=idea):
        given = {"idea_id": on.pk, "actor": actor, "language": "en", "at": AT, "answers": answers}
        return talk.post_comment(text=text, **given)

    first = say(stranger, "HUSH-1 of the first")
    answer = say(solver_two, "It would bruise the soft ones, I am afraid.", first)
    last = say(stranger, "Rubber does not.", answer)
    hidden, lonely = say(solver, "HUSH-2 said in anger", last), say(solver_two, "HUSH-3 about gone", on=gone)
    talk.choose_name(idea_id=idea.pk, actor=stranger, name="Bee", at=AT)
    talk.react(comment_id=last.pk, actor=solver, kind="doubt", is_wanted=True, at=AT)
    for one in (first, hidden):
        talk.hide_text(text=one, actor=owner, reason="off_topic", words="HUSH-4", at=AT)
    Idea.objects.filter(pk=gone.pk).update(status="withdrawn", withdrawn_at=AT)
    path = written(challenge, owner, tmp_path / "first")
    rows = document_of(path)["parts"]
    forget(challenge)

    arrived = portable.unpack(path=path, actor=new_owner, at=LATER)

    assert b"hush" not in path.read_bytes().lower()
    assert "stranger" not in json.dumps(document_of(path)["people"])
    assert [(row["text"], row["status"], row["answers"]) for row in rows["dialogue.Comment"]] == [
        ("", "withdrawn", None), (answer.text, "shown", 0), (last.text, "shown", 1),
    ]  # fmt: skip
    assert (len(rows["ideas.BuildsOn"]), lonely.idea) == (1, gone)
    comments = arrived.comments.order_by("pk").select_related("participant")
    assert [name_of(row) for row in comments] == ["Bee", "Participant 2", "Bee"]
    assert [(row.writer, row.n_doubt, row.source) for row in comments][2] == (None, 1, "Permea")
    assert written(arrived, new_owner, tmp_path / "second").read_bytes() == path.read_bytes()


def test_a_draft_of_a_contributor_stays_behind(make_challenge, make_idea, owner, tmp_path):
    challenge = make_challenge(closed=True)
    make_idea(challenge=challenge, submitted=False)

    rows = document_of(written(challenge, owner, tmp_path / "first"))

    assert (rows["parts"]["ideas.Idea"], rows["parts"]["ideas.Contributor"]) == ([], [])


def test_a_sealed_challenge_is_not_packed_and_a_stranger_finds_none(make_challenge, owner, other_owner, tmp_path):
    challenge = make_challenge()

    with pytest.raises(RefusedError) as refused:
        written(challenge, owner, tmp_path / "first", at=AT)
    with pytest.raises(Http404):
        written(challenge, other_owner, tmp_path / "first")

    assert (refused.value.refusal.code, list(tmp_path.iterdir())) == ("selection.sealed", [])
    assert not Crossing.objects.filter(kind="challenge.packed").exists()


def test_people_texts_and_goals_that_are_here_are_used(judged, owner, solver, new_owner, tmp_path):
    first = written(judged, owner, tmp_path / "first")
    goal = judged.goal
    before = (Person.objects.count(), Goal.objects.count(), Terms.objects.count())
    Acceptance.objects.all().delete()
    for part in reversed(PARTS):
        apps.get_model(part.model).objects.all().delete()

    arrived = portable.unpack(path=first, actor=owner, at=LATER)

    assert (Person.objects.count(), Goal.objects.count(), Terms.objects.count()) == before
    assert (arrived.goal, arrived.owner, arrived.ideas.get().author) == (goal, owner, solver)


def test_a_goal_arrives_with_its_readings_and_a_text_of_other_words_as_the_next_version(
    judged, owner, new_owner, tmp_path
):
    GoalReading.objects.create(goal=judged.goal, on=AT.date(), value=3, recorded_by=owner, recorded_at=AT)
    firm = new_owner.memberships.get().organisation
    for terms in Terms.objects.filter(organisation=judged.organisation):
        Terms.objects.create(
            organisation=firm, kind=terms.kind, version=1, language=terms.language, title="Other", body="Other",
            sha256="0" * 64, published_at=AT,
        )  # fmt: skip
    first = written(judged, owner, tmp_path / "first")
    forget(judged)

    arrived = portable.unpack(path=first, actor=new_owner, at=LATER)

    assert (arrived.goal.readings.count(), arrived.ip_terms.version, arrived.ip_terms.published_at) == (1, 2, LATER)


def test_the_same_challenge_is_not_taken_in_twice(judged, owner, tmp_path):
    first = written(judged, owner, tmp_path / "first")

    with pytest.raises(RefusedError) as refused:
        portable.unpack(path=first, actor=owner, at=LATER)

    assert (refused.value.refusal.code, Challenge.objects.count()) == ("portable.is_here", 1)


def test_only_who_manages_a_firm_takes_a_challenge_in(judged, owner, solver, tmp_path):
    first = written(judged, owner, tmp_path / "first")

    with pytest.raises(RefusedError) as refused:
        portable.unpack(path=first, actor=solver, at=LATER)

    assert refused.value.refusal.code == "portable.not_manager"


def idea_of(document):
    return document["parts"]["ideas.Idea"][0]


SPOILT = {
    "another format": lambda rows: rows.update(format="other"),
    "another version": lambda rows: rows.update(version=2),
    "not a document": lambda rows: rows.clear(),
    "a field too many": lambda rows: idea_of(rows).update(colour="red"),
    "a field too few": lambda rows: idea_of(rows).pop("title"),
    "a title too long": lambda rows: idea_of(rows).update(title="x" * 200),
    "an unknown status": lambda rows: idea_of(rows).update(status="gold"),
    "no title": lambda rows: idea_of(rows).update(title=None),
    "no time": lambda rows: idea_of(rows).update(created_at="yesterday"),
    "nobody": lambda rows: idea_of(rows).update(author=99),
    "a name for a number": lambda rows: idea_of(rows).update(author="nora"),
    "a broken rule of the database": lambda rows: idea_of(rows).update(submitted_at=None),
    "other terms": lambda rows: rows["terms"][0].update(body="You owe us everything."),
    "a table missing": lambda rows: rows["parts"].pop("selection.Award"),
    "a size that differs": lambda rows: rows["parts"]["ideas.Attachment"][0].update(size=1),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_package_changes_nothing(judged, owner, new_owner, tmp_path, spoil):
    first = with_document(written(judged, owner, tmp_path / "first"), spoil)
    forget(judged)
    before = [model.objects.count() for model in (Person, Terms, Goal, Crossing)]
    files = sorted(path for path in root().rglob("*") if path.is_file())

    with pytest.raises(RefusedError) as refused:
        portable.unpack(path=first, actor=new_owner, at=LATER)

    assert (refused.value.refusal.code, "Nothing was changed" in refused.value.refusal.reason) == (
        "portable.unusable", True,
    )  # fmt: skip
    assert [model.objects.count() for model in (Person, Terms, Goal, Crossing)] == before
    assert sorted(path for path in root().rglob("*") if path.is_file()) == files


@pytest.mark.parametrize(
    "files",
    [
        lambda kept: {},
        lambda kept: {name: bytes(len(data)) for name, data in kept.items()},
        lambda kept: {**kept, "../outside": b"x"},
        lambda kept: {**kept, "files/short": b"x"},
    ],
    ids=["missing", "damaged", "a path outside", "a name of another kind"],
)
def test_a_package_with_wrong_files_changes_nothing(judged, owner, new_owner, tmp_path, files):
    first = with_document(written(judged, owner, tmp_path / "first"), lambda rows: None, files=files)
    forget(judged)
    before = sorted(path for path in root().rglob("*") if path.is_file())

    with pytest.raises(RefusedError) as refused:
        portable.unpack(path=first, actor=new_owner, at=LATER)

    assert (refused.value.refusal.code, Challenge.objects.count()) == ("portable.unusable", 0)
    assert sorted(path for path in root().rglob("*") if path.is_file()) == before


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "no members"])
def test_a_file_of_another_kind_is_refused(new_owner, tmp_path, data):
    path = tmp_path / "first"
    path.write_bytes(data)

    with pytest.raises(RefusedError) as refused:
        portable.unpack(path=path, actor=new_owner, at=LATER)

    assert refused.value.refusal.code == "portable.unusable"


def test_a_document_or_a_file_beyond_the_limit_is_refused(judged, owner, new_owner, tmp_path, monkeypatch):
    first = written(judged, owner, tmp_path / "first")
    forget(judged)
    said = []
    for name in ("MOST_CONTENT", "MOST_FILE"):
        with monkeypatch.context() as patch:
            patch.setattr(f"permea.config.portable.services.{name}", 0)
            with pytest.raises(RefusedError) as refused:
                portable.unpack(path=first, actor=new_owner, at=LATER)
        said.append(refused.value.refusal.reason)

    assert ("larger than" in said[0], "another size" in said[1]) == (True, True)


def test_a_lost_file_leaves_no_half_package(judged, owner, tmp_path):
    (root() / Attachment.objects.get().path).unlink()

    with pytest.raises(OSError, match="No such file"):
        written(judged, owner, tmp_path / "first")

    assert list(tmp_path.glob("*first*")) == []


def test_a_value_without_a_form_in_json_is_a_mistake_of_ours():
    field = Idea._meta.get_field("title")

    with pytest.raises(TypeError):
        to_json(field, object())
    with pytest.raises(MisfitError):
        from_json(Idea._meta.get_field("asked_money"), "a lot")


def test_the_commands_pack_and_unpack_and_say_why_not(judged, owner, member, new_owner, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "now", lambda: LATER)
    run = CliRunner().invoke
    out = str(tmp_path / "out")

    packed = run(commands.pack, [judged.key, "--out", out, "--as", owner.email])
    refused = run(commands.pack, [judged.key, "--out", out, "--as", member.email])
    path = tmp_path / "out" / f"challenge-{judged.key}.permea"
    again = run(commands.unpack, [str(path), "--as", owner.email])
    forget(judged)
    Person.objects.filter(pk=new_owner.pk).update(email="nora@x.example")
    unpacked = run(commands.unpack, [str(path), "--as", "nora@x.example"])

    assert [one.exit_code for one in (packed, refused, again, unpacked)] == [0, 1, 1, 0], unpacked.output
    assert ("already" in again.output, f"/challenges/{judged.key}/" in unpacked.output) == (True, True)
