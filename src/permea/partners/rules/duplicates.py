"""Which partners of a directory are probably the same organisation, and by what one can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permea.foundation.refusals import Refusal
from permea.partners.models import Partner, PartnerMerge
from permea.partners.rules.directory import folded
from permea.partners.rules.names import Name, name_of

MOST_IN_BLOCK = 60  # organisations that share a word before that word tells nothing
SHORTEST_MISSPELLED, SHORTEST_TWICE = 5, 9  # letters from which one, and from which two may differ
SHORTEST_CUT = 3  # letters that a word cut short has at least
PUBLIC_MAIL = (
    "gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.de hotmail.fr hotmail.es hotmail.it live.com"
    " msn.com yahoo.com yahoo.de yahoo.fr yahoo.es yahoo.it icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at"
    " gmx.ch gmx.com web.de t-online.de freenet.de posteo.de mailbox.org proton.me protonmail.com orange.fr wanadoo.fr"
    " free.fr laposte.net sfr.fr libero.it tin.it virgilio.it tiscali.it alice.it telefonica.net movistar.es bluewin.ch"
    " mail.ru yandex.ru wp.pl o2.pl onet.pl seznam.cz zoho.com fastmail.com"
)
PUBLIC_HOSTS = frozenset(PUBLIC_MAIL.split())
MANY_ON_ONE = (
    "linkedin.com facebook.com instagram.com x.com twitter.com xing.com youtube.com github.com github.io wordpress.com"
    " wixsite.com google.com sites.google.com jimdo.com jimdosite.com blogspot.com medium.com"
)
SHARED_SITES = frozenset(MANY_ON_ONE.split())


class Reason(models.TextChoices):
    """By what one can tell that two partners are the same."""

    NAME = "name", gettext_lazy("same name")
    FORM = "form", gettext_lazy("same name without legal form")
    ORDER = "order", gettext_lazy("same words in another order")
    TOGETHER = "together", gettext_lazy("same name, written together or apart")
    SPELLED = "spelled", gettext_lazy("name spelled nearly alike")
    SHORT = "short", gettext_lazy("one name is short for the other")
    SITE = "site", gettext_lazy("same website")
    MAIL = "mail", gettext_lazy("same domain of e-mail")


@dataclass(frozen=True, slots=True)
class Listed:
    """A partner as it is compared with others."""

    key: int
    title: str
    name: Name
    country: str
    site: str
    hosts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two partners, the one noted first in front, and by what one can tell that they are the same."""

    first: int
    second: int
    reasons: tuple[Reason, ...]


def listed(key: int, title: str, *, country: str = "", website: str = "", emails: Iterable[str] = ()) -> Listed:
    """Return a partner as it is compared with others."""
    hosts = frozenset(host for email in emails if (host := email.rpartition("@")[2].lower()) not in PUBLIC_HOSTS | {""})
    return Listed(key, title, name_of(title), country, site_of(website), hosts)


def site_of(website: str) -> str:
    """Return the host of a website without “www.”, nothing where many share one."""
    host = (urlsplit(website).hostname or "").removeprefix("www.")
    return "" if host in SHARED_SITES or host.partition(".")[2] in SHARED_SITES else host


def pairs_of(partners: Sequence[Listed]) -> list[Pair]:
    """Return which partners are probably the same, those with most reasons first; all pairs are never compared.

    Only those are that share a website, a domain of e-mail, a rare word, or a name but for one letter.
    """
    by_key = {one.key: one for one in partners}
    found = []
    for first, second in sorted(_candidates(partners)):
        reasons = reasons_of(by_key[first], by_key[second])
        if reasons:
            found.append(Pair(first, second, reasons))
    return sorted(found, key=lambda pair: (-len(pair.reasons), pair.first, pair.second))


def _candidates(partners: Sequence[Listed]) -> set[tuple[int, int]]:
    """Return the pairs that are looked at: what stands in one block of a size that tells something."""
    blocks: dict[str, set[int]] = defaultdict(set)
    for one in partners:
        for mark in _marks(one):
            blocks[mark].add(one.key)
    return {pair for keys in blocks.values() if len(keys) <= MOST_IN_BLOCK for pair in combinations(sorted(keys), 2)}


def _marks(one: Listed) -> Iterator[str]:
    """Yield the blocks a partner stands in."""
    whole = one.name.written_together
    yield f"whole {''.join(sorted(one.name.words))}"
    yield f"name {whole}"
    yield f"name {one.name.initials or whole}"
    for place in range(len(whole)):
        yield f"name {whole[:place]}{whole[place + 1 :]}"
    for word in one.name.words:
        yield f"word {word}"
    for host in {one.site, *one.hosts} - {""}:
        yield f"host {host}"


