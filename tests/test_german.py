"""Whoever reads German reads German: on the main pages, and in the mails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils.translation.reloader import translation_file_changed

from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment
from permea.ideas.models import Idea
from permea.notifications.models import Mail
from permea.selection import services as selection
from tests.cast import AT
from tools import messages

TELLTALE = {
    "about", "and", "answer", "answers", "are", "back", "by", "challenge", "challenges", "entries", "entry", "for",
    "from", "goal", "how", "idea", "ideas", "is", "it", "judge", "judged", "nobody", "not", "on",
    "review", "reviews", "save", "that", "the", "this", "to", "what", "who", "with", "yet", "you", "your",
}  # fmt: skip
WORD = re.compile(r"[^\W\d_]+")
ADDRESS = re.compile(r"https?://\S+")
EMPTY_TAGS = {"br", "hr", "img", "input", "link", "meta", "path", "circle", "line", "rect", "polyline", "source", "wbr"}
UNREAD_TAGS = {"script", "style", "code", "kbd", "head"}
READ_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt"}


class Reader(HTMLParser):
    """Collects what a page says in its own language: text and labels, without code and parts in another language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.inside: list[tuple[str, bool]] = []
        self.said: list[str] = []

    @property
    def is_read(self) -> bool:
        return not self.inside or self.inside[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_read = self.is_read and tag not in UNREAD_TAGS and given.get("lang") in {None, self.language}
        if is_read:
            self.said += [given[name] or "" for name in READ_ATTRIBUTES & given.keys()]
        if tag not in EMPTY_TAGS:
            self.inside.append((tag, is_read))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.is_read:
            self.said.append(data)


def telltales(text: str) -> set[str]:
    """Return the English words of the small list that the text contains."""
    return {word.lower() for word in WORD.findall(ADDRESS.sub("", text))} & TELLTALE


def read(html: str, language: str) -> str:
    reader = Reader(language)
    reader.feed(html)
    return "\n".join(reader.said)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the catalogues, and let this process forget older ones."""
    for path in messages.compile_all():
        translation_file_changed(sender=None, file_path=path)


def judge(challenge, panel, actor) -> None:
    """Let the panel judge every entry of a closed challenge, and rank."""
    evaluation.seat_members(challenge_id=challenge.pk, persons=panel, actor=actor, at=AT)
    evaluation.deal_out(challenge_id=challenge.pk, actor=actor, at=AT)
    criteria = list(challenge.criteria.all())
    for assignment in Assignment.objects.filter(idea__challenge=challenge, status="open"):
        evaluation.submit_review(
            assignment_id=assignment.pk, actor=assignment.panelist.person, at=AT,
            scores={criterion.key: 4 for criterion in criteria}, recommendation="yes",
            reason="Das lässt sich bald mit dem bauen, was da ist.", private_note="",
        )  # fmt: skip
    evaluation.compute_ranking(challenge_id=challenge.pk, at=AT)


@pytest.fixture
def scene(settings, tmp_path, monkeypatch, organisation, owner, evaluator, make_person, make_goal, make_challenge,
          make_idea):  # fmt: skip
    """Return who reads, and addresses: a firm with an open, a judged, an answered and an unpublished challenge."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "keys").mkdir()
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(hours=1))
    del organisation
    owner.language = "de"
    owner.save(update_fields=["language"])
    goal = make_goal(title="Günstiger bauen", metric="Kosten je Stück")
    german = {"goal": goal, "language": "de", "prize_amount": 5000}
    text = {"title": "Weicher Griff", "summary": "Luft statt Metall.", "body": "Ein Balg aus Silikon."}
    solver = make_person("sam@werkstatt.example", "Sam", language="de")
    opened = make_challenge(title="Beeren greifen", **german)
    make_idea(challenge=opened, author=solver, **text)
    mine = make_idea(challenge=opened, author=solver, submitted=False, **text)
    judged = make_challenge(title="Reife Früchte sehen", closed=True, **german)
    for _ in range(3):
        make_idea(challenge=judged, author=make_person(language="de"), **text)
    judge(judged, [evaluator], owner)
    answered = make_challenge(title="Greifer reinigen", closed=True, **german)
    told = make_idea(challenge=answered, author=solver, **text)
    judge(answered, [evaluator], owner)
    award = selection.DecisionInput("award", "best_fit", "Diesen Greifer wollen wir mit Ihnen bauen.")
    selection.decide(challenge_id=answered.pk, actor=owner, at=AT, decisions={told.key: award})
    selection.release_answers(challenge_id=answered.pk, actor=owner, at=AT)
    draft = make_challenge(status="draft", title="Noch nicht gefragt", **german)
    review = Assignment.objects.filter(idea__challenge=judged).first()
    return {
        "people": {"owner": owner, "evaluator": evaluator, "solver": solver},
        "keys": {
            "opened": opened.key, "judged": judged.key, "answered": answered.key, "draft": draft.key, "goal": goal.key,
            "mine": mine.key, "told": told.key, "review": review.key, "terms": opened.participation_terms.key,
            "idea": Idea.objects.filter(challenge=judged).first().key,
        },
    }  # fmt: skip


