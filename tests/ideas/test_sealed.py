"""Before a challenge closes nobody but its contributors reads an entry: on pages, in files, lists and the API."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from permea.ideas import queries, services
from permea.ideas.models import Idea, SimilarPair
from permea.ideas.queries import Filters
from tests.cast import AT

SECRET = "Quillwort"  # occurs in title, summary, text and file name of the sealed entry, and nowhere else
TICK = timedelta(microseconds=1)
OTHERS = ["owner", "manager", "evaluator", "member", "solver_two", "stranger", "other_owner", "anonymous"]
MANAGERS = ["owner", "manager"]


@pytest.fixture
def sealed(make_idea, make_attachment, solver, other_organisation, settings_dir):
    """Return an entry that says the secret word wherever an entry can say something."""
    draft = make_idea(author=solver, submitted=False, title=SECRET, summary=f"{SECRET} grips", body=f"About {SECRET}")
    make_attachment(draft, name=f"{SECRET}.txt", content=SECRET.encode())
    return services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)


@pytest.fixture
def browser(request, client_of):
    """Return a function that gives the browser of one of the cast, or of nobody."""
    return lambda who: Client() if who == "anonymous" else client_of(request.getfixturevalue(who))


def addresses(idea):
    """Return every address of the ideas step that could tell of the entry, and of the API."""
    file, challenge = idea.attachments.get(), idea.challenge
    return [
        f"/ideas/{idea.key}/",
        f"/my/ideas/{idea.key}/edit/",
        f"/my/ideas/{idea.key}/versions/1.json",
        f"/files/{file.key}/",
        f"/challenges/{challenge.key}/ideas/",
        f"/challenges/{challenge.key}/ideas/?q=grips&sort=title&source=other&language=en&page=1",
        f"/challenges/{challenge.key}/import/",
        f"/challenges/{challenge.key}/similar/",
        f"/challenges/{challenge.key}/similar/?q={SECRET.lower()}",
        f"/challenges/{challenge.key}/similar/{idea.key}/{idea.key}/",
        f"/my/ideas/{idea.key}/merge/",
        f"/c/{challenge.key}/enter/",
        "/my/",
        "/api/ideas",
        f"/api/ideas/{idea.key}",
        f"/api/challenges/{challenge.key}/ideas",
        f"/api/challenges/{challenge.key}/ideas?q=grips",
        f"/api/challenges/{challenge.key}/similar?q={SECRET.lower()}",
    ]


def said(response):
    """Return everything an answer says."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode() + json.dumps(dict(response.headers.items()))


@pytest.mark.parametrize("who", OTHERS)
def test_no_page_file_list_search_or_operation_tells_others_of_a_sealed_entry(sealed, browser, clock, who):
    clock.at = sealed.challenge.closes_at - TICK
    client = browser(who)
    telling = [address for address in addresses(sealed) if SECRET in said(client.get(address))]

    assert telling == []


@pytest.mark.parametrize("who", OTHERS)
def test_the_entry_itself_is_404_or_sign_in_for_others(sealed, browser, clock, who):
    clock.at = sealed.challenge.closes_at - TICK
    client, own = browser(who), addresses(sealed)[:4]
    expected = [302, 302, 302, 404] if who == "anonymous" else [404] * 4

    assert [client.get(address).status_code for address in own] == expected


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("action", ["submit", "withdraw", "discard", "erase", "autosave", "attach", "edit"])
def test_others_change_nothing_and_learn_nothing(sealed, browser, clock, who, action):
    response = browser(who).post(f"/my/ideas/{sealed.key}/{action}/", {"title": "Taken"})
    sealed.refresh_from_db()

    assert (response.status_code, sealed.title, sealed.status, sealed.pending) == (
        302 if who == "anonymous" else 404,
        SECRET,
        "submitted",
        None,
    )


def test_the_author_reads_their_own_at_any_time(sealed, browser, clock):
    client = browser("solver")
    found = {}
    for at in (sealed.challenge.closes_at - TICK, sealed.challenge.closes_at):
        clock.at = at
        found[at] = [SECRET in said(client.get(address)) for address in addresses(sealed)[:4]]

    assert set(map(tuple, found.values())) == {(True, True, True, True)}


@pytest.mark.parametrize("who", MANAGERS)
def test_managers_read_from_the_closing_instant_on(sealed, browser, clock, who):
    clock.at = sealed.challenge.closes_at
    client = browser(who)
    told = addresses(sealed)
    reading = [told[number] for number in (0, 3, 4, 5, 8, 14, 15, 16, 17)]

    assert [SECRET in said(client.get(address)) for address in reading] == [True] * len(reading)


@pytest.mark.parametrize("who", ["evaluator", "member", "solver_two", "stranger", "other_owner", "anonymous"])
def test_after_closing_everybody_else_still_reads_nothing(sealed, browser, clock, who):
    clock.at = sealed.challenge.closes_at
    client = browser(who)
    telling = [address for address in addresses(sealed) if SECRET in said(client.get(address))]

    assert telling == []


