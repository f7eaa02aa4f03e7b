"""Check a ledger export, a receipt, a dossier or published heads of Permea, offline: `python verifier.py FILE`.

This file stands alone: it needs Python 3.10 or later and, for the signatures, the `cryptography` package.
How the documents are built and what they prove is told in docs/explanation/ledger.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    CAN_CHECK_SIGNATURES = False
else:
    CAN_CHECK_SIGNATURES = True

GENESIS = "0" * 64
LARGEST = 2**53 - 1
CHAIN, RECEIPT, DOSSIER, HEAD, HEADS, KEY = (
    f"permea-{kind}" for kind in ("chain", "receipt", "dossier", "head", "heads", "key")
)
Document = dict[str, Any]
Progress = Callable[[int, int], None]

_SIGNED = {"key_id": str, "public_key": str, "signature": str}
_ISSUED = {"format": str, "version": int, "organisation": dict, "instance": str, "issued_at": str, **_SIGNED}
SHAPES: dict[str, dict[str, type]] = {
    CHAIN: {**_ISSUED, "scope": str, "challenge": str, "entries": list, "heads": list, "keys": list},
    RECEIPT: {**_ISSUED, "what": str, "subject": dict, "facts": dict, "crossing": dict},
    DOSSIER: {**_ISSUED, "challenge": str, "parts": dict, "documents": dict, "ledger": dict},
    HEAD: {"format": str, "version": int, "organisation": str, "number": int, "hash": str, "signed_at": str,
           "key_id": str, "signature": str},
    HEADS: {"format": str, "version": int, "instance": str, "heads": list, "keys": list},
    KEY: {"format": str, "version": int, "key_id": str, "public_key": str, "created_at": str, "retired_at": str,
          "endorsed_by": str, "endorsement": str},
    "entry": {"number": int, "hash": str, "body": str},
    "link": {"number": int, "hash": str, "previous": str},
    "body": {"version": int, "organisation": str, "number": int, "kind": str, "direction": str, "depth": str,
             "subject": dict, "counterparty": str, "actor": str, "terms": str, "challenge": str, "at": str,
             "facts": dict, "commitments": dict, "previous": str},
    "organisation": {"key": str, "name": str},
    "opening": {"salt": str, "value": str},
}  # fmt: skip


class UnusableError(Exception):
    """The file cannot be read as a document of Permea; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was recorded; `number` is the entry concerned, if it is one."""

    number: int | None
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what was found, the first bad entry first."""

    kind: str
    checked: int
    problems: tuple[Problem, ...]
    keys: tuple[str, ...] = ()
    are_signatures_checked: bool = True

    @property
    def ok(self) -> bool:
        """Say whether everything was checked and nothing was wrong."""
        return self.are_signatures_checked and not self.problems


def canonical(value: object) -> bytes:
    """Return the one form in which a value is hashed and signed: JSON in UTF-8, keys sorted, no spaces.

    Text is taken as it is: it is not normalised, so "é" as one character and as two are different values.
    Raises TypeError for anything but objects with text keys, lists, text, whole numbers, booleans and null, and
    ValueError for whole numbers beyond 2**53 - 1 or text that is not valid Unicode.
    """
    _demand_plain(value, "value")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("The text holds half of a surrogate pair, which is not valid Unicode.") from error


def _demand_plain(value: object, where: str) -> None:
    """Go on if the value has a canonical form. Raises TypeError or ValueError that says where it has not."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{where} has the key {key!r}; canonical JSON takes text keys only.")
            _demand_plain(item, f"{where}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _demand_plain(item, f"{where}[{index}]")
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError(f"{where} is {value}; canonical JSON takes whole numbers up to 2**53 - 1.")
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(
            f"{where} is {value!r} of type {type(value).__name__}; canonical JSON takes objects, lists, text, whole "
            "numbers, booleans and null: write a fraction as text or in its smallest unit."
        )


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def commitment(salt: str, value: str) -> str:
    """Return what the ledger holds in place of a personal value: SHA-256 over the salt's bytes and the value."""
    return digest(bytes.fromhex(salt) + value.encode("utf-8"))


