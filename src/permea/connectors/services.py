"""Reading the mailbox: each mail is taken once, or left with a reason."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import salted_hmac

from permea.connectors import queries, rules
from permea.connectors.imap import client, mapping
from permea.connectors.models import Mailbox, ReceivedMail
from permea.foundation.refusals import RefusedError
from permea.ideas import services as ideas
from permea.ideas.models import IdeaBox, Posting
from permea.ideas.rules import NOT_SCANNED

logger = logging.getLogger(__name__)

LOCK, LOCK_SECONDS = "connectors:reading", 600
TAKEN_FOLDER, REFUSED_FOLDER = "Taken", "Refused"
Outcome, Reason = ReceivedMail.Outcome, ReceivedMail.Reason


class Result(NamedTuple):
    """What is done with a mail, and why if it is not taken."""

    outcome: str
    reason: str = ""


def read_mailbox(*, at: datetime) -> Mailbox | None:
    """Read what has come into the mailbox and return how it went; None where none is set or it is being read now."""
    access = queries.access()
    if access is None or not cache.add(LOCK, "yes", timeout=LOCK_SECONDS):
        return None
    state = queries.mailbox_state()
    try:
        with client.opened(access) as box:
            _read(box, state, at)
        state.read_at, state.problem, state.said = at, "", ""
    except client.MailboxError as error:
        state.problem, state.said = error.problem, str(error)[:500]
        logger.warning("the mailbox could not be read (%s): %s", error.problem, error)
    finally:
        cache.delete(LOCK)
    state.tried_at = at
    state.save()
    return state


def _read(box: client.Connection, state: Mailbox, at: datetime) -> None:
    """Go through the mails that came since the last time; numbers of another validity mean nothing any more."""
    if state.uid_validity != box.uid_validity:
        state.uid_validity, state.last_uid = box.uid_validity, 0
    for uid in box.waiting(after=state.last_uid)[: rules.PER_READING]:
        result = _take(box, uid, at)
        box.put_away(uid, REFUSED_FOLDER if result.reason else TAKEN_FOLDER)
        state.last_uid = uid
        state.save()


def _take(box: client.Connection, uid: int, at: datetime) -> Result:
    """Decide about one mail, do it and write it down, all or nothing."""
    if box.size_of(uid) > rules.MOST_BYTES:
        number = f"{queries.address_hash()}:{box.uid_validity}:{uid}"
        return _written(number, "", Result(Outcome.REFUSED, Reason.TOO_BIG), at)
    raw = box.fetch(uid)
    letter = mapping.letter_of(raw)
    if letter is None:
        return _written(mapping.fingerprint_of(raw), "", Result(Outcome.REFUSED, Reason.UNREADABLE), at)
    letter = _scanned(letter)
    with transaction.atomic():
        former = ReceivedMail.objects.filter(message_hash=_hash(letter.fingerprint)).first()
        if former is not None:
            return Result(former.outcome, former.reason)
        sender = _hash(letter.sender)
        return _written(letter.fingerprint, sender, _done(letter, sender, at), at)


def _scanned(letter: mapping.Letter) -> mapping.Letter:
    """Return a mail without a picture in which the virus scanner finds something.

    Raises MailboxError if the scanner does not answer: the mail waits in the mailbox.
    """
    if letter.picture is None:
        return letter
    try:
        ideas.demand_clean(chunks=[letter.picture.content], size=len(letter.picture.content))
    except RefusedError as error:
        if error.refusal.code == NOT_SCANNED:
            raise client.MailboxError("scanner", error.refusal.reason) from error
        return replace(letter, picture=None, n_left_out=letter.n_left_out + 1)
    return letter


def _hash(text: str) -> str:
    """Return a hash that only this instance can make."""
    return salted_hmac("permea.connectors.mail", text, algorithm="sha256").hexdigest()


def _written(fingerprint: str, sender: str, result: Result, at: datetime) -> Result:
    """Write down what was done with a mail; what is written already stays."""
    if result.reason:
        logger.info("a mail was not taken: %s", result.reason)
    ReceivedMail.objects.get_or_create(
        message_hash=_hash(fingerprint),
        defaults={"sender_hash": sender, "outcome": result.outcome, "reason": result.reason, "at": at},
    )
    return result


def _done(letter: mapping.Letter, sender: str, at: datetime) -> Result:
    """Put a mail into its box, add it to the posting it answers, or leave it."""
    reason = rules.reason_to_leave(
        letter,
        ours=queries.own_addresses(),
        is_own_message=queries.is_own_message(letter.message_id),
        n_lately=queries.n_lately(sender, at),
    )
    if reason:
        return Result(Outcome.REFUSED, reason)
    answered = queries.posting_answered_by(letter.answers)
    if answered is not None:
        ideas.add_note(posting_id=answered.pk, text=letter.text, seed=_hash(f"note {letter.fingerprint}"), at=at)
        return Result(Outcome.ADDED)
    box = queries.box_for(letter.tags)
    if box is None:
        return Result(Outcome.REFUSED, Reason.NO_BOX)
    _post(box, letter, at)
    return Result(Outcome.TAKEN)


def _post(box: IdeaBox, letter: mapping.Letter, at: datetime) -> None:
    """Put a mail into a box; a picture that cannot be read is left out, the words are taken."""
    if letter.picture is not None:
        photo = ideas.Photo(name=letter.picture.name, content=letter.picture.content, is_scanned=True)
        with suppress(RefusedError):
            ideas.post(box_id=box.pk, content=_content(box, letter, 0), seed=_seed(letter), photo=photo, at=at)
            return
    n_unreadable = int(letter.picture is not None)
    ideas.post(box_id=box.pk, content=_content(box, letter, n_unreadable), seed=_seed(letter), at=at)


def _seed(letter: mapping.Letter) -> str:
    """Return what the private link of a mail is made of: secret, and the same if the mail is read again."""
    return _hash(f"posting {letter.fingerprint}")


def _content(box: IdeaBox, letter: mapping.Letter, n_unreadable: int) -> ideas.PostingInput:
    """Return what a mail puts into the box; who sent it is not proven, so nobody's account is tied to it."""
    return ideas.PostingInput(
        kind=Posting.Kind.NEED,
        text=letter.whole_text,
        source=box.source,
        channel=Posting.Channel.MAIL,
        language=box.language,
        is_anonymous=False,
        name=letter.name,
        email=letter.sender,
        n_left_out=letter.n_left_out + n_unreadable,
        is_cut=letter.is_cut,
    )


@transaction.atomic
def forget_old_mails(*, at: datetime) -> int:
    """Delete what is known of mails after a month: they are put away, and what they became is taken once anyway."""
    return ReceivedMail.objects.filter(at__lte=at - rules.KEPT).delete()[0]
