"""Finding what cannot hold together in the IP tables of a firm: pure, over what each table says, with reasons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.utils.translation import gettext as _

from permea.agreements.models import IpEntry, IpGrant
from permea.surface.formats import show_date

CLASH, LOOK = "clash", "look"
Kind, Use = IpEntry.Kind, IpGrant.Use
_ADDRESS = re.compile(r"([a-zA-Z+]+://\S+|[\w-]+(\.[\w-]+)+/\S*)")
_NUMBER = re.compile(r"([A-Z]{2}\d{4,})[A-Z]\d?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A right as it is compared: `to` names who has it, `to_key` is the same for the same one in all agreements."""

    to: str
    to_key: str
    use: str
    fields: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    is_exclusive: bool = False
    is_promise: bool = False
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An entry as it is compared. `owners` has a share by who owns it; `results` is what the text says of results."""

    key: str
    title: str
    kind: str
    agreement_key: str
    agreement: str
    owners: dict[str, int]
    owned: str
    identifier: str = ""
    item_key: str = ""
    is_copyleft: bool = False
    is_noncommercial: bool = False
    is_proposed: bool = False
    grants: tuple[Granted, ...] = ()
    results: str = ""
    firm_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two entries, or one twice, that cannot hold together (clash) or had better be looked at (look), and why."""

    code: str
    level: str
    first: Thing
    second: Thing
    reason: str

    @property
    def things(self) -> tuple[Thing, ...]:
        """Return the entries it is about, once each."""
        return (self.first,) if self.first.key == self.second.key else (self.first, self.second)

    @property
    def entries(self) -> frozenset[str]:
        """Return the keys of the entries it is about."""
        return frozenset({self.first.key, self.second.key})

    @property
    def agreements(self) -> frozenset[str]:
        """Return the keys of the agreements it is about."""
        return frozenset({self.first.agreement_key, self.second.agreement_key})


def conflicts(things: Collection[Thing], *, today: date) -> list[Conflict]:
    """Return what cannot hold together from today on, clashes first, then in the order of the entries."""
    found = [one for thing in things for one in _within(thing, today)]
    for first, second, is_sure in _same(things):
        found += _between(first, second, today, is_sure=is_sure)
    found += _mixed(things, today)
    place = {thing.key: number for number, thing in enumerate(things)}
    once = {(one.code, one.entries, one.reason): one for one in found}
    return sorted(
        once.values(), key=lambda one: (one.level != CLASH, place[one.first.key], place[one.second.key], one.code)
    )


def names_of(identifier: str) -> frozenset[str]:
    """Return the numbers or addresses in an identifier so that the same one is the same however it was typed.

    A patent number goes without spaces and without the letter of its publication; an address without its protocol.
    """
    found = set()
    for part in re.split(r"[,;\n]", identifier):
        if _ADDRESS.fullmatch(part.strip()):
            plain = re.sub(r"^([a-z+]+://)?(www\.)?", "", part.strip().casefold())
            found.add(plain.rstrip("/").removesuffix(".git"))
            continue
        plain = re.sub(r"[^0-9A-Z]", "", part.upper())
        found.add(match[1] if (match := _NUMBER.match(plain)) else plain)
    return frozenset(found - {""})


def _marks(thing: Thing) -> Iterator[tuple[str, str]]:
    """Yield what an entry can be told to be the same by: numbers, the item of the firm, its title."""
    yield from (("is", name) for name in names_of(thing.identifier))
    if thing.item_key:
        yield "is", thing.item_key
    yield "called", " ".join(re.findall(r"\w+", thing.title.casefold()))


def _same(things: Iterable[Thing]) -> Iterator[tuple[Thing, Thing, bool]]:
    """Yield every two entries about the same thing, and whether that is sure; a shared title alone is not."""
    marked: dict[tuple[str, str], list[Thing]] = defaultdict(list)
    for thing in things:
        for mark in _marks(thing):
            marked[mark].append(thing)
    seen: set[frozenset[int]] = set()
    for (how, _name), those in sorted(marked.items(), key=lambda row: row[0][0] != "is"):
        for first, second in combinations(those, 2):
            pair = frozenset({id(first), id(second)})
            if first.key != second.key and pair not in seen:
                seen.add(pair)
                yield first, second, how == "is"


