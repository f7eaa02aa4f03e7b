"""Voices without an account: taken over once and whole, numbered, told to nobody, erased by those who manage."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from permea.config.transfer import import_files, import_talk
from permea.dialogue import queries, rules, services
from permea.dialogue.models import Comment, Participant, Talk
from permea.foundation.refusals import RefusedError
from permea.ideas.models import Idea
from permea.ledger.models import Crossing
from permea.notifications.models import Mail, Notice
from permea.people.queries import erasure_lines_of
from tests.cast import AT

pytestmark = [pytest.mark.django_db, pytest.mark.services]
STEP = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}
HEAD = "entry;id;parent;author;text;time\n"
ROWS = (
    "E7;1;;Ada B;Tap it with rubber.;2026-01-05 10:00\n"
    "E7;2;1;Ben;Rubber wears out, @Ada B.;2026-01-05 11:00\n"
    "E7;3;1/2;Ada B;Then change it weekly.;2026-01-05 12:00\n"
    "E7;4;;;Who pays for that?;\n"
)


@pytest.fixture
def idea(make_challenge, make_idea, solver):
    """Return Sam's entry, which everybody may talk about, known as E7 elsewhere."""
    made = make_idea(challenge=make_challenge(closed=True, steps=[STEP]), author=solver, title="Tap it")
    Idea.objects.filter(pk=made.pk).update(external_id="E7")
    return made


@pytest.fixture
def take_over(idea, owner, tmp_path):
    """Return a function that takes a table over as the command does."""

    def take_over(rows=ROWS, **given):
        table = tmp_path / "talk.csv"
        table.write_text(HEAD + rows)
        told = {"challenge_key": idea.challenge.key, "email": owner.email, "at": AT, "source": "Fair", **given}
        return import_talk(comments=table, **told)

    return take_over


def test_a_table_becomes_threads_of_numbered_voices_once_and_nobody_hears_of_it(idea, take_over, stranger):
    before, steps = (Mail.objects.count(), Notice.objects.count()), []

    said = take_over(tell=lambda *told: steps.append(told))
    again = take_over()
    more = take_over(ROWS + "E7;5;3;Cleo;Weekly is a lot.;2026-01-06\n")
    first, second = queries.talk_page(stranger, idea.key, AT).threads

    assert ("4 comments by 2 new voices" in said, "0 comments" in again, "1 comments by 1 new" in more) == (True,) * 3
    assert (first.first.who, [one.who for one in first.replies]) == (
        "Ada B (Participant 1)", ["Ben (Participant 2)", "Ada B (Participant 1)", "Cleo (Participant 3)"],
    )  # fmt: skip
    assert (second.first.who, first.replies[1].quoted_who) == ("Somebody from Fair", "Ben (Participant 2)")
    counts = Comment.objects.order_by("external_id").values_list("n_replies", "n_answers")
    assert (list(counts), Talk.objects.values_list("n_comments", "n_threads").get()) == (
        [(3, 1), (0, 1), (0, 1), (0, 0), (0, 0)], (5, 2),
    )  # fmt: skip
    assert (Mail.objects.count(), Notice.objects.count()) == before
    crossings = Crossing.objects.filter(kind="comments.imported")
    assert ([json.loads(one.body)["facts"]["comments"] for one in crossings.order_by("pk")], steps[-1][1:]) == (
        [4, 1],
        (4, 4),
    )


def test_answering_naming_and_hiding_a_voice_tell_only_who_has_an_account(idea, take_over, solver, stranger, owner):
    take_over("E7;1;;Participant 1;Tap it.;\n")
    voice, before = Comment.objects.get(), Mail.objects.count()
    services.post_comment(
        idea_id=idea.pk, actor=stranger, text="Is it @Participant 1 who asks?", language="en", at=AT, answers=voice
    )
    services.react(comment_id=voice.pk, actor=stranger, kind="helpful", is_wanted=True, at=AT)
    told = list(Mail.objects.order_by("pk").values_list("to", flat=True))[before:]
    services.hide_text(text=voice, actor=owner, reason="off_topic", words="Elsewhere, please.", at=AT)
    services.hide_text(
        text=Comment.objects.get(writer=stranger), actor=owner, reason="off_topic", words="This as well.", at=AT
    )

    assert told == [solver.email]
    assert list(Mail.objects.order_by("pk").values_list("to", flat=True))[before + 1 :] == [stranger.email]
    assert (list(queries.needed_writers()), list(queries.needed_participants())) == ([stranger.pk], [stranger.pk])
    assert erasure_lines_of(stranger) is not None
    assert not queries.is_from_inside(voice)


def test_who_manages_erases_a_voice_and_the_table_does_not_bring_it_back(idea, take_over, owner, manager, stranger):
    take_over()
    written = services.post_comment(idea_id=idea.pk, actor=stranger, text="I pay.", language="en", at=AT)
    ada, nobody = (Comment.objects.get(external_id=number) for number in "14")

    n_erased = services.erase_voice(comment_id=ada.pk, actor=manager, at=AT)
    n_alone = services.erase_voice(comment_id=nobody.pk, actor=owner, at=AT)
    again = take_over()

    assert (n_erased, n_alone, "0 comments" in again) == (2, 1, True)
    left = Comment.objects.filter(writer__isnull=True, text_removed_at__isnull=True)
    assert [one.text for one in left] == ["Rubber wears out, @Ada B."]
    assert not Participant.objects.filter(imported_name="Ada B").exists()
    assert Talk.objects.values_list("n_comments", "n_threads").get() == (2, 2)
    for actor, comment, code in ((stranger, ada, "not_manager"), (owner, written, "has_writer")):
        with pytest.raises(RefusedError) as refused:
            services.erase_voice(comment_id=comment.pk, actor=actor, at=AT)
        assert code in refused.value.refusal.code


