"""API of ideas: one's own entries from draft to withdrawal, and the entries of a challenge for its managers."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict

from permea.foundation.clock import now
from permea.foundation.ids import new_key
from permea.foundation.refusals import demand
from permea.ideas import queries, rules, services
from permea.ideas.models import Idea, Posting
from permea.people.models import Person
from permea.surface.languages import language_of, offered_and
from permea.surface.problems import Problem
from permea.surface.ratelimit import why_too_many

router = Router()
REFUSABLE = {409: Problem, 404: Problem}


class FileOut(Schema):
    """A file that came with an idea; its bytes are at /files/KEY/."""

    key: str
    name: str
    type: str
    size: int
    sha256: str


class IdeaOut(Schema):
    """An idea as its reader may see it; `has_changes` tells its contributors of changes that are not handed in."""

    key: str
    challenge: str
    status: str
    title: str
    summary: str
    body: str
    language: str
    source: str
    affiliation: str
    country: str
    asked_money: Decimal | None
    asked_days: Decimal | None
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    saved_at: datetime
    n_versions: int
    has_changes: bool
    files: list[FileOut]
    sha256: str
    receipt: str


class IdeaRow(Schema):
    """An idea in a list."""

    key: str
    title: str
    summary: str
    status: str
    language: str
    source: str
    affiliation: str
    author: str
    submitted_at: datetime | None
    n_versions: int
    n_files: int


class IdeaPage(Schema):
    """One page of the entries of a challenge; of a sealed one only the count."""

    is_sealed: bool
    opens_at: datetime | None
    count: int
    page: int
    pages: int
    items: list[IdeaRow]


class SimilarRow(Schema):
    """An entry that says something like the text, from 0 to 1 how much, and the words they share, the rarest first."""

    key: str
    title: str
    status: str
    score: float
    words: list[str]


class EnterIn(Schema):
    """Which challenge to enter, and the keys of the terms texts the person has read and accepts."""

    challenge: str
    accept: list[str] = Field(default_factory=list)


class DraftIn(Schema):
    """The fields to save; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = None
    summary: str | None = None
    body: str | None = None
    language: str | None = None
    source: str | None = None
    affiliation: str | None = None
    country: str | None = None
    asked_money: Decimal | None = None
    asked_days: Decimal | None = None
    seen: datetime | None = None


class ListIn(Schema):
    """What to look for in the entries of a challenge."""

    q: str = ""
    source: str = ""
    language: str = ""
    sort: Literal["submitted", "-submitted", "title", "-title", "money", "-money"] = "-submitted"
    page: int = 1


def _person(request: HttpRequest) -> Person:
    """Return who asks: the session's person or the token's; every operation asks for sign-in."""
    return cast("Person", request.user)


def _idea_out(actor: Person, idea: Idea) -> IdeaOut:
    """Return an idea as this reader may see it: its contributors see their latest text, others the latest version."""
    is_own = queries.is_contributor(actor, idea)
    fields = rules.edited(idea) if is_own else rules.stored(idea)
    version = idea.versions.order_by("-number").first()
    named = version.content.get("files", []) if version else []
    live = list(queries.live_attachments(idea)) if is_own else []
    return IdeaOut(
        key=idea.key,
        challenge=idea.challenge.key,
        status=idea.status,
        submitted_at=idea.submitted_at,
        withdrawn_at=idea.withdrawn_at,
        saved_at=idea.saved_at,
        n_versions=idea.n_versions,
        has_changes=is_own and version is not None and queries.has_changes(idea, live),
        files=[FileOut(**file) for file in (rules.files_of(live) if is_own else named)],
        sha256=version.sha256 if version else "",
        receipt=version.receipt_key if version and is_own else "",
        **fields,
    )


@router.get("/ideas", response=list[IdeaRow])
def list_my_ideas(request: HttpRequest) -> list[IdeaRow]:
    """List the person's own entries, the last one saved first."""
    return [_row(idea) for idea in queries.my_ideas(_person(request))]


@router.post("/ideas", response={201: IdeaOut, **REFUSABLE})
def enter_challenge(request: HttpRequest, payload: EnterIn) -> Status[IdeaOut]:
    """Accept the terms of a challenge and start an entry, or return the draft that is open already."""
    actor, challenge = _person(request), queries.challenge_for_entry(payload.challenge)
    demand(why_too_many(actor.key, what="ideas.enter", limit=30, per=timedelta(hours=1)))
    idea = services.enter_challenge(
        challenge_id=challenge.pk, actor=actor, accepted=payload.accept, at=now(), channel=Idea.Channel.API
    )
    return Status(201, _idea_out(actor, idea))


@router.get("/ideas/{key}", response={200: IdeaOut, 404: Problem})
def read_idea(request: HttpRequest, key: str) -> IdeaOut:
    """Read an own entry, or a handed-in one of a closed challenge the person manages."""
    actor, at = _person(request), now()
    idea = queries.idea_for(actor, key, at)
    services.keep_readings(organisation_id=idea.organisation_id, keys=[key], reader=actor, at=at)
    return _idea_out(actor, idea)