def key_id_of(public_key: str) -> str:
    """Return the name of a public key: the first 16 digits of its SHA-256."""
    return digest(bytes.fromhex(public_key))[:16]


def signed_part(document: Document) -> bytes:
    """Return the bytes a document's signature is made over: all but the signature and the openings beside it."""
    return canonical({name: value for name, value in document.items() if name not in {"signature", "openings"}})


def endorsed_part(key: Document) -> bytes:
    """Return the bytes an older key signs to vouch for its successor."""
    return canonical({name: key[name] for name in ("format", "version", "key_id", "public_key", "endorsed_by")})


def read(data: bytes) -> Document:
    """Return the document in the bytes of a file. Raises UnusableError if it is none."""
    try:
        document = json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse
        )
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"The file is not readable as strict JSON: {error}.") from error
    if not isinstance(document, dict):
        raise UnusableError("The file holds no JSON object.")
    return document


def _once(pairs: list[tuple[str, Any]]) -> Document:
    """Return an object. Raises ValueError if a key stands in it twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object holds the same key twice")
    return found


def _refuse(text: str) -> None:
    """Raise ValueError: a number that is not whole has no place in a document."""
    raise ValueError(f"{text} is not a whole number")


def verify_document(document: Document, *, trusted: Iterable[str] = (), progress: Progress | None = None) -> Report:
    """Return what is wrong with a chain export, a receipt, a dossier or heads; `trusted` names the keys believed.

    Without trusted keys the document is checked against the keys it brings along, which the report names.
    Raises UnusableError if it is none of these.
    """
    checker = _Checker(progress)
    kind = document.get("format")
    checks = {CHAIN: checker.chain, RECEIPT: checker.receipt, DOSSIER: checker.dossier, HEADS: checker.published}
    check = checks.get(str(kind))
    if check is None:
        raise UnusableError("This is neither a ledger export nor a receipt, a dossier or published heads of Permea.")
    if document.get("version") != 1:
        raise UnusableError(f"The document has version {document.get('version')!r}; this verifier knows version 1.")
    try:
        canonical(document)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnusableError(f"The document has no canonical form: {error}") from error
    check(document)
    checker.trust(frozenset(trusted))
    return checker.report(str(kind))


def compare(document: Document, earlier: Document, *, name: str) -> tuple[Problem, ...]:
    """Return where a document contradicts an earlier one of the same organisation, both already verified.

    A receipt given out, or an older export, is what shows that a chain was rewritten by whoever holds its keys.
    """
    organisation = _organisation(document)
    if organisation not in _organisations(earlier):
        return (Problem(None, "against.organisation", f"{name} is of another organisation."),)
    return contradictions(
        hashes_of(document, organisation), hashes_of(earlier, organisation), name=name,
        may_lack=document.get("format") == RECEIPT,
    )  # fmt: skip


def contradictions(
    now: dict[int, str], then: dict[int, str], *, name: str, may_lack: bool = False
) -> tuple[Problem, ...]:
    """Return where the hashes of entries by number are not those of before; entries that lack were taken away."""
    changed = [
        Problem(number, "against.hash", f"Entry {number} is not the one that {name} proves.")
        for number in sorted(now.keys() & then.keys())
        if now[number] != then[number]
    ]
    missing = [
        Problem(number, "against.missing", f"Entry {number}, which {name} proves, is missing.")
        for number in sorted(then.keys() - now.keys())
        if not may_lack
    ]
    return tuple(sorted(changed + missing, key=lambda problem: problem.number or 0))


def _organisation(document: Document) -> str:
    return "" if document["format"] == HEADS else str(document["organisation"]["key"])


def _organisations(document: Document) -> set[str]:
    """Return whose chains a verified document speaks of."""
    if document["format"] == HEADS:
        return {head["organisation"] for head in document["heads"]}
    return {_organisation(document)}


def hashes_of(document: Document, organisation: str) -> dict[int, str]:
    """Return the hash of each entry of an organisation's chain that a verified document speaks of."""
    if document["format"] == HEADS:
        return {head["number"]: head["hash"] for head in document["heads"] if head["organisation"] == organisation}
    if document["format"] == RECEIPT:
        return {document["crossing"]["number"]: document["crossing"]["hash"]}
    chain = document["ledger"] if document["format"] == DOSSIER else document
    return {entry["number"]: entry["hash"] for entry in chain["entries"]}