PAGES = [
    ("", "/"),
    ("", "/c/{opened}/"),
    ("", "/privacy/"),
    ("", "/account/login/"),
    ("", "/not-there/"),
    ("solver", "/c/{opened}/enter/"),
    ("solver", "/my/"),
    ("solver", "/my/ideas/{mine}/edit/"),
    ("solver", "/my/ideas/{told}/"),
    ("solver", "/me/"),
    ("solver", "/me/tokens/"),
    ("solver", "/me/erase/"),
    ("evaluator", "/reviews/"),
    ("evaluator", "/reviews/{review}/"),
    ("owner", "/today/"),
    ("owner", "/plan/goals/"),
    ("owner", "/plan/goals/{goal}/"),
    ("owner", "/plan/goals/new/"),
    ("owner", "/challenges/"),
    ("owner", "/challenges/new/"),
    ("owner", "/challenges/{opened}/"),
    ("owner", "/challenges/{opened}/ideas/"),
    ("owner", "/challenges/{opened}/timetable/"),
    *[("owner", f"/challenges/{{draft}}/edit/{step}/") for step in ("goal", "brief", "criteria", "prize", "check")],
    ("owner", "/challenges/{draft}/edit/dates/"),
    ("owner", "/challenges/{judged}/ideas/"),
    ("owner", "/challenges/{judged}/import/"),
    ("owner", "/challenges/{judged}/panel/"),
    ("owner", "/challenges/{judged}/ranking/"),
    ("owner", "/challenges/{judged}/selection/"),
    ("owner", "/challenges/{judged}/decisions/"),
    ("owner", "/challenges/{answered}/awards/"),
    ("owner", "/challenges/{answered}/dossier/"),
    ("owner", "/ideas/{idea}/"),
    ("owner", "/ledger/"),
    ("owner", "/measures/"),
    ("owner", "/people/"),
    ("owner", "/terms/{terms}/"),
    ("owner", "/account/2fa/"),
]


def pages(scene, client, client_of, language: str) -> Iterator[tuple[str, str]]:
    """Yield every page's address and what it says, in the language a browser asks for."""
    browsers = {"": client} | {name: client_of(person) for name, person in scene["people"].items()}
    for who, address in PAGES:
        path = address.format(**scene["keys"])
        response = browsers[who].get(path, headers={"accept-language": language})
        assert response.status_code == (404 if path == "/not-there/" else 200), path
        yield path, read(response.content.decode(), language)


def test_no_page_says_anything_in_english(scene, client, client_of):
    found = {path: telltales(text) for path, text in pages(scene, client, client_of, "de")}

    assert {path: words for path, words in found.items() if words} == {}


def test_the_same_pages_in_english_are_found_out(scene, client, client_of):
    silent = [path for path, text in pages(scene, client, client_of, "en") if not telltales(text)]

    assert silent == []


def test_mails_to_people_who_read_german_are_german(scene):
    mails = Mail.objects.filter(person__language="de")
    found = {f"{mail.kind}: {mail.subject}": telltales(f"{mail.subject}\n{mail.text}") for mail in mails}

    assert (len(found) > 3, {mail: words for mail, words in found.items() if words}) == (True, {})
