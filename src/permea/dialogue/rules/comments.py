"""Deciding about comments on entries: who may write, change and react when, under which name, and who is meant."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from permea.dialogue.models import Comment, Participant, Reaction
from permea.dialogue.rules.moderation import LINK
from permea.foundation.refusals import Refusal
from permea.people.models import Person
from permea.surface.languages import offered_and

LONGEST_COMMENT = 4000
MANY_COMMENTS = 40
EDIT_WITHIN = timedelta(minutes=15)
TELL_AGAIN = timedelta(days=1)
SHORTEST_NAME, LONGEST_NAME = 2, 40
MOST_MENTIONS, WORDS_OF_A_NAME = 10, 5
NAME = re.compile(r"[^\W_][\w .'’-]*")
MENTION = re.compile(r"(?<!\w)@([^\s@][^@\n]{0,80})")
NUMBERED = re.compile(r"(\w+) (\d{1,6})")
NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # no database keeps these
CHANGEABLE = (Comment.Status.SHOWN, Comment.Status.HELD)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who may be meant by what follows an @: numbers of participants, and chosen names as they are compared."""

    numbers: frozenset[int]
    names: frozenset[str]


def why_not_talk(*, is_running: bool, is_in_circle: bool) -> Refusal | None:
    """Return why somebody may not comment on an entry now, or None if they may."""
    if not is_running:
        return Refusal("comment.not_now", _("Comments can be written while a step of the challenge is for talking."))
    if not is_in_circle:
        return Refusal("comment.not_in_circle", _("You can read this, but the step is for others to talk in."))
    return None


def why_not_said(text: str) -> Refusal | None:
    """Return why a text cannot stand as a comment, or None if it can."""
    if not text:
        return Refusal("comment.empty", _("Please write something."))
    if NO_TEXT.search(text):
        return Refusal("comment.bad_characters", _("The text contains characters that are not text. Remove them."))
    if len(text) > LONGEST_COMMENT:
        return Refusal(
            "comment.too_long", _("A comment has at most %(limit)d characters.") % {"limit": LONGEST_COMMENT}
        )
    return None


def why_not_answer_to(answered: Comment, idea_id: int) -> Refusal | None:
    """Return why a comment cannot be answered on this entry, or None if it can."""
    if answered.idea_id != idea_id or answered.status != Comment.Status.SHOWN:
        return Refusal("comment.not_shown", _("The comment you answer is not shown any more."))
    return None


def why_not_edit(comment: Comment, actor: Person, *, at: datetime) -> Refusal | None:
    """Return why `actor` may not change the comment at `at`, or None if they may."""
    refusal = why_not_take_back(comment, actor)
    if refusal is None and at - comment.written_at >= EDIT_WITHIN:
        return Refusal(
            "comment.too_late",
            _("A comment can be changed within %(count)d minutes. You can take it back, or answer it.")
            % {"count": EDIT_WITHIN.total_seconds() // 60},
        )
    return refusal


def why_not_take_back(comment: Comment, actor: Person) -> Refusal | None:
    """Return why `actor` may not take the comment back, or None if they may."""
    if comment.writer_id != actor.pk:
        return Refusal("moderation.not_yours", _("Only its writer can do this."))
    if comment.status not in CHANGEABLE:
        return Refusal("moderation.not_shown", _("This text is not shown any more."))
    return None


def can_object(comment: Comment) -> bool:
    """Say whether the writer of a comment may object to its hiding."""
    return comment.status == Comment.Status.HIDDEN and comment.appealed_at is None


def why_not_react(comment: Comment, actor: Person, kind: str) -> Refusal | None:
    """Return why `actor` may not react to the comment like this, or None if they may."""
    if kind not in Reaction.Kind.values:
        return Refusal("comment.no_such_reaction", _("Choose one of the reactions that are offered."))
    if comment.status != Comment.Status.SHOWN:
        return Refusal("moderation.not_shown", _("This text is not shown any more."))
    if comment.writer_id == actor.pk:
        return Refusal("moderation.own_text", _("This is your own text."))
    return None


def voice_of(*, is_author: bool, is_inside: bool) -> str:
    """Return as what somebody speaks on an entry; an author stays unnamed there, whoever they are."""
    if is_author:
        return Comment.Voice.AUTHOR
    return Comment.Voice.HOUSE if is_inside else Comment.Voice.PARTICIPANT


def numbered(number: int) -> str:
    """Return what a participant is called who chose no name."""
    return _("Participant %(number)d") % {"number": number}


def called(participant: Participant) -> str:
    """Return what a participant is called; beside the name somebody had elsewhere stands their number here."""
    if participant.imported_name:
        return f"{participant.imported_name} ({numbered(participant.number)})"
    return participant.name or numbered(participant.number)


def fold(name: str) -> str:
    """Return a name as it is compared: without case, and one space between words."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def why_not_name(name: str, *, house: str) -> Refusal | None:
    """Return why nobody may go by this name in the talk of a firm's challenge, or None if they may."""
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or NAME.fullmatch(name) is None or LINK.search(name):
        return Refusal(
            "comment.no_name",
            _("A name has %(least)d to %(most)d letters, digits and spaces.")
            % {"least": SHORTEST_NAME, "most": LONGEST_NAME},
        )
    if _number_in(fold(name)) is not None or fold(house) in fold(name):
        return Refusal("comment.name_misleads", _("This name could be taken for somebody else."))
    return None


def mentions_in(text: str) -> Mentions:
    """Return who may be meant in a text: whatever follows an @ could be a number or a name of a few words."""
    numbers: set[int] = set()
    names: set[str] = set()
    for tail in MENTION.findall(text)[:MOST_MENTIONS]:
        words = tail.split()[:WORDS_OF_A_NAME]
        for end in range(1, len(words) + 1):
            candidate = fold(" ".join(words[:end])).rstrip(".,;:!?)\"'")
            number = _number_in(candidate)
            if number is None:
                names.add(candidate)
            else:
                numbers.add(number)
    return Mentions(frozenset(numbers), frozenset(names))


def _number_in(name: str) -> int | None:
    """Return the number in what participants without a name are called in any language, None for other names."""
    found = NUMBERED.fullmatch(name)
    return int(found[2]) if found and found[1] in _number_words() else None


def _number_words() -> set[str]:
    """Return the word before a participant's number in every language."""
    words = set()
    for code in offered_and():
        with translation.override(code):
            words.add(fold(numbered(0)).rpartition(" ")[0])
    return words


def fingerprint(text: str, salt: str) -> str:
    """Return what the ledger keeps of a comment."""
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()
