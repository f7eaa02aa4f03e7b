"""Asking, reading, answering and looking, on the pages and by the API; nothing outside or inside names who asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from permea.dialogue import services
from permea.dialogue.forms import began_token
from permea.dialogue.models import Follower, PublishedAnswer, Question
from permea.surface.testing import assert_page_ok
from tests.cast import AT
from tests.dialogue.conftest import TEXT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LONG_AGO = AT - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch, client):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def send(client_of, challenge, asker):
    """Return a function that sends the form for asking as Asta."""

    def post(began_at=LONG_AGO, who=None, **fields):
        form = {"text": TEXT, "language": "en", "began": began_token((who or asker).key, began_at), **fields}
        return client_of(asker).post(reverse("dialogue:ask", args=[challenge.key]), form, follow=True)

    return post


@pytest.fixture
def manage(client_of, owner):
    """Return a function that posts a form about a question as Olga and reads the page that follows."""

    def post(name, about, **fields):
        return client_of(owner).post(reverse(f"dialogue:{name}", args=[about.key]), fields, follow=True)

    return post


def words(response) -> str:
    return response.content.decode()


def test_asking_begins_with_signing_in(client, challenge):
    answer = client.get(reverse("dialogue:ask", args=[challenge.key]))

    assert (answer.status_code, answer["Location"].startswith("/account/login/?next=/c/")) == (302, True)


def test_a_question_is_asked_and_stands_in_the_askers_list(client_of, challenge, asker, send):
    page = assert_page_ok(client_of(asker).get(reverse("dialogue:ask", args=[challenge.key])))
    assert "not to the organisation either" in page.text

    answer = send()

    assert (TEXT in words(answer), "Who asked is shown to nobody" in words(answer)) == (True, True)
    assert Question.objects.get().status == "waiting"


@pytest.mark.parametrize(
    ("chosen", "said", "asker_reads", "language"),
    [
        ("", "Darf der Greifer neben Tomaten auch andere Früchte halten?", "en", "de"),
        ("en", "Darf der Greifer neben Tomaten auch andere Früchte halten?", "de", "en"),
        ("", "La pince peut-elle tenir des fruits autres que des tomates ?", "de", "de"),
        ("", "Why 5 kg at all?", "it", "en"),
    ],
)
def test_a_question_is_in_the_language_chosen_or_else_the_one_its_text_shows(
    challenge, asker, send, chosen, said, asker_reads, language
):
    type(challenge).objects.filter(pk=challenge.pk).update(entry_languages=["en", "de"])
    type(asker).objects.filter(pk=asker.pk).update(language=asker_reads)
    send(text=said, language=chosen)

    assert Question.objects.get().language == language


def test_a_held_question_says_that_it_is_looked_at(send):
    assert "will be looked at" in words(send(text="Buy at https://a.example and https://b.example now"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"website": "https://spam.example"}, "has to stay empty"),
        ({"began_at": AT - timedelta(seconds=1)}, "very quick"),
        ({"began_at": AT - DAY}, "open for long"),
        ({"began": "forged"}, "open for long"),
    ],
)
def test_what_a_program_filled_in_comes_back_with_its_text(send, given, said):
    answer = send(**given)

    page = words(answer)
    assert (answer.status_code, said in page, TEXT in page, Question.objects.count()) == (409, True, True, 0)


def test_a_note_of_the_time_works_for_its_reader_only(send, solver):
    assert send(who=solver).status_code == 409


def test_a_quick_sender_only_sends_again(client_of, challenge, asker):
    browser, address = client_of(asker), reverse("dialogue:ask", args=[challenge.key])
    form = {"text": TEXT, "language": "en", "began": began_token(asker.key, AT)}
    page = words(browser.post(address, form))

    assert f'name="began" value="{form["began"]}"' in page


def test_an_empty_question_is_marked_in_the_form(send):
    assert send(text="").status_code == 422


def test_too_many_tries_an_hour_are_refused(settings, send):
    settings.RATE_LIMITS = True
    cache.clear()

    answers = [send(text=f"Why {number}?").status_code for number in range(31)]

    assert (answers[-1], Question.objects.count()) == (409, 0)
    cache.clear()


def test_after_closing_the_page_says_that_it_is_too_late(client_of, make_challenge, asker):
    closed = make_challenge(closed=True)

    page = client_of(asker).get(reverse("dialogue:ask", args=[closed.key]))

    assert "until entries closed" in assert_page_ok(page).text


def test_an_own_question_is_taken_back_once(client_of, ask, asker):
    question, browser = ask(), client_of(asker)
    address = reverse("dialogue:withdraw", args=[question.key])
    said = [words(browser.post(address, follow=True)) for _turn in range(2)]

    assert ("is taken back" in said[0], Question.objects.get().status) == (True, "withdrawn")


def test_a_hidden_question_is_objected_to_on_the_askers_page(client_of, ask, hide, asker):
    question, browser = hide(ask()), client_of(asker)
    assert "Object to this, once" in assert_page_ok(browser.get(reverse("dialogue:mine"))).text
    address = reverse("dialogue:appeal", args=[question.key])

    without = words(browser.post(address, {"words": ""}, follow=True))
    said = words(browser.post(address, {"words": "It is about it."}, follow=True))
    again = words(browser.post(address, {"words": "It is about it."}, follow=True))

    assert ("why in your own words" in without, "Your objection is noted" in said, "objected once" in again) == (
        True, True, True,
    )  # fmt: skip


def test_the_public_page_shows_questions_with_answers_and_no_trace_of_the_asker(client, challenge, ask, answer, asker):
    answer(ask(), changes_brief=True)
    ask("May the gripper leave a mark on the skin of the fruit?")

    pages = {
        name: client.get(address)
        for name, address in {
            "challenge": reverse("challenges:public", args=[challenge.key]),
            "questions": reverse("dialogue:questions", args=[challenge.key]),
            "api": f"/api/challenges/{challenge.key}/questions",
            "feed": reverse("challenges:feed"),
        }.items()
    }

    for name in ("challenge", "questions", "api"):
        page = words(pages[name])
        assert (name, TEXT in page, "It may drip." in page, "leave a mark" in page) == (name, True, True, False)
    traces = [
        name for name, page in pages.items() for trace in (asker.key, "Asta", asker.email) if trace in words(page)
    ]
    assert traces == []
    assert "changes what is asked" in words(pages["challenge"])
    assert "1 question waits for its answer." in words(pages["questions"])
    assert_page_ok(pages["challenge"])
    assert_page_ok(pages["questions"])


def test_what_strangers_write_is_text_and_never_a_link_or_code(client, challenge, ask, answer):
    answer(ask('Is <script>alert(1)</script> or [this](https://one.example) "wet"?'))

    page = words(client.get(reverse("dialogue:questions", args=[challenge.key])))

    assert ("<script>alert" in page, 'href="https://one.example"' in page, "[this](https" in page) == (
        False, False, True,
    )  # fmt: skip


def test_a_corrected_answer_shows_what_it_said_before(client, challenge, ask, answer):
    question = ask()
    answer(question)
    answer(question, "It may be moist.")

    page = words(client.get(reverse("dialogue:questions", args=[challenge.key])))
    short = words(client.get(reverse("challenges:public", args=[challenge.key])))
    told = client.get(f"/api/challenges/{challenge.key}/questions").json()

    assert ("Corrected answer" in page, "It may drip." in page, "It may be moist." in page) == (True, True, True)
    assert ("Corrected answer" in short, "It may drip." in short) == (True, False)
    assert (told["n_answered"], told["n_waiting"], told["questions"][0]["answer"]["number"]) == (1, 0, 2)
    assert [version["text"] for version in told["questions"][0]["earlier"]] == ["It may drip."]


def test_the_public_page_stays_light_however_much_is_asked(client, challenge, ask, answer, owner, at):
    question = ask("How wet may the fruit be? " + "Ä" * 1900)
    answer(question, "Ö" * 4000)
    for number in range(30):
        row = Question.objects.get(pk=question.pk)
        row.pk, row.key = None, f"key{number}"
        row.save()
        PublishedAnswer.objects.create(question=row, number=1, text="Ö" * 4000, written_by=owner, published_at=at)

    page = client.get(reverse("challenges:public", args=[challenge.key]))

    assert len(page.content) < 40_000
    assert words(page).count("Read on") == 4
    assert "All 31 questions and answers" in words(page)
    assert words(client.get(reverse("dialogue:questions", args=[challenge.key]))).count("data-item") == 25


def test_a_closed_challenge_without_questions_has_no_such_section(client, make_challenge):
    closed = make_challenge(closed=True)

    assert 'id="questions"' not in words(client.get(reverse("challenges:public", args=[closed.key])))


def test_the_questions_of_a_draft_are_nobodys(client, make_challenge):
    draft = make_challenge(status="draft")

    addresses = [reverse("dialogue:questions", args=[draft.key]), f"/api/challenges/{draft.key}/questions"]
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_whoever_is_signed_in_follows_and_stops(client_of, challenge, stranger):
    browser, address = client_of(stranger), reverse("dialogue:follow", args=[challenge.key])

    begun = words(browser.post(address, {"follow": "yes"}, follow=True))
    n_followers = Follower.objects.count()
    ended = words(browser.post(address, {"follow": "no"}, follow=True))

    assert ("Mail me no more answers" in begun, n_followers) == (True, 1)
    assert ("Mail me new answers" in ended, Follower.objects.count()) == (True, 0)


def test_a_reader_reports_a_published_question(client_of, ask, answer, solver, asker):
    question = ask()
    answer(question)
    address = reverse("dialogue:report", args=[question.key])
    assert_page_ok(client_of(solver).get(address))

    wrong = client_of(solver).post(address, {"reason": "spam", "words": ""})
    own = client_of(asker).post(address, {"reason": "spam", "words": "Mine."})
    right = client_of(solver).post(address, {"reason": "spam", "words": "Advertising."}, follow=True)

    assert (wrong.status_code, own.status_code, "Somebody will look at it" in words(right)) == (422, 409, True)


def test_what_is_not_published_cannot_be_reported(client_of, ask, solver):
    assert client_of(solver).get(reverse("dialogue:report", args=[ask().key])).status_code == 404


def test_those_who_manage_see_questions_and_their_log_without_askers_and_reporters(
    client_of, challenge, ask, answer, held, hide, solver, asker, owner
):
    question = ask()
    answer(question)
    services.report_text(text=question, actor=solver, reason="other", words="Not clear.", at=AT)
    hidden = hide(ask("May the gripper leave a mark on the skin of the fruit?"))
    services.appeal(text=hidden, actor=asker, words="It is about it.", at=AT)
    browser = client_of(owner)

    pages = [
        assert_page_ok(browser.get(address)).text
        for address in (reverse("dialogue:manage", args=[challenge.key]), reverse("dialogue:moderation"))
    ]

    for page in pages:
        assert ("a reader" in page, "a contributor" in page, "the rules" in page) == (True, True, True)
        traces = (asker.key, asker.email, "Asta", solver.key, solver.email, "Sam Solver")
        assert [trace for trace in traces if trace in page] == []


def test_today_counts_questions_with_the_nearest_deadline_and_texts_to_look_at(client_of, ask, held, owner, evaluator):
    ask()
    ask("May the gripper leave a mark on the skin of the fruit?")

    page = words(client_of(owner).get("/today/"))

    assert ("2 questions wait for their answers." in page, "1 text waits for a look." in page) == (True, True)
    assert "wait for their answers" not in words(client_of(evaluator).get("/today/"))


def test_an_answer_is_published_from_the_page(manage, ask):
    question = ask("I am Asta: how wet may the fruit be?")

    page = manage("answer", question, question=TEXT, answer="It may drip.", changes_brief="on")

    question.refresh_from_db()
    assert ("Published." in words(page), question.status, question.text) == (True, "answered", TEXT)
    assert PublishedAnswer.objects.get().changes_brief


def test_a_refused_answer_keeps_what_was_typed(manage, ask):
    question = ask()

    empty = manage("answer", question, question="How wet, please tell?", answer="")
    long = manage("answer", question, question=TEXT, answer="x" * 4001)

    assert (empty.status_code, "How wet, please tell?" in words(empty)) == (422, True)
    assert (long.status_code, "x" * 4001 in words(long), "at most 4000" in words(long)) == (422, True, True)


def test_held_texts_are_let_through_or_hidden_from_the_queue(manage, held, ask):
    other = ask("Buy at https://c.example and https://d.example now")
    back = {"next": reverse("dialogue:moderation")}

    released = manage("release", held, **back)
    refused = manage("hide", other, reason="spam", words="", **back)
    hidden = manage("hide", other, reason="spam", words="Advertising.", **back)

    assert "Done and logged." in words(released)
    assert "why in your own words" in words(refused)
    assert "Nothing waits for a look" in words(hidden)
    assert sorted(Question.objects.values_list("status", flat=True)) == ["hidden", "waiting"]


def test_objections_and_reports_are_decided_from_the_queue(manage, ask, answer, hide, asker, solver):
    hidden, reported = hide(ask()), ask("May the gripper leave a mark on the skin of the fruit?")
    answer(reported)
    services.appeal(text=hidden, actor=asker, words="It is about it.", at=AT)
    services.report_text(text=reported, actor=solver, reason="other", words="Not clear.", at=AT)

    manage("decide_appeal", hidden, words="You are right.", is_accepted="on")
    manage("dismiss", reported, words="It is clear.")

    hidden.refresh_from_db()
    reported.refresh_from_db()
    assert (hidden.status, reported.reported_at) == ("waiting", None)


def test_an_open_redirect_is_not_followed(manage, held):
    page = manage("release", held, next="https://elsewhere.example/")

    assert page.redirect_chain[0][0].startswith("/challenges/")


def test_another_firm_finds_no_question(client_of, ask, challenge, other_organisation, other_owner):
    question, browser = ask(), client_of(other_owner)

    answers = [
        browser.get(reverse("dialogue:manage", args=[challenge.key])).status_code,
        *(
            browser.post(reverse(f"dialogue:{name}", args=[question.key])).status_code
            for name in ("answer", "release", "hide", "decide_appeal", "dismiss", "withdraw", "appeal")
        ),
    ]

    assert answers == [404] * 8