def _between(first: Thing, second: Thing, today: date, *, is_sure: bool) -> Iterator[Conflict]:
    """Yield what two entries about the same thing say against each other."""
    sure = CLASH if is_sure else LOOK
    if first.owners != second.owners:
        yield Conflict(code="ip.owners", level=sure, first=first, second=second, reason=_owners_reason(first, second))
    for one in first.grants:
        for other in second.grants:
            if met := _meeting(one, other, today):
                level = LOOK if LOOK in {sure, met.level} else CLASH
                yield Conflict(code=met.code, level=level, first=first, second=second, reason=met.reason)


def _owners_reason(first: Thing, second: Thing) -> str:
    """Return in words that two entries name other owners of the same thing."""
    told = {"first": first.owned, "second": second.owned, "here": first.agreement, "there": second.agreement}
    if {first.kind, second.kind} == {Kind.FOREGROUND, Kind.BACKGROUND}:
        fore, back = (first, second) if first.kind == Kind.FOREGROUND else (second, first)
        told = {"first": fore.owned, "second": back.owned, "here": fore.agreement, "there": back.agreement}
        text = _(
            "“%(here)s” says it was made there and belongs to %(first)s; “%(there)s” says it was brought along and "
            "belongs to %(second)s."
        )
    else:
        text = _("By “%(here)s” it belongs to %(first)s, by “%(there)s” to %(second)s.")
    return text % told


@dataclass(frozen=True, slots=True)
class _Met:
    """That two rights meet: which kind of conflict it is, how sure, and why."""

    code: str
    level: str
    reason: str


def _meeting(one: Granted, other: Granted, today: date) -> _Met | None:
    """Return how two rights in the same thing collide, or None if they do not."""
    if one.to_key == other.to_key or not (one.is_exclusive or other.is_exclusive):
        return None
    fields = _fields_meet(one.fields, other.fields)
    where = _where(one, other, today)
    if fields == "no" or where is None:
        return None
    if not one.is_exclusive:
        one, other = other, one
    level = CLASH if fields == "yes" and one.use == other.use else LOOK
    told = {"first": one.to, "second": other.to, "where": where}
    code, text = _words(one, other)
    said = [text % told]
    if fields == "perhaps":
        said.append(_("The fields are called differently; look whether they are the same."))
    if one.use != other.use:
        said.append(_("The two rights are for different uses; look whether they exclude each other."))
    return _Met(code, level, " ".join(said))


def _words(one: Granted, other: Granted) -> tuple[str, str]:
    """Return the code and the sentence for an exclusive right `one` that meets another right."""
    if one.is_promise or other.is_promise:
        text = _("What is promised collides: %(first)s is to have it alone, and %(second)s may use it too (%(where)s).")
        return "ip.promised", text
    if other.is_exclusive:
        return "ip.exclusive_twice", _("%(first)s and %(second)s both have it alone at once (%(where)s).")
    return "ip.exclusive_and_other", _("%(first)s has it alone, yet %(second)s may use it too (%(where)s).")


