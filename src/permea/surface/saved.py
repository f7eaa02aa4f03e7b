"""Saved views of any list: what of an address is kept, whether a name will do, and what stands above the list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal

MAX_VIEWS, MAX_FILTER = 30, 100


@dataclass(frozen=True, slots=True)
class Chip:
    """A view above its list: where it leads, whose it is if somebody else's, and whether the list shows it now.

    `count` is how many things it finds, None where that is not counted.
    """

    name: str
    href: str
    owner: str = ""
    is_default: bool = False
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Chips:
    """The views above a list, and where its present filters are saved."""

    rows: list[Chip]
    save_href: str


def kept_query(names: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address narrows or orders a list: the names it knows, without what is empty."""
    said = {name: given.get(name, "").replace("\x00", "").strip()[:MAX_FILTER] for name in names}
    return {name: value for name, value in said.items() if value}


def why_not_one_more(n_views: int) -> Refusal | None:
    """Return why somebody with so many views of a list may not save one more, or None if they may."""
    if n_views < MAX_VIEWS:
        return None
    words = _("You have %(most)d views of this list, more than that nobody finds again. Delete one first.")
    return Refusal("view.too_many", words % {"most": MAX_VIEWS})


def why_not_view_name(name: str, *, taken: Collection[str]) -> Refusal | None:
    """Return why a view cannot have this name, or None if it can; `taken` are the names of the other ones."""
    if not name.strip():
        return Refusal("view.no_name", _("Give the view a name."))
    if name.strip().casefold() in {other.casefold() for other in taken}:
        return Refusal("view.name_taken", _("You have a view of this name already. Choose another one."))
    return None


def why_not_yours(*, is_own: bool) -> Refusal | None:
    """Return why somebody may not rename, share, prefer or delete a view, or None if it is their own."""
    return None if is_own else Refusal("view.not_yours", _("Only who saved a view can change it."))
