"""The page where people erase themselves says what each step does with what is theirs."""

from __future__ import annotations

import pytest

from permea.ideas import services as ideas
from permea.people import queries, services
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db


def test_ideas_and_the_ledger_say_what_goes_and_what_stays(make_challenge, make_idea, solver, client_of, at):
    handed_in = make_idea(challenge=make_challenge(), author=solver)
    taken_back = make_idea(challenge=make_challenge(), author=solver)
    ideas.withdraw_idea(idea_id=taken_back.pk, actor=solver, at=at)
    draft = make_idea(challenge=make_challenge(), author=solver, submitted=False)
    page = client_of(solver).get("/me/erase/")
    assert_page_ok(page)
    text = page.content.decode()
    said = ["1 draft", "1 withdrawn idea", "The 1 idea you handed in", "sealed fingerprints", "stays verifiable"]
    assert [words for words in said if words not in text] == []
    services.erase_person(person=solver, actor=solver, at=at)
    for idea in (handed_in, taken_back):
        idea.refresh_from_db()
    assert (bool(handed_in.body), taken_back.body) == (True, "")
    assert not type(draft).objects.filter(pk=draft.pk).exists()


def test_who_did_nothing_reads_nothing_about_ideas(stranger):
    lines = queries.erasure_lines_of(stranger)
    assert (len(lines.goes), len(lines.stays)) == (2, 1)