def reasons_of(one: Listed, two: Listed) -> tuple[Reason, ...]:
    """Return by what one can tell that two partners are the same; nothing if they probably are not."""
    by_name, shared = _by_name(one, two), _shared(one, two)
    if by_name is None:
        return () if _differ(one.site, two.site) else shared
    if not shared and _is_elsewhere(one, two, by_name):
        return ()
    return (by_name, *shared)


def _shared(one: Listed, two: Listed) -> tuple[Reason, ...]:
    """Return whether two have the same website, or else one host among their websites and addresses."""
    if one.site and one.site == two.site:
        return (Reason.SITE,)
    return (Reason.MAIL,) if _hosts(one) & _hosts(two) else ()


def _hosts(one: Listed) -> frozenset[str]:
    """Return the hosts of a partner's addresses and of its website."""
    return one.hosts | ({one.site} if one.site else frozenset())


def _differ(one: str, two: str) -> bool:
    """Say whether two things are known and are not the same."""
    return bool(one and two and one != two)


def _is_elsewhere(one: Listed, two: Listed, by_name: Reason) -> bool:
    """Say whether two with alike names are different ones: they are in other countries, or have other websites."""
    label_one, label_two = (site.rpartition(".")[0] for site in (one.site, two.site))
    if by_name in {Reason.SPELLED, Reason.SHORT}:
        return _differ(one.country, two.country) or _differ(label_one, label_two)
    return _differ(one.country, two.country) and _differ(label_one, label_two)


def _by_name(one: Listed, two: Listed) -> Reason | None:
    """Return in what two names are the same, None if in nothing."""
    first, second = one.name, two.name
    if folded(one.title) == folded(two.title):
        return Reason.NAME
    if first.words == second.words:
        return Reason.FORM
    if sorted(first.words) == sorted(second.words):
        return Reason.ORDER
    if first.written_together == second.written_together:
        return Reason.TOGETHER
    if _is_short(first, second) or _is_short(second, first):
        return Reason.SHORT
    return Reason.SPELLED if _is_spelled_alike(first, second) else None


def _is_short(one: Name, two: Name) -> bool:
    """Say whether one name is the initials of the other, or has its words cut short."""
    if len(one.words) == 1 and one.words[0] == two.initials:
        return True
    return len(one.words) == len(two.words) and all(
        word == whole or (word in one.short and len(word) >= SHORTEST_CUT and whole.startswith(word))
        for word, whole in zip(one.words, two.words, strict=True)
    )


def _is_spelled_alike(one: Name, two: Name) -> bool:
    """Say whether two names have the same words but one, which is misspelled; a number is never a misspelling."""
    first, second = set(one.words) - set(two.words), set(two.words) - set(one.words)
    if len(one.words) != len(two.words) or len(first) != 1 or len(second) != 1:
        return False
    return is_misspelled(first.pop(), second.pop())


def is_misspelled(one: str, two: str) -> bool:
    """Say whether a word is another with one letter wrong, or two of a long word; figures have to be the same."""
    shortest = min(len(one), len(two))
    if shortest < SHORTEST_MISSPELLED or _figures(one) != _figures(two):
        return False
    return edits(one, two) <= (2 if shortest >= SHORTEST_TWICE else 1)


def _figures(word: str) -> str:
    """Return the figures of a word."""
    return "".join(sign for sign in word if sign.isdigit())


def edits(one: str, two: str) -> int:
    """Return how many letters were changed, left out, added or exchanged with their neighbour."""
    rows = [list(range(len(two) + 1))]
    for i, letter in enumerate(one, start=1):
        row, above = [i], rows[-1]
        for j, other in enumerate(two, start=1):
            steps = [above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other)]
            if i > 1 and j > 1 and letter == two[j - 2] and one[i - 2] == other:
                steps.append(rows[-2][j - 2] + 1)
            row.append(min(steps))
        rows.append(row)
    return rows[-1][-1]


def why_not_merge(gone: Partner, kept: Partner, *, has_ties: bool) -> Refusal | None:
    """Return why a partner cannot be merged into another, or None if it can; ties are guests, agreements and shares."""
    if gone.pk == kept.pk or gone.organisation_id != kept.organisation_id:
        return Refusal("partners.not_two", _("Choose two partners of your directory."))
    if gone.merged_into_id is not None or kept.merged_into_id is not None:
        return Refusal("partners.merged", _("One of them is merged already. Undo that first."))
    if has_ties:
        reason = _("With “%(name)s” there are guests, agreements or shares, which stay with it. Keep this one instead.")
        return Refusal("partners.has_ties", reason % {"name": gone.party.name})
    return None


def why_not_part(merge: PartnerMerge) -> Refusal | None:
    """Return why a merge cannot be undone, or None if it can."""
    if merge.undone_at is not None:
        return Refusal("partners.parted", _("This merge is undone already."))
    if merge.kept.merged_into_id is not None:
        reason = _("“%(name)s” is merged into another itself. Undo that first.") % {"name": merge.kept.party.name}
        return Refusal("partners.merged", reason)
    return None