def test_managers_see_how_many_there_are_and_when_they_open(sealed, browser, clock):
    page = said(browser("manager").get(f"/challenges/{sealed.challenge.key}/ideas/"))
    api = browser("manager").get(f"/api/challenges/{sealed.challenge.key}/ideas").json()

    assert ("Sealed until the challenge closes" in page, api["is_sealed"], api["count"], api["items"]) == (
        True,
        True,
        1,
        [],
    )


@pytest.mark.parametrize("who", MANAGERS)
def test_drafts_withdrawn_entries_and_waiting_changes_stay_with_their_authors(
    make_idea, make_attachment, make_challenge, browser, solver, solver_two, clock, who
):
    challenge = make_challenge()
    changed = make_idea(challenge=challenge, author=solver, title="Handed in")
    services.save_draft(idea_id=changed.pk, actor=solver, at=AT, body=SECRET)
    waiting = make_attachment(changed, content=SECRET.encode())
    draft = make_idea(challenge=challenge, author=solver_two, submitted=False, title=SECRET)
    back = make_idea(challenge=challenge, title=SECRET)
    services.withdraw_idea(idea_id=back.pk, actor=back.author, at=AT)
    clock.at, client = challenge.closes_at, browser(who)

    found = {
        address: SECRET in said(client.get(address))
        for address in (
            f"/ideas/{changed.key}/",
            f"/api/ideas/{changed.key}",
            f"/files/{waiting.key}/",
            f"/ideas/{draft.key}/",
            f"/ideas/{back.key}/",
            f"/api/ideas/{back.key}",
            f"/challenges/{challenge.key}/ideas/",
        )
    }

    assert [address for address, is_told in found.items() if is_told] == []


def test_queries_give_others_nothing_while_sealed(sealed, owner, manager, evaluator, at):
    before, after = sealed.challenge.closes_at - TICK, sealed.challenge.closes_at
    everything = {"filters": Filters(), "page": 1}

    assert (
        [list(queries.ideas_visible_to(actor, before)) for actor in (owner, manager, evaluator)],
        [list(queries.ideas_visible_to(actor, after)) for actor in (owner, manager, evaluator)],
        list(queries.entries_of(owner, sealed.challenge, before, **everything).page),
        list(queries.entries_of(owner, sealed.challenge, after, **everything).page),
        list(queries.entries_of(evaluator, sealed.challenge, after, **everything).page),
    ) == ([[], [], []], [[sealed], [sealed], []], [], [sealed], [])


def test_a_later_step_opens_files_to_those_it_gives_entries_to_but_never_before_closing(
    sealed, browser, clock, evaluator, monkeypatch
):
    monkeypatch.setattr(queries.access, "_readings", [])
    nothing, given = Idea.objects.none(), Idea.objects.filter(pk=sealed.pk)
    queries.register_reading(lambda person, _at: given if person == evaluator else nothing)
    address, answers = f"/files/{sealed.attachments.get().key}/", []
    for at in (sealed.challenge.closes_at - TICK, sealed.challenge.closes_at):
        clock.at = at
        responses = [browser(who).get(address) for who in ("evaluator", "member", "anonymous")]
        answers.append([(response.status_code, SECRET in said(response)) for response in responses])

    no = (404, False)
    assert answers == [[no, no, no], [(200, True), no, no]]


@pytest.mark.parametrize("who", ["owner", "manager", "solver_two"])
def test_before_the_deadline_nobody_is_told_that_something_like_it_is_handed_in(
    sealed, make_idea, make_person, client_of, browser, clock, who
):
    copy = {"title": SECRET, "summary": f"{SECRET} grips", "body": f"About {SECRET}"}
    twin = make_idea(challenge=sealed.challenge, author=make_person(), **copy)
    clock.at = sealed.challenge.closes_at - TICK
    services.find_pairs(challenge_id=sealed.challenge_id, at=clock.at)
    pages = [said(browser(who).get(address)) for address in ("/today/", *addresses(sealed)[8:11])]
    pages.append(said(browser(who).post(f"/challenges/{sealed.challenge.key}/similar/look/")))
    pages.append(said(client_of(twin.author).get(f"/my/ideas/{twin.key}/edit/")))

    assert [page for page in pages[:-1] if SECRET in page or "nearly the same" in page] == []
    assert (sealed.key in pages[-1], SimilarPair.objects.count()) == (False, 0)


def test_the_preview_of_a_table_names_alike_entries_only_once_they_are_open(sealed, browser, clock, owner):
    table = f"title,summary,body\n{SECRET},{SECRET} grips,About {SECRET}\n".encode()
    link, found = f'href="/ideas/{sealed.key}/"', []
    for at in (sealed.challenge.closes_at - TICK, sealed.challenge.closes_at):
        clock.at = at
        staged = services.stage_table(challenge_id=sealed.challenge_id, actor=owner, name="a.csv", content=table, at=at)
        page = said(browser("owner").get(f"/challenges/{sealed.challenge.key}/import/{staged.key}/"))
        found.append(link in page)

    assert found == [False, True]


def test_a_reading_is_registered_once(monkeypatch):
    monkeypatch.setattr(queries.access, "_readings", [])
    reading = queries.register_reading(lambda _person, _at: Idea.objects.none())
    queries.register_reading(reading)

    assert queries.access._readings == [reading]