@dataclass(frozen=True, slots=True)
class _Link:
    """An entry's place: the number that should stand there, the one that does, its hash, the hash it follows."""

    expected: int
    number: int
    hash: str
    previous: str | None
    is_full: bool = False


class _Checker:
    """Collects what is wrong with one document; hostile input is reported, never trusted to have a shape."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.problems: list[tuple[int, Problem]] = []
        self.checked = 0
        self.position = LARGEST
        self.keys: dict[str, Document] = {}
        self.used: list[str] = []

    def report(self, kind: str) -> Report:
        """Return what was found, in the order of the file, and what concerns no entry last."""
        found = sorted(self.problems, key=lambda item: (item[1].number is None, item[0]))
        problems = tuple(problem for _position, problem in found)
        return Report(kind, self.checked, problems, tuple(dict.fromkeys(self.used)), CAN_CHECK_SIGNATURES)

    def say(self, code: str, text: str, number: int | None = None) -> None:
        """Note a problem."""
        self.problems.append((self.position, Problem(number, code, text)))

    def shaped(
        self, value: object, shape: str, what: str, number: int | None = None, *, also: str = ""
    ) -> TypeGuard[Document]:
        """Say whether the value has just the parts it must have, each of its type; note it if not."""
        parts = SHAPES[shape]
        if not isinstance(value, dict):
            self.say(f"{shape}.shape", f"{what} is not an object.", number)
            return False
        wrong = sorted(
            {name for name in value if name not in parts and name != also}
            | {name for name, kind in parts.items() if type(value.get(name)) is not kind}
        )
        if wrong:
            self.say(f"{shape}.shape", f"{what} has missing, unknown or wrong parts: {', '.join(wrong)}.", number)
        return not wrong

    # --- keys and signatures

    def key(self, key: object) -> None:
        """Take a public key of the document, if its name belongs to it."""
        if not self.shaped(key, KEY, "A public key"):
            return
        if not _is_hex(key["public_key"], 64) or key_id_of(key["public_key"]) != key["key_id"]:
            self.say("key.name", f"The public key named {key['key_id']!r} has another name.")
            return
        self.keys[key["key_id"]] = key

    def endorsements(self) -> None:
        """Check that keys which say that an older one vouches for them are right."""
        for key in self.keys.values():
            older = self.keys.get(key["endorsed_by"])
            if key["endorsed_by"] and not (older and _is_signed(endorsed_part(key), key["endorsement"], older)):
                self.say("key.endorsement", f"The key {key['key_id']} is not endorsed by {key['endorsed_by']!r}.")

    def signature(self, document: Document, what: str, code: str) -> bool:
        """Say whether the document is signed with one of the known keys; note it if not."""
        key = self.keys.get(document["key_id"])
        if key is None:
            self.say(f"{code}.key", f"{what} is signed with the unknown key {document['key_id']!r}.")
            return False
        self.used.append(document["key_id"])
        if not _is_signed(signed_part(document), document["signature"], key):
            self.say(f"{code}.signature", f"{what} does not bear a valid signature of the key {key['key_id']}.")
            return False
        return True

    def own_signature(self, document: Document, what: str) -> None:
        """Check the signature of a document that carries its public key."""
        if not _is_hex(document["public_key"], 64) or key_id_of(document["public_key"]) != document["key_id"]:
            self.say("document.key", f"{what} names the key {document['key_id']!r} but carries another one.")
            return
        self.keys.setdefault(document["key_id"], {"key_id": document["key_id"], "public_key": document["public_key"]})
        self.signature(document, what, "document")

    def trust(self, trusted: frozenset[str]) -> None:
        """Check that every key used is trusted, or vouched for by a trusted one."""
        for key_id in dict.fromkeys(self.used) if trusted else ():
            at: str | None = key_id
            seen: set[str] = set()
            while at and at not in trusted and at not in seen:
                seen.add(at)
                at = self.keys.get(at, {}).get("endorsed_by")
            if at not in trusted:
                self.say("key.untrusted", f"The key {key_id} is neither trusted nor endorsed by a trusted one.")

    # --- entries

    def body(self, entry: Document, number: int, organisation: str) -> Document | None:
        """Return the body of an entry if it is what its hash says and reads as it must; note it if not."""
        text = entry["body"].encode("utf-8")
        if digest(text) != entry["hash"]:
            self.say("entry.hash", f"Entry {number} was changed: its content does not have its hash.", number)
            return None
        try:
            body = json.loads(text, object_pairs_hook=_once)
            is_canonical = canonical(body) == text
        except (ValueError, TypeError, RecursionError):
            is_canonical = False
        if not is_canonical:
            self.say("entry.body", f"Entry {number} is not written in the canonical form.", number)
            return None
        if not self.shaped(body, "body", f"The content of entry {number}", number):
            return None
        if (body["number"], body["organisation"], body["version"]) != (entry["number"], organisation, 1):
            self.say("entry.place", f"Entry {number} belongs to another place or organisation.", number)
        return body

    def openings(self, openings: object, body: Document, number: int) -> None:
        """Check that values shown beside an entry are those it committed to."""
        if not isinstance(openings, dict):
            self.say("opening.shape", f"The openings of entry {number} are not an object.", number)
            return
        for field, opening in openings.items():
            if self.shaped(opening, "opening", f"The opening of {field} in entry {number}", number):
                salt, value = opening["salt"], opening["value"]
                if not _is_hex(salt, 64) or commitment(salt, value) != body["commitments"].get(field):
                    self.say("opening.value", f"Entry {number} did not commit to this value of {field!r}.", number)

    def entry(self, entry: object, number: int, chain: Document) -> _Link:
        """Check one entry or skipped link by itself; `number` is the one that should stand here."""
        what = f"Entry {number}"
        if not isinstance(entry, dict) or type(entry.get("number")) is not int:
            self.say("entry.shape", f"Where entry {number} should stand, something else stands.", number)
            return _Link(number, number, "", None)
        link = _Link(number, entry["number"], str(entry.get("hash")), None)
        if "body" not in entry:
            if not self.shaped(entry, "link", what, number):
                return link
            if chain["scope"] != "challenge":
                self.say("entry.hidden", f"{what} is left out of an export of the whole chain.", number)
            return replace(link, previous=entry["previous"])
        if not self.shaped(entry, "entry", what, number, also="openings"):
            return link
        body = self.body(entry, number, chain["organisation"]["key"])
        if body is None:
            return link
        if chain["scope"] == "challenge" and body["challenge"] != chain["challenge"]:
            self.say("entry.foreign", f"{what} belongs to another challenge.", number)
        self.openings(entry.get("openings", {}), body, number)
        return replace(link, previous=body["previous"], is_full=True)

    def entries(self, chain: Document, signed: set[str]) -> dict[int, str]:
        """Check each entry in turn and return the hashes by number; `signed` are those a signed head speaks of."""
        links, expected = [_Link(0, 0, GENESIS, None)], 1
        for index, entry in enumerate(chain["entries"]):
            self.position = index + 1
            links.append(self.entry(entry, expected, chain))
            expected, self.checked = links[-1].number + 1, self.checked + 1
            if self.progress and index % 500 == 0:
                self.progress(index, len(chain["entries"]))
        vouched = signed | {str(link.previous) for link in links if link.is_full}
        for self.position in range(1, len(links)):
            self.link(links[self.position - 1], links[self.position], vouched)
        self.position = LARGEST
        return {link.number: link.hash for link in reversed(links)}

    def link(self, before: _Link, link: _Link, vouched: set[str]) -> None:
        """Check that an entry follows the one before it, and say which of the two is wrong if it does not.

        A hash that a later entry or a signed head repeats is vouched for. Where two entries do not fit together and
        only the second is, the first was put there.
        """
        is_first_odd = link.is_full and before.hash not in vouched and link.hash in vouched
        if link.number == link.expected - 1 and is_first_odd and link.previous == before.previous:
            self.position -= 1
            self.say("entry.inserted", f"Before entry {link.number}, one was put in.", before.expected)
        elif link.number != link.expected:
            text = f"Where entry {link.expected} should stand, entry {link.number} stands."
            self.say("entry.order", text, link.expected)
        elif link.previous is None or link.previous == before.hash:
            return
        elif is_first_odd and before.number:
            self.position -= 1
            self.say("entry.exchanged", f"Entry {before.expected} is not the one that follows on.", before.expected)
        else:
            self.say("entry.chain", f"Entry {link.expected} does not follow the entry before it.", link.expected)

    # --- documents

    def signed_heads(self, chain: Document) -> list[Document]:
        """Return the heads that are signed as they must be, and of this chain."""
        signed = []
        for head in chain["heads"]:
            if not self.shaped(head, HEAD, "A signed head"):
                continue
            what = f"The head at entry {head['number']}"
            if (head["format"], head["version"], head["organisation"]) != (HEAD, 1, chain["organisation"]["key"]):
                self.say("head.place", f"{what} is of another chain.")
            elif self.signature(head, what, "head"):
                signed.append(head)
        return signed

    def heads(self, signed: list[Document], hashes: dict[int, str]) -> None:
        """Check that signed heads agree with the entries and that the last one covers them all."""
        for head in signed:
            number = head["number"]
            if number in hashes and hashes[number] != head["hash"]:
                text = f"The head at entry {number} was signed over another entry: it or one before was changed."
                self.say("head.hash", text, number)
        last, covered = max(hashes), max((head["number"] for head in signed), default=0)
        if covered > last:
            self.say("head.longer", f"Entry {last + 1} is missing: the chain was signed to {covered}.", last + 1)
        elif covered < last or not signed:
            self.say("head.shorter", f"No valid signed head covers entry {covered + 1} and later.", covered + 1)

    def chain(self, chain: Document) -> None:
        """Check an export of a chain."""
        if not self.shaped(chain, CHAIN, "The ledger export") or not self.organisation(chain):
            return
        if (chain["format"], chain["version"]) != (CHAIN, 1):
            self.say("document.format", "The ledger export says that it is something else.")
        if (chain["scope"], bool(chain["challenge"])) not in {("organisation", False), ("challenge", True)}:
            self.say("document.scope", "The export does not say rightly whether it is of a chain or of a challenge.")
        for key in chain["keys"]:
            self.key(key)
        self.endorsements()
        signed = self.signed_heads(chain)
        self.heads(signed, self.entries(chain, {head["hash"] for head in signed}))
        self.own_signature(chain, "The ledger export")

    def published(self, document: Document) -> None:
        """Check heads that an instance tells the world."""
        if not self.shaped(document, HEADS, "The list of heads"):
            return
        for key in document["keys"]:
            self.key(key)
        self.endorsements()
        for head in document["heads"]:
            if self.shaped(head, HEAD, "A signed head"):
                what = f"The head at entry {head['number']}"
                if (head["format"], head["version"]) != (HEAD, 1):
                    self.say("head.place", f"{what} says that it is something else.")
                self.checked += self.signature(head, what, "head")

    def receipt(self, receipt: Document) -> None:
        """Check a receipt."""
        if not self.shaped(receipt, RECEIPT, "The receipt", also="openings") or not self.organisation(receipt):
            return
        crossing = receipt["crossing"]
        if self.shaped(crossing, "entry", "The crossing of the receipt"):
            self.checked, number = 1, crossing["number"]
            body = self.body(crossing, number, receipt["organisation"]["key"])
            if body is not None:
                told = {name: receipt["facts"].get(name) for name in receipt["facts"].keys() & body["facts"].keys()}
                if (receipt["what"], receipt["subject"], told) != (
                    body["kind"],
                    body["subject"],
                    {name: body["facts"][name] for name in told},
                ):
                    self.say("receipt.facts", f"The receipt says something else than entry {number}.", number)
                self.openings(receipt.get("openings", {}), body, number)
        self.own_signature(receipt, "The receipt")

    def dossier(self, dossier: Document) -> None:
        """Check a dossier: its parts, its piece of the ledger, its signature."""
        if not self.shaped(dossier, DOSSIER, "The dossier") or not self.organisation(dossier):
            return
        parts, documents = dossier["parts"], dossier["documents"]
        for name in sorted(parts.keys() | documents.keys()):
            if name not in parts or name not in documents or digest(canonical(parts[name])) != documents[name]:
                self.say("document.part", f"The part {name!r} of the dossier was changed, added or taken away.")
        self.chain(dossier["ledger"])
        about = (dossier["ledger"].get("organisation"), dossier["ledger"].get("challenge"))
        if about != (dossier["organisation"], dossier["challenge"]):
            self.say("document.ledger", "The ledger in the dossier is of another challenge.")
        self.own_signature(dossier, "The dossier")

    def organisation(self, document: Document) -> bool:
        """Say whether the document names its organisation as it must."""
        return self.shaped(document["organisation"], "organisation", "The organisation of the document")


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and set(text) <= set("0123456789abcdef")


def _is_signed(data: bytes, signature: str, key: Document) -> bool:
    """Say whether the signature over the data is the key's; taken as given where `cryptography` is not installed."""
    if not CAN_CHECK_SIGNATURES:
        return True
    if not _is_hex(signature, 128):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["public_key"])).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_file(path: Path) -> Document:
    """Return the document in a file. Raises UnusableError if there is none."""
    try:
        return read(path.read_bytes())
    except OSError as error:
        raise UnusableError(f"{path} cannot be read: {error.strerror}.") from error