def test_what_was_said_about_an_entry_of_a_table_is_read_by_who_manages_alone(
    client_of, idea, take_over, owner, member, solver, stranger, other_owner, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    take_over()
    Idea.objects.filter(pk=idea.pk).update(shown_to="")
    inside, talk = reverse("ideas:detail", args=[idea.key]), reverse("dialogue:talk", args=[idea.key])

    pages = [client_of(owner).get(address).content.decode() for address in (inside, talk)]
    others = [client_of(person).get(talk).status_code for person in (member, solver, stranger, other_owner)]
    own = client_of(solver).get(inside).content.decode()

    assert (talk in pages[0], "Tap it with rubber." in pages[1], others) == (True, True, [404] * 4)
    assert talk not in own


def test_the_database_keeps_voices_and_writers_apart(idea, take_over, stranger):
    take_over()
    for change in ({"writer": stranger}, {"source": ""}, {"voice": "participant", "participant": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(external_id="1").update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(imported_name="Ben").update(person=stranger)


def test_while_entries_are_sealed_a_table_tells_nothing_of_what_else_came_in(make_challenge, make_idea, owner):
    sealed = make_challenge()
    make_idea(challenge=sealed, title="Hush")
    brought = make_idea(challenge=sealed, title="Brought")
    Idea.objects.filter(pk=brought.pk).update(channel="import")

    known = queries.known_of(sealed, AT)

    assert (rules.entry_of("Hush", known), rules.entry_of("brought", known)) == ((), [brought.pk])


def test_the_pages_take_over_and_erase_and_refuse(client, idea, owner, other_owner, member):
    client.force_login(owner)
    start = f"/challenges/{idea.challenge.key}/comments/import/"
    sent = SimpleUploadedFile("talk.csv", (HEAD + ROWS).encode())
    pages = [client.get(start), client.post(start, {}), client.post(start, {"table": SimpleUploadedFile("x.csv", b"")})]
    preview = client.post(start, {"table": sent})["Location"]
    wrong = client.post(preview, {"column-entry": "text"})
    misread = client.post(preview, {"column-entry": "text", "column-text": "text"})
    shown = client.get(preview)
    refusal = refused_page(client, idea, preview)
    done = client.post(preview, {"source": "Fair"}, follow=True)
    again = client.post(start, {"table": SimpleUploadedFile("talk.csv", (HEAD + ROWS).encode())})["Location"]
    twice = client.post(again, follow=True)
    comment = Comment.objects.get(external_id="1")
    erase = f"/comments/{comment.key}/erase/"
    asked, erased = client.get(erase), client.post(erase, follow=True)
    gone = client.get(erase)

    assert [page.status_code for page in (*pages, wrong, misread, shown, refusal)] == [
        200,
        422,
        422,
        422,
        422,
        200,
        409,
    ]
    assert "4 comments were taken over." in done.content.decode()
    assert "4 comments were here already." in twice.content.decode()
    assert ("Ada B (Participant 1)" in asked.content.decode(), gone.status_code) == (True, 404)
    assert "2 comments were erased." in erased.content.decode()
    client.force_login(other_owner)
    assert [client.get(page).status_code for page in (start, erase)] == [404, 404]
    with pytest.raises(Http404):
        queries.voice_for(member, Comment.objects.get(external_id="2").key)


def refused_page(client, idea, preview):
    """Return what a manager reads who comes too late."""
    challenge = idea.challenge
    type(challenge).objects.filter(pk=challenge.pk).update(status="decided")
    answer = client.post(preview, {"source": "Fair"})
    type(challenge).objects.filter(pk=challenge.pk).update(status="published")
    return answer


def test_real_talk_stands_under_its_real_entries(make_challenge, owner, tmp_path, shared_data):
    pq = pytest.importorskip("pyarrow.parquet")
    folder, challenge = shared_data("decidim_bcn_2016"), make_challenge(closed=True, steps=[STEP])
    comments = pq.read_table(folder / "comments.parquet").slice(0, 40)
    wanted = set(comments["proposal_id"].to_pylist())
    proposals = pq.read_table(folder / "proposals.parquet")
    few = proposals.filter([number in wanted for number in proposals["proposal_id"].to_pylist()])
    for name, table in (("proposals", few), ("comments", comments)):
        pq.write_table(table, tmp_path / f"{name}.parquet")
    given = {"challenge_key": challenge.key, "email": owner.email, "at": AT}
    list(import_files(ideas=tmp_path / "proposals.parquet", reviews=None, **given))

    said = import_talk(comments=tmp_path / "comments.parquet", source="Decidim", **given)

    assert said.startswith("40 comments by ")
    below = Comment.objects.exclude(thread=None)
    assert below.exists()
    assert all(row.idea_id == row.thread.idea_id for row in below.select_related("thread"))
    assert {row.written_at.year for row in Comment.objects.all()} == {2016}