@router.patch("/ideas/{key}", response={200: IdeaOut, **REFUSABLE})
def save_draft(request: HttpRequest, key: str, payload: DraftIn) -> IdeaOut:
    """Save fields of an own entry; of a handed-in one they wait until it is handed in again."""
    actor = _person(request)
    idea = queries.my_idea(actor, key)
    fields = payload.model_dump(exclude_unset=True, exclude={"seen"})
    cleared = {name: ("" if value is None and name in rules.TEXT_FIELDS else value) for name, value in fields.items()}
    saved = services.save_draft(idea_id=idea.pk, actor=actor, at=now(), seen=payload.seen, **cleared)
    demand(rules.why_not_alone(is_kept_apart=saved.is_kept_apart))
    return _idea_out(actor, saved.idea)


@router.post("/ideas/{key}/submit", response={200: IdeaOut, **REFUSABLE})
def submit_idea(request: HttpRequest, key: str) -> IdeaOut:
    """Hand an own entry in, or its changes as the next version; a second time changes nothing."""
    actor = _person(request)
    idea = queries.my_idea(actor, key)
    demand(why_too_many(actor.key, what="ideas.submit", limit=60, per=timedelta(hours=1)))
    return _idea_out(actor, services.submit_idea(idea_id=idea.pk, actor=actor, at=now()))


@router.post("/ideas/{key}/withdraw", response={200: IdeaOut, **REFUSABLE})
def withdraw_idea(request: HttpRequest, key: str) -> IdeaOut:
    """Take an own entry back; it can be handed in again until the deadline."""
    actor = _person(request)
    idea = queries.my_idea(actor, key)
    return _idea_out(actor, services.withdraw_idea(idea_id=idea.pk, actor=actor, at=now()))


@router.get("/challenges/{key}/ideas", response={200: IdeaPage, 404: Problem})
def list_entries(request: HttpRequest, key: str, wanted: Query[ListIn]) -> IdeaPage:
    """List the entries of a challenge the person manages; before it has closed only how many there are."""
    actor, at = _person(request), now()
    challenge, counts, is_sealed = queries.sealed_state(actor, key, at)
    filters = queries.Filters(text=wanted.q[:100], source=wanted.source, language=wanted.language, sort=wanted.sort)
    page = queries.entries_of(actor, challenge, at, filters=filters, page=wanted.page).page
    return IdeaPage(
        is_sealed=is_sealed,
        opens_at=challenge.closes_at,
        count=counts.submitted if is_sealed else page.paginator.count,
        page=page.number,
        pages=page.paginator.num_pages,
        items=[_row(idea) for idea in page],
    )


@router.get("/challenges/{key}/similar", response={200: list[SimilarRow], 404: Problem})
def list_similar_entries(request: HttpRequest, key: str, q: str = "") -> list[SimilarRow]:
    """List the entries of a challenge the person manages that say something like `q`; none before it has closed."""
    actor, at = _person(request), now()
    found = queries.similar_to(actor, queries.managed_challenge(actor, key), q.replace("\x00", ""), at)
    return [
        SimilarRow(key=one.idea.key, title=one.idea.title, status=one.idea.status, score=one.score, words=one.words)
        for one in found
    ]


def _row(idea: Idea) -> IdeaRow:
    """Return an idea as a row."""
    return IdeaRow(
        key=idea.key,
        title=idea.title,
        summary=idea.summary,
        status=idea.status,
        language=idea.language,
        source=idea.source,
        affiliation=idea.affiliation,
        author=idea.author.display_name,
        submitted_at=idea.submitted_at,
        n_versions=idea.n_versions,
        n_files=idea.n_files,
    )


class PostingIn(Schema):
    """A need or an idea for a box; with the same `request_id` twice it is put in once.

    Without a `language` it is told by the text, and where that is not clear it is the box's.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["need", "idea"]
    text: str
    source: str = Idea.Source.OTHER.value
    place: str = ""
    language: str = ""
    is_anonymous: bool = True
    request_id: str = Field(default="", max_length=100)


class PostingOut(Schema):
    """What was put into a box, until when it has an answer, and the private address of its state and answer."""

    key: str
    status: str
    answer_due_at: datetime
    private_url: str


@router.post("/boxes/{key}/postings", response={201: PostingOut, **REFUSABLE})
def post_into_box(request: HttpRequest, key: str, payload: PostingIn) -> Status[PostingOut]:
    """Put a need or an idea into a box; it is told who did only where `is_anonymous` is false."""
    actor, box = _person(request), queries.public_box(key)
    demand(why_too_many(actor.key, what="ideas.post", limit=600, per=timedelta(hours=1)))
    told_once = payload.request_id or new_key()
    seed = salted_hmac("permea.ideas.api", f"{actor.key}:{box.key}:{told_once}", algorithm="sha256").hexdigest()
    content = services.PostingInput(
        kind=payload.kind,
        text=payload.text,
        source=payload.source,
        channel=Posting.Channel.API,
        place=payload.place,
        language=payload.language[:10] or language_of(payload.text, offered_and(box.language)) or box.language,
        is_anonymous=payload.is_anonymous,
    )
    posting = services.post(box_id=box.pk, content=content, seed=seed, at=now(), sender=actor)
    address = f"{settings.BASE_URL}{reverse('ideas:private', args=[rules.private_token(seed)])}"
    made = PostingOut(key=posting.key, status=posting.status, answer_due_at=posting.answer_due_at, private_url=address)
    return Status(201, made)
