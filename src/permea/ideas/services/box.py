"""Boxes that are always open: made, changed, closed; and what people put into them."""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from permea.foundation.events import publish
from permea.foundation.files import storage
from permea.foundation.files.intake import demand_clean
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import rules
from permea.ideas.events import PostingAddressAdded, PostingReceived
from permea.ideas.models import IdeaBox, Posting, PostingStep
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people import rules as people
from permea.people.models import Organisation, Person
from permea.people.queries import hash_of, role_in

NO_TITLE = "–"  # what lists show of a posting whose text is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxInput:
    """What a box says and takes."""

    title: str
    welcome: str = ""
    language: str = "en"
    origins: Sequence[str] = ()
    asks_source: bool = True
    source: str = "customer"
    answer_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture as it arrived; one that was looked at for viruses is not looked at again."""

    name: str
    content: bytes
    is_scanned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingInput:
    """What somebody puts into a box; an anonymous sender's name is not kept, their address is shown to nobody.

    `n_left_out` and `is_cut` say what of it was not taken: the sender is told.
    """

    kind: str
    text: str
    source: str = ""
    channel: str = "page"
    place: str = ""
    language: str = "en"
    is_anonymous: bool = True
    name: str = ""
    email: str = ""
    n_left_out: int = 0
    is_cut: bool = False


@transaction.atomic
def create_box(*, organisation: Organisation, content: BoxInput, actor: Person, at: datetime) -> IdeaBox:
    """Open a new box. Raises RefusedError if the actor may not manage or a site cannot be listed."""
    demand(people.why_not_manage(role_in(actor, organisation.pk)))
    return IdeaBox.objects.create(organisation=organisation, created_at=at, **_fields_of(content))


@transaction.atomic
def change_box(*, box_id: int, content: BoxInput, actor: Person) -> IdeaBox:
    """Change what a box says and takes; answers promised before keep their day.

    Raises RefusedError if the actor may not manage or a site cannot be listed.
    """
    box = _locked_box(box_id, actor)
    for name, value in _fields_of(content).items():
        setattr(box, name, value)
    box.save()
    return box


def _fields_of(content: BoxInput) -> dict[str, object]:
    """Return the fields of a box as they are stored. Raises RefusedError if a site cannot be listed."""
    origins = rules.clean_origins(content.origins)
    if isinstance(origins, Refusal):
        raise RefusedError(origins)
    return {
        "title": content.title.strip(),
        "welcome": content.welcome.strip(),
        "language": content.language,
        "origins": origins,
        "asks_source": content.asks_source,
        "source": content.source,
        "answer_days": content.answer_days,
    }


@transaction.atomic
def set_box_open(*, box_id: int, is_open: bool, actor: Person, at: datetime) -> IdeaBox:
    """Close a box to new things or open it again; what is in it stays. Raises RefusedError to non-managers."""
    box = _locked_box(box_id, actor)
    if box.is_open != is_open:
        box.closed_at = None if is_open else at
        box.save(update_fields=["closed_at"])
    return box


def _locked_box(box_id: int, actor: Person) -> IdeaBox:
    """Return the box, locked until the transaction ends. Raises RefusedError if the actor may not manage it."""
    box = IdeaBox.objects.select_for_update(of=("self",)).get(pk=box_id)
    demand(people.why_not_manage(role_in(actor, box.organisation_id)))
    return box


# --- what is put into them


def post(
    *,
    box_id: int,
    content: PostingInput,
    seed: str,
    at: datetime,
    sender: Person | None = None,
    photo: Photo | None = None,
) -> Posting:
    """Put a need or an idea into a box; the same seed twice is one posting, the first.

    The photo loses all that its camera wrote into it before it is stored. Raises RefusedError as `rules.why_not_post`
    and `rules.why_not_photo` say, if the photo cannot be read, and as `demand_clean` does; then nothing is kept.
    """
    stored, content_type = (None, "") if photo is None else keep_photo(photo=photo)
    try:
        posting = _add(box_id, content, seed, at, sender, stored, content_type)
    except BaseException:
        if stored is not None:
            storage.delete(stored.path)
        raise
    if stored is not None and posting.photo_path != stored.path:
        storage.delete(stored.path)
    return posting


def keep_photo(*, photo: Photo) -> tuple[storage.StoredFile, str]:
    """Store a picture without its metadata; return where, and its type. Raises RefusedError if it is none."""
    name = rules.safe_name(photo.name)
    demand(rules.why_not_photo(name, len(photo.content)))
    found = rules.sniff(name, io.BytesIO(photo.content), len(photo.content))
    clean = None if isinstance(found, Refusal) else rules.without_metadata(found, photo.content)
    if isinstance(found, Refusal) or clean is None:
        raise RefusedError(rules.unreadable_photo())
    if not photo.is_scanned:
        demand_clean(chunks=[photo.content], size=len(photo.content))
    return storage.receive([clean], limit=len(clean)), found


@transaction.atomic
def _add(
    box_id: int,
    content: PostingInput,
    seed: str,
    at: datetime,
    sender: Person | None,
    stored: storage.StoredFile | None,
    content_type: str,
) -> Posting:
    """Store one posting, record that it came in, and announce it; return the one this form made before, if it did."""
    box = IdeaBox.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=box_id)
    former = Posting.objects.filter(form_hash=rules.form_hash(seed)).first()
    if former is not None:
        return former
    source = content.source if box.asks_source else box.source
    demand(rules.why_not_post(box, kind=content.kind, source=source, text=content.text))
    known = None if content.is_anonymous else sender
    posting = Posting(box=box, organisation=box.organisation, source=source, received_at=at, sender=known)
    _fill(posting, content)
    posting.answer_due_at = at + timedelta(days=box.answer_days)
    token = rules.private_token(seed)
    posting.token_hash, posting.form_hash = hash_of(token), rules.form_hash(seed)
    if stored is not None:
        posting.photo_path, posting.photo_type = stored.path, content_type
        posting.photo_size, posting.photo_sha256 = stored.size, stored.sha256
    posting.save()
    PostingStep.objects.create(posting=posting, what=PostingStep.What.RECEIVED, at=at)
    _record_arrival(posting, known, at)
    publish(
        PostingReceived(posting_id=posting.pk, token=token, n_left_out=content.n_left_out, is_cut=content.is_cut, at=at)
    )
    return posting


def _fill(posting: Posting, content: PostingInput) -> None:
    """Set what the sender said and said about themselves."""
    posting.kind, posting.channel, posting.language = content.kind, content.channel, content.language
    posting.text = content.text.replace("\r\n", "\n").strip()
    posting.title = rules.title_of(posting.text)
    posting.search_text = rules.search_text_of(posting.text, "")
    posting.place = rules.clean_place(content.place)
    posting.is_anonymous = content.is_anonymous
    posting.sender_name = "" if content.is_anonymous else " ".join(content.name.split())[:160]
    posting.sender_email = content.email.strip()
    posting.salt = secrets.token_hex(16)


def _record_arrival(posting: Posting, sender: Person | None, at: datetime) -> None:
    """Append to the ledger that this came in: its fingerprint, not its content, and nobody's name."""
    said = {"text": posting.text, "photo": posting.photo_sha256, "salt": posting.salt}
    record_crossing(
        organisation=posting.organisation,
        kind="posting.received",
        direction=Crossing.Direction.IN,
        depth=Crossing.Depth.INVITED,
        subject_type="posting",
        subject_key=posting.key,
        at=at,
        actor=sender,
        counterparty=sender,
        facts={
            "box": posting.box.key,
            "kind": posting.kind,
            "source": posting.source,
            "channel": posting.channel,
            "sha256": rules.fingerprint(said),
        },
    )


