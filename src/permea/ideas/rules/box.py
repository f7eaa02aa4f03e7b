"""Deciding about boxes and what is put into them: what is taken, who may answer, merge, take back, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea, IdeaBox, Posting
from permea.people import rules as people

MAX_POSTING, MAX_ANSWER, MAX_WHY, MAX_PLACE = 4000, 5000, 500, 60
TITLE_LENGTH = 90
MAX_PHOTO = 12 * 1024 * 1024
MAX_ORIGINS = 20
PHOTO_KINDS = (".jpg", ".jpeg", ".png", ".webp")
KEEP_ADDRESS = timedelta(days=365)
OUTCOMES = (Posting.Status.TAKEN_UP, Posting.Status.DECLINED)
_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def title_of(text: str) -> str:
    """Return the first line of a text, cut at a word where it is long: what lists show of it."""
    line = " ".join(text.strip().partition("\n")[0].split())
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def clean_place(place: str) -> str:
    """Return the name of a place as it stands in a scanned address: one line, not too long, text only."""
    return " ".join(_FORBIDDEN.sub("", place).split())[:MAX_PLACE]


def clean_origins(lines: Iterable[str]) -> list[str] | Refusal:
    """Return sites as a browser names them (https://www.example.org), each once, or why one of them is none."""
    found: list[str] = []
    for line in (line.strip().lower().rstrip("/") for line in lines):
        if not line:
            continue
        if not _ORIGIN.fullmatch(line):
            return Refusal(
                "box.bad_origin",
                _("“%(site)s” is not a site: write scheme and host as in https://www.example.org, without a path.")
                % {"site": line[:80]},
            )
        if line not in found:
            found.append(line)
    if len(found) > MAX_ORIGINS:
        return Refusal("box.too_many_origins", _("At most %(limit)d sites can be listed.") % {"limit": MAX_ORIGINS})
    return found


def why_not_post(box: IdeaBox, *, kind: str, source: str, text: str, is_addition: bool = False) -> Refusal | None:
    """Return why this is not taken into the box, or None if it is; a closed box still takes additions."""
    if not box.is_open and not is_addition:
        return Refusal("box.closed", _("This box does not take anything now."))
    if kind not in Posting.Kind.values:
        return Refusal("box.no_kind", _("Choose whether it is a problem you see or an idea you have."))
    if source not in Idea.Source.values:
        return Refusal("ideas.bad_source", _("Choose who you are from the list."))
    if not text.strip():
        return Refusal("box.no_text", _("Say in a sentence or two what it is about."))
    if len(text) > MAX_POSTING:
        return Refusal(
            "box.too_long",
            _("That is longer than %(limit)d characters. The core of it is enough; we ask if we need more.")
            % {"limit": MAX_POSTING},
        )
    if _FORBIDDEN.search(text):
        return Refusal("box.bad_characters", _("The text contains characters that are not text. Remove them."))
    return None


def why_not_note(posting: Posting, *, text: str) -> Refusal | None:
    """Return why its sender cannot add this to a posting, or None if they can: that is possible while it waits."""
    refusal = _why_not_waiting(posting)
    if refusal is not None:
        return refusal
    return why_not_post(posting.box, kind=posting.kind, source=posting.source, text=text, is_addition=True)


def why_not_photo(name: str, size: int) -> Refusal | None:
    """Return why a file of this name and size is not taken as a photo, or None if it may be one."""
    if not name.lower().endswith(PHOTO_KINDS):
        return Refusal("box.photo_kind", _("The photo must be a JPEG, PNG or WebP picture."))
    if size > MAX_PHOTO:
        return Refusal(
            "box.photo_too_big",
            _("The photo is larger than %(limit)d MB. Choose a smaller one.") % {"limit": MAX_PHOTO >> 20},
        )
    return None


def unreadable_photo() -> Refusal:
    """Return that a picture is broken or not what its name says."""
    return Refusal("box.photo_unreadable", _("This picture cannot be read. Choose another one, or send without it."))


def why_not_consider(posting: Posting, *, role: str | None) -> Refusal | None:
    """Return why somebody in this role may not mark it as being considered, or None if they may."""
    return people.why_not_manage(role) or _why_not_waiting(posting)


def _why_not_waiting(posting: Posting) -> Refusal | None:
    """Return why nothing can be done with it any more, or None if it waits for an answer."""
    if posting.status == Posting.Status.MERGED:
        return Refusal("box.is_merged", _("It is merged with another one; that one is answered for both."))
    if posting.status == Posting.Status.WITHDRAWN:
        return Refusal("box.is_withdrawn", _("Its sender took it back."))
    if posting.status in OUTCOMES:
        return Refusal("box.is_answered", _("It is answered already; its sender was told."))
    return None


def why_not_answer_posting(
    posting: Posting, *, role: str | None, outcome: str, reason: str, words: str
) -> Refusal | None:
    """Return why somebody in this role may not answer like this, or None if they may: nothing ends without words."""
    refusal = people.why_not_manage(role) or _why_not_waiting(posting)
    if refusal is not None:
        return refusal
    if outcome not in OUTCOMES:
        return Refusal("box.no_outcome", _("Choose whether you take it up."))
    if not words.strip():
        return Refusal("box.no_words", _("Write the answer in your own words: its sender reads them."))
    if len(words) > MAX_ANSWER:
        return Refusal(
            "box.answer_too_long", _("The answer takes at most %(limit)d characters.") % {"limit": MAX_ANSWER}
        )
    if (outcome == Posting.Status.DECLINED) != (reason in Posting.Reason.values):
        return Refusal("box.no_reason", _("Say why if you do not take it up, and only then."))
    return None


def why_not_merge_posting(
    posting: Posting, main: Posting | None, *, role: str | None, n_merged: int, why: str
) -> Refusal | None:
    """Return why somebody in this role may not merge `posting` into `main`, or None if they may."""
    refusal = people.why_not_manage(role) or _why_not_waiting(posting)
    if refusal is not None:
        return refusal
    if main is None or main.pk == posting.pk or main.organisation_id != posting.organisation_id:
        return Refusal("box.no_main", _("Choose what it is merged with."))
    if main.status in {Posting.Status.MERGED, Posting.Status.WITHDRAWN}:
        return Refusal("box.main_is_gone", _("The other one is merged itself or taken back. Choose another one."))
    if n_merged:
        return Refusal("box.is_main", _("Others are merged into this one. Merge the other one into this instead."))
    if not why.strip():
        return Refusal("box.no_why", _("Say in a few words why they belong together."))
    return None


def why_not_unmerge(posting: Posting, *, role: str | None) -> Refusal | None:
    """Return why somebody in this role may not undo the merging, or None if they may."""
    refusal = people.why_not_manage(role)
    if refusal is not None:
        return refusal
    if posting.merged_into is None:
        return Refusal("box.not_merged", _("It is not merged."))
    if posting.merged_into.answered_at is not None:
        return Refusal("box.is_answered", _("It is answered already; its sender was told."))
    return None


def why_not_draft_challenge(posting: Posting, *, role: str | None) -> Refusal | None:
    """Return why somebody in this role may not make a challenge of it, or None if they may."""
    refusal = people.why_not_manage(role)
    if refusal is not None:
        return refusal
    if posting.became_challenge_id is not None:
        return Refusal("box.has_challenge", _("There is a challenge made of it already."))
    if posting.kind != Posting.Kind.NEED:
        return Refusal("box.not_a_need", _("A challenge asks for solutions, so it is made of a need."))
    if posting.status in {Posting.Status.MERGED, Posting.Status.WITHDRAWN}:
        return _why_not_waiting(posting)
    return None


def why_not_withdraw_posting(posting: Posting) -> Refusal | None:
    """Return why its sender may not take it back, or None: that is possible until its text is gone."""
    if posting.text_removed_at is None:
        return None
    return Refusal("box.is_withdrawn", _("Text, photo and address are removed already."))


def why_not_address(posting: Posting) -> Refusal | None:
    """Return why no address can be left for the answer any more, or None if it can."""
    if posting.text_removed_at is not None:
        return why_not_withdraw_posting(posting)
    if posting.answered_at is not None or (posting.merged_into and posting.merged_into.answered_at):
        return Refusal("box.is_answered", _("The answer is there already: you can read it on this page."))
    return None