def sound_file(path: Path, *, trusted: Iterable[str] = ()) -> Document:
    """Return the document in a file that something else is held against. Raises UnusableError if it is not sound."""
    document = read_file(path)
    if verify_document(document, trusted=trusted).problems:
        raise UnusableError(f"{path} has problems itself; check it first.")
    return document


def verify_file(
    path: Path, *, against: Iterable[Path] = (), trusted: Iterable[str] = (), progress: Progress | None = None
) -> Report:
    """Return what is wrong with the document in a file, and where earlier documents contradict it.

    Raises UnusableError if a file is no document of Permea.
    """
    document = read_file(path)
    report = verify_document(document, trusted=trusted, progress=progress)
    for earlier_path in against:
        earlier = read_file(earlier_path)
        if verify_document(earlier, trusted=trusted).problems:
            found: tuple[Problem, ...] = (
                Problem(None, "against.bad", f"{earlier_path} has problems itself; check it first."),
            )
        else:
            found = () if report.problems else compare(document, earlier, name=str(earlier_path))
        report = replace(report, problems=(*report.problems, *found))
    return report


def exit_code(report: Report) -> int:
    """Return 0 if all is well, 1 if something is wrong, 2 if not everything could be checked."""
    return 1 if report.problems else 0 if report.ok else 2


def main(arguments: list[str] | None = None) -> int:
    """Check the file named on the command line, say what was found, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check a ledger export, a receipt or a dossier of Permea, offline.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--against", type=Path, action="append", default=[], help="an earlier receipt or export")
    parser.add_argument("--key", action="append", default=[], help="id of a key you trust; others are refused")
    given = parser.parse_args(arguments)
    try:
        report = verify_file(given.file, against=given.against, trusted=given.key)
    except UnusableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for problem in report.problems:
        sys.stdout.write(f"PROBLEM {problem.code}: {problem.text}\n")
    if not report.are_signatures_checked:
        sys.stderr.write("Signatures could not be checked: install the package cryptography.\n")
    sys.stdout.write(f"{report.checked} entries checked, {len(report.problems)} problems.\n")
    sys.stdout.write(f"Signed with: {', '.join(report.keys) or 'nothing'}\n")
    return exit_code(report)


if __name__ == "__main__":
    sys.exit(main())
