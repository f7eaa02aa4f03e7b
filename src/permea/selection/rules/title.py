"""Deciding whether the firm has the rights to what it chose: a checklist, what proves each line, what to ask for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.foundation.refusals import Refusal
from permea.selection.models import Award, TitleEvidence

TRANSFERRING = frozenset({"ip_assignment", "ip_licence"})
WORDS_AT_LEAST, WORDS_AT_MOST, HASH_LENGTH = 10, 2_000, 64
Kind = TitleEvidence.Kind


class TitleState(StrEnum):
    """How a line of the checklist stands: settled, open, or somebody knows what the records do not."""

    OK = "ok"
    OPEN = "open"
    ASK = "ask"


OK, OPEN, ASK = TitleState


@dataclass(frozen=True, slots=True)
class TitleText:
    """A terms text: which version of it, by fingerprint, and when somebody accepted it if they did."""

    kind: str
    title: str
    version: int
    sha256: str
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlePerson:
    """Somebody with a part in a chosen idea, and what the records say of them.

    `works_for` are organisations they belong to here, `affiliation` what they wrote themselves, `licences` the live
    agreements that let the firm use the idea. Somebody whose own entry was merged into the idea has no share of it
    (`per_cent` is None).
    """

    key: str
    name: str
    per_cent: int | None = None
    is_inside: bool = False
    is_erased: bool = False
    affiliation: str = ""
    works_for: tuple[str, ...] = ()
    accepted: tuple[TitleText, ...] = ()
    licences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something the firm has in hand: of which kind, about whom (empty: about everybody), in which words."""

    kind: str
    person_key: str
    words: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleFacts:
    """What the records say of a chosen idea; `winner_key` is who accepted the rights text as its winner."""

    people: Sequence[TitlePerson]
    shares_agreed_at: datetime | None = None
    texts: Sequence[TitleText] = ()
    rights_kind: str = ""
    winner_key: str = ""
    winner_name: str = ""
    won_at: datetime | None = None
    payment: str = ""
    paid_at: datetime | None = None
    is_imported: bool = False
    builds_on: Sequence[str] = ()
    version: int = 0
    version_sha256: str = ""
    evidence: Sequence[Evidence] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: its question, how it stands, in words, what proves it, and what to ask for."""

    code: str
    question: str
    state: TitleState
    words: str
    proof: tuple[str, ...] = ()
    ask: str = ""


def title_checks(facts: TitleFacts) -> list[Check]:
    """Return the checklist of a chosen idea, always the same lines in the same order."""
    return [
        _received(facts),
        _shares(facts),
        *(_texts(facts, person) for person in facts.people),
        _effect(facts),
        *(_employer(facts, person) for person in facts.people),
        _earlier(facts),
    ]


def is_complete(checks: Collection[Check]) -> bool:
    """Say whether nothing is open and nobody has to be asked."""
    return all(check.state is OK for check in checks)


def _found(facts: TitleFacts, kind: str) -> tuple[str, ...]:
    """Return the evidence of a kind, in words."""
    return tuple(_evidence_words(one) for one in facts.evidence if one.kind == kind)


def _found_about(facts: TitleFacts, kind: str, person: TitlePerson) -> tuple[str, ...]:
    """Return the evidence of a kind about somebody, what is about everybody included, in words."""
    about = {person.key, ""}
    return tuple(_evidence_words(one) for one in facts.evidence if one.kind == kind and one.person_key in about)


def _evidence_words(one: Evidence) -> str:
    """Return evidence in words, with the fingerprint of its paper."""
    return f"{one.words} (SHA-256 {one.sha256})" if one.sha256 else one.words


def _names(people: Collection[TitlePerson]) -> str:
    """Return the names of people."""
    return ", ".join(person.name for person in people)


def _received(facts: TitleFacts) -> Check:
    """Return the line about what was received."""
    question = _("What was handed in?")
    proof = (_("Version %(version)d, SHA-256 %(sha256)s") % {"version": facts.version, "sha256": facts.version_sha256},)
    if not facts.is_imported:
        return Check("title.received", question, OK, _("It was handed in here and stands in the ledger."), proof)
    words = _("It came in by a spreadsheet: whoever wrote it handed nothing in here.")
    if found := _found(facts, Kind.RECEIVED):
        return Check("title.received", question, OK, words, (*proof, *found))
    return Check("title.received", question, ASK, words, proof, _("Keep what they sent, and record where."))


def _shares(facts: TitleFacts) -> Check:
    """Return the line about who wrote it and with what shares."""
    question = _("Who contributed, and with what shares?")
    own = [person for person in facts.people if person.per_cent is not None]
    merged = [person for person in facts.people if person.per_cent is None]
    words, found = _shares_words(own, merged), _found(facts, Kind.SHARES)
    agreed = facts.shares_agreed_at
    proof = (_("All agreed on %(day)s") % {"day": agreed.date().isoformat()}, *found) if agreed else found
    if len(own) > 1 and not proof:
        ask = _("Let them agree on their shares here or on paper; until then equal parts are assumed.")
        return Check("title.shares", question, OPEN, words, proof, ask)
    if merged and not found:
        ask = _("Ask everybody to say on paper what part each has.")
        return Check("title.shares", question, ASK, words, proof, ask)
    return Check("title.shares", question, OK, words, proof)


def _shares_words(own: Collection[TitlePerson], merged: Collection[TitlePerson]) -> str:
    """Return in words who has which share, and whose entries were merged into it."""
    shares = ", ".join(f"{person.name} ({person.per_cent} %)" for person in own)
    if not merged:
        return shares
    told = {"names": shares, "others": _names(merged)}
    return _("%(names)s. Entries of %(others)s were merged into it; nothing says what part they have.") % told


def _texts(facts: TitleFacts, person: TitlePerson) -> Check:
    """Return the line about which texts somebody accepted, in which version."""
    question = _("What did %(name)s accept?") % {"name": person.name}
    signed = _found_about(facts, Kind.SIGNED, person)
    proof = (*(_accepted_words(text) for text in person.accepted), *signed)
    accepted = {text.sha256 for text in person.accepted}
    missing = [text for text in facts.texts if text.sha256 not in accepted]
    if signed or (facts.texts and not missing):
        words = _("A paper of their own.") if signed else _("Everything that the challenge named.")
        return Check("title.texts", question, OK, words, proof)
    if not facts.texts:
        words = _("The challenge named no terms, so nobody accepted any.")
    else:
        named = (_("“%(title)s”, version %(version)d") % {"title": t.title, "version": t.version} for t in missing)
        words = _("Not accepted: %(texts)s.") % {"texts": ", ".join(named)}
    ask = _("Ask %(name)s to sign on paper what the firm may do with it.") % {"name": person.name}
    return Check("title.texts", question, OPEN, words, proof, ask)


def _accepted_words(text: TitleText) -> str:
    """Return in words that a text was accepted."""
    told = {"title": text.title, "version": text.version, "sha256": text.sha256}
    told["day"] = text.accepted_at.date().isoformat() if text.accepted_at else ""
    return _("“%(title)s”, version %(version)d, on %(day)s, SHA-256 %(sha256)s") % told


def _effect(facts: TitleFacts) -> Check:
    """Return the line about whether rights went over to the firm: by its text, by a paper or by an agreement."""
    question = _("Did the rights pass to the firm, or may it use the idea?")
    by_text = [person for person in facts.people if not _gave_otherwise(facts, person)]
    lacking = [person for person in by_text if not _won(facts, person)]
    proof = _effect_proof(facts)
    if lacking:
        words = _("Nothing that has effect is known of %(names)s.") % {"names": _names(lacking)}
        ask = _("Ask %(names)s for a signed transfer or licence, or make an agreement with them.")
        return Check("title.effect", question, OPEN, words, proof, ask % {"names": _names(lacking)})
    if not by_text or facts.paid_at is not None:
        return Check("title.effect", question, OK, _("Yes."), proof)
    if facts.payment == Award.Payment.WAIVED:
        words = _("The text takes effect once the prize is paid, and the payment was waived.")
        ask = _("Ask %(names)s for a signed transfer or licence that takes effect without payment.")
        return Check("title.effect", question, ASK, words, proof, ask % {"names": _names(by_text)})
    words = _("The text takes effect once the prize is paid, and it is not paid yet.")
    return Check("title.effect", question, OPEN, words, proof, _("Pay the prize, and record the payment."))


def _gave_otherwise(facts: TitleFacts, person: TitlePerson) -> bool:
    """Say whether somebody let the firm use it by a paper or an agreement, whatever its text says."""
    return bool(person.licences or _found_about(facts, Kind.SIGNED, person))


def _won(facts: TitleFacts, person: TitlePerson) -> bool:
    """Say whether somebody accepted, as the winner, a text that transfers or licenses rights."""
    return facts.rights_kind in TRANSFERRING and person.key == facts.winner_key


def _effect_proof(facts: TitleFacts) -> tuple[str, ...]:
    """Return what shows that rights went over, in words."""
    proof = [*dict.fromkeys(licence for person in facts.people for licence in person.licences)]
    proof += _found(facts, Kind.SIGNED)
    if facts.won_at is not None and facts.rights_kind in TRANSFERRING:
        told = {"name": facts.winner_name, "day": facts.won_at.date().isoformat()}
        proof.append(_("%(name)s accepted the text as the winner on %(day)s") % told)
    if facts.paid_at is not None:
        proof.append(_("Paid on %(day)s") % {"day": facts.paid_at.date().isoformat()})
    return tuple(proof)


def _employer(facts: TitleFacts, person: TitlePerson) -> Check:
    """Return the line about an employer or university that may have rights in what somebody made."""
    question = _("Does an employer or a university of %(name)s have rights in it?") % {"name": person.name}
    if found := _found_about(facts, Kind.EMPLOYER, person):
        return Check("title.employer", question, OK, _("It is settled."), found)
    named = ", ".join(dict.fromkeys(name for name in (*person.works_for, person.affiliation) if name))
    is_theirs = any(text.kind == facts.rights_kind for text in person.accepted)
    if is_theirs and not (named or person.is_inside or person.is_erased):
        words = _("They name none, and by the rights text they confirmed that it is theirs to give.")
        return Check("title.employer", question, OK, words)
    words, ask = _employer_gap(person, named)
    return Check("title.employer", question, ASK, words, (), ask)


def _employer_gap(person: TitlePerson, named: str) -> tuple[str, str]:
    """Return in words what is not known of whom somebody works for, and what to ask for."""
    if person.is_erased:
        words = _("Their account is erased; whom they worked for is not known any more.")
        return words, _("Look in your own papers, and record what you find.")
    if person.is_inside:
        words = _("They belong to the firm.")
        return words, _("Look at their contract and at the law on inventions of employees.")
    if named:
        words = _("They name %(names)s.") % {"names": named}
        return words, _("Ask %(names)s whether it has rights, and for a release.") % {"names": named}
    words = _("They name none, and nothing says that it is theirs to give.")
    return words, _("Ask %(name)s to confirm it in writing.") % {"name": person.name}


def _earlier(facts: TitleFacts) -> Check:
    """Return the line about earlier entries it builds on."""
    question = _("Does it build on entries of others?")
    if not facts.builds_on:
        return Check("title.earlier", question, OK, _("It names none."))
    words = ngettext(
        "It builds on an earlier entry: %(names)s. What is in that belongs to those who wrote it.",
        "It builds on %(n)d earlier entries: %(names)s. What is in them belongs to those who wrote them.",
        len(facts.builds_on),
    ) % {"n": len(facts.builds_on), "names": ", ".join(facts.builds_on)}
    if found := _found(facts, Kind.EARLIER):
        return Check("title.earlier", question, OK, words, found)
    ask = _("Ask those who wrote it whether the firm may use what is in it.")
    return Check("title.earlier", question, ASK, words, (), ask)


def why_not_record_evidence(words: str, sha256: str, person_key: str, known: Collection[str]) -> Refusal | None:
    """Return why this cannot be recorded as evidence, or None if it can."""
    if not WORDS_AT_LEAST <= len(words.strip()) <= WORDS_AT_MOST:
        return Refusal("title.words", _("Say in a sentence what you have in hand and where it is kept."))
    if sha256 and (len(sha256) != HASH_LENGTH or set(sha256) - set("0123456789abcdef")):
        return Refusal("title.hash", _("A fingerprint (SHA-256) has 64 signs out of 0 to 9 and a to f."))
    if person_key and person_key not in known:
        return Refusal("title.person", _("This person has no part in the idea."))
    return None


def why_not_strike_evidence(evidence: TitleEvidence) -> Refusal | None:
    """Return why evidence cannot be struck, or None if it can."""
    if evidence.struck_at is None:
        return None
    return Refusal("title.struck", _("This was struck already."))