def _fields_meet(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    """Say whether two lists of fields meet: yes, no, or perhaps where they share a word but not a name."""
    if not one or not other:
        return "yes"
    words = [[set(re.findall(r"\w+", name.casefold())) for name in names] for names in (one, other)]
    pairs = [(here, there) for here in words[0] for there in words[1]]
    if any(here <= there or there <= here for here, there in pairs):
        return "yes"
    return "perhaps" if any(here & there for here, there in pairs) else "no"


def _where(one: Granted, other: Granted, today: date) -> str | None:
    """Return in words where and when two rights hold at once from today on, or None if nowhere or never."""
    countries = (
        one.countries & other.countries if one.countries and other.countries else one.countries | other.countries
    )
    if one.countries and other.countries and not countries:
        return None
    begins = max(one.begins or date.min, other.begins or date.min)
    ends = min(one.ends or date.max, other.ends or date.max)
    if begins >= ends or ends <= today:
        return None
    fields = sorted({*one.fields, *other.fields})
    parts = [", ".join(fields) or _("all fields"), ", ".join(sorted(countries)) or _("everywhere")]
    parts += [_("from %(day)s") % {"day": show_date(begins)}] if begins > date.min else []
    parts += [_("until %(day)s") % {"day": show_date(ends)}] if ends < date.max else []
    return "; ".join(parts)


def _within(thing: Thing, today: date) -> Iterator[Conflict]:
    """Yield what one entry says against itself, its licence or the text of its agreement."""
    for one, other in combinations(thing.grants, 2):
        if met := _meeting(one, other, today):
            yield Conflict(code=met.code, level=met.level, first=thing, second=thing, reason=met.reason)
    for grant in thing.grants:
        if grant.ends is not None and grant.ends <= today:
            continue
        for code, level, applies, text in _LICENCE_RULES:
            if applies(thing, grant):
                reason = text() % {"to": grant.to}
                yield Conflict(code=code, level=level, first=thing, second=thing, reason=reason)
    if thing.kind == Kind.FOREGROUND and (why := _against_text(thing)):
        yield Conflict(code="ip.results", level=CLASH, first=thing, second=thing, reason=why)


Applies = Callable[[Thing, Granted], bool]
_LICENCE_RULES: tuple[tuple[str, str, Applies, Callable[[], str]], ...] = (
    (
        "ip.noncommercial",
        CLASH,
        lambda thing, grant: thing.is_noncommercial and grant.use == Use.COMMERCIAL,
        lambda: _("Its licence forbids commercial use, yet %(to)s may use it commercially."),
    ),
    (
        "ip.noncommercial",
        LOOK,
        lambda thing, grant: thing.is_noncommercial and grant.use == Use.OWN,
        lambda: _("Its licence forbids commercial use. Look whether what %(to)s does with it is commercial."),
    ),
    (
        "ip.copyleft",
        CLASH,
        lambda thing, grant: thing.is_copyleft and grant.is_exclusive,
        lambda: _("Its licence gives everybody the same rights, so that %(to)s cannot have it alone."),
    ),
    (
        "ip.copyleft",
        LOOK,
        lambda thing, grant: thing.is_copyleft and not grant.is_exclusive and grant.use == Use.COMMERCIAL,
        lambda: _("Its licence hands itself on: what %(to)s sells with it may have to go under the same licence."),
    ),
    (
        "ip.co_owners",
        LOOK,
        lambda thing, grant: (
            thing.kind != Kind.FOREGROUND
            and grant.is_exclusive
            and len(thing.owners) > 1
            and grant.to_key not in thing.owners
        ),
        lambda: _("It belongs to several. Look whether all of them agree that %(to)s has it alone."),
    ),
)


def _against_text(thing: Thing) -> str:
    """Return in words how the shares of what was made together differ from the agreement's text, or nothing."""
    firm = thing.owners.get(thing.firm_key, 0)
    wrong = {
        "us": firm != sum(thing.owners.values()),
        "them": firm > 0,
        "joint": len(thing.owners) < 2 or len(set(thing.owners.values())) > 1,  # noqa: PLR2004 - both
    }
    if not wrong.get(thing.results, False):
        return ""
    says = {
        "us": _("The text says that results belong to the firm, yet here they belong to %(owned)s."),
        "them": _("The text says that results belong to the partner, yet here they belong to %(owned)s."),
        "joint": _("The text says that results belong to both in equal shares, yet here they belong to %(owned)s."),
    }
    return says[thing.results] % {"owned": thing.owned}


def _mixed(things: Iterable[Thing], today: date) -> Iterator[Conflict]:
    """Yield what others' licences forbid of the results of the same agreement, if they are contained in them."""
    by_agreement: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        by_agreement[thing.agreement_key].append(thing)
    for those in by_agreement.values():
        results = [thing for thing in those if thing.kind == Kind.FOREGROUND]
        others = [thing for thing in those if thing.kind == Kind.THIRD_PARTY]
        for result, other in ((result, other) for result in results for other in others):
            live = [grant for grant in result.grants if grant.ends is None or grant.ends > today]
            if other.is_copyleft and any(grant.is_exclusive for grant in live):
                text = _("If the result contains “%(other)s”, its licence forbids that somebody has the result alone.")
            elif other.is_noncommercial and any(grant.use == Use.COMMERCIAL for grant in live):
                text = _("If the result contains “%(other)s”, its licence forbids to use the result commercially.")
            else:
                continue
            reason = text % {"other": other.title}
            yield Conflict(code="ip.contains", level=LOOK, first=result, second=other, reason=reason)