def locked_posting(posting_id: int) -> Posting:
    """Return a posting with its box and main posting, locked until the transaction ends."""
    return (
        Posting.objects.select_for_update(of=("self",))
        .select_related("organisation", "box", "merged_into")
        .get(pk=posting_id)
    )


@transaction.atomic
def leave_address(*, posting_id: int, email: str, token: str, at: datetime) -> Posting:
    """Let the sender have the answer by mail; another address takes the place of the one before.

    Who calls this has shown the token. Raises RefusedError as `rules.why_not_address` says.
    """
    posting = locked_posting(posting_id)
    demand(rules.why_not_address(posting))
    if posting.sender_email != email.strip():
        posting.sender_email = email.strip()
        posting.save(update_fields=["sender_email"])
        publish(PostingAddressAdded(posting_id=posting.pk, token=token, at=at))
    return posting


@transaction.atomic
def withdraw_posting(*, posting_id: int, at: datetime) -> Posting:
    """Remove text, photo, name and address for good; what is not answered yet is thereby taken back.

    What was merged into it waits on its own again. Who calls this has shown the token. Raises RefusedError as
    `rules.why_not_withdraw_posting` says.
    """
    posting = locked_posting(posting_id)
    demand(rules.why_not_withdraw_posting(posting))
    take_out(posting, at)
    record_crossing(
        organisation=posting.organisation,
        kind="posting.withdrawn",
        direction=Crossing.Direction.OUT,
        depth=Crossing.Depth.INVITED,
        subject_type="posting",
        subject_key=posting.key,
        at=at,
        facts={"was_answered": posting.answered_at is not None},
    )
    return posting


def part(posting: Posting, actor: Person | None, at: datetime) -> None:
    """Let a merged posting wait on its own again, and write that down."""
    main, posting.merged_into, posting.status = posting.merged_into, None, Posting.Status.CONSIDERED
    posting.save(update_fields=["merged_into", "status"])
    PostingStep.objects.create(posting=posting, what=PostingStep.What.UNMERGED, person=actor, other=main, at=at)


def take_out(posting: Posting, at: datetime) -> None:
    """Empty what a posting says and who sent it; keep keys, kinds, times, the answer and the counts.

    One that is not answered yet is thereby taken back; what was merged into it waits on its own again.
    """
    if posting.answered_at is None:
        for other in Posting.objects.select_for_update(of=("self",)).filter(merged_into=posting).order_by("pk"):
            part(other, None, at)
        posting.status, posting.merged_into = Posting.Status.WITHDRAWN, None
    PostingStep.objects.create(posting=posting, what=PostingStep.What.WITHDRAWN, at=at)
    posting.title, posting.text, posting.search_text, posting.salt, posting.place = NO_TITLE, "", "", "", ""
    posting.sender, posting.sender_name, posting.sender_email = None, "", ""
    posting.notes.all().delete()
    path, posting.photo_path = posting.photo_path, ""
    posting.text_removed_at = at
    posting.save()
    if path:
        transaction.on_commit(lambda: storage.delete(path))
