"""What a choice must keep to: read from a TOML or JSON file, handed to the engine, and put into words."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.selection.shortlist.model import Bucket, Floats, Idea, Limits
from permea.surface.formats import plain_number
from permea.surface.tables import TableError
from permea_engine.portfolio import Limit, LimitOptions

KEYS = (
    "money", "days", "n_most", "bar", "buckets", "exclusions", "dependencies", "forced_in", "forced_out", "weights",
)  # fmt: skip
BUCKET_KEYS = ("min", "max", "money")


class InfeasibleLimitsError(Exception):
    """Say which limits cannot hold together, one sentence each."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(_("These limits cannot hold together:") + " " + " ".join(sentences))
        self.sentences = tuple(sentences)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The limits as the engine takes them, with a label for each budget; ideas without a price stay out."""

    costs: Floats  # (n_ideas, n_budgets)
    capacities: tuple[float, ...]
    labels: tuple[str, ...]
    options: LimitOptions
    bucket_names: tuple[str, ...]
    unpriced: tuple[int, ...]


def read_limits(path: Path) -> Limits:
    """Read a file of limits. Raises TableError if it cannot be read or says something unknown."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
        data = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise TableError(
            _("“%(name)s” cannot be opened: %(why)s.") % {"name": path.name, "why": error.strerror}
        ) from None
    except (ValueError, RecursionError) as error:
        raise TableError(
            _("“%(name)s” is neither TOML nor JSON: %(why)s.") % {"name": path.name, "why": error}
        ) from None
    try:
        return _limits(data, hashlib.sha256(content).hexdigest())
    except (TypeError, ValueError) as error:
        raise TableError(_("“%(name)s”: %(why)s") % {"name": path.name, "why": error}) from None


def _limits(data: object, sha256: str) -> Limits:
    found = _object(data, _("The file"), KEYS)
    n_most = _amount(found, "n_most", whole=True)
    return Limits(
        money=_amount(found, "money"),
        days=_amount(found, "days"),
        n_most=None if n_most is None else int(n_most),
        bar=_amount(found, "bar"),
        buckets={name: _bucket(name, one) for name, one in _object(found.get("buckets", {}), "buckets").items()},
        exclusions=tuple(_keys(one, "exclusions", least=2) for one in _list(found, "exclusions")),
        dependencies=tuple(
            cast("tuple[str, str]", _keys(one, "dependencies", least=2, most=2)) for one in _list(found, "dependencies")
        ),
        forced_in=_keys(_list(found, "forced_in"), "forced_in"),
        forced_out=_keys(_list(found, "forced_out"), "forced_out"),
        weights={
            name: _amount({"weights": one}, "weights") or 0.0
            for name, one in _object(found.get("weights", {}), "weights").items()
        },
        sha256=sha256,
    )


def _object(data: object, name: str, known: Sequence[str] = ()) -> dict[str, object]:
    if not isinstance(data, dict):
        raise TypeError(_("%(key)s must hold named values.") % {"key": name})
    unknown = [key for key in data if known and key not in known]
    if unknown:
        raise ValueError(
            _("there is no limit “%(key)s”; the limits are %(known)s.") % {"key": unknown[0], "known": ", ".join(known)}
        )
    return data


def _amount(found: dict[str, object], name: str, *, whole: bool = False) -> float | None:
    value = found.get(name)
    if value is None:
        return None
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= cast("float", value) < float("inf"):
        raise ValueError(
            (
                _("%(key)s must be a whole number, zero or more.")
                if whole
                else _("%(key)s must be a number, zero or more.")
            )
            % {"key": name}
        )
    return float(cast("float", value))


def _bucket(name: str, data: object) -> Bucket:
    found = _object(data, name, BUCKET_KEYS)
    low, high = _amount(found, "min", whole=True), _amount(found, "max", whole=True)
    return Bucket(None if low is None else int(low), None if high is None else int(high), _amount(found, "money"))


def _list(found: dict[str, object], name: str) -> list[object]:
    value = found.get(name, [])
    if not isinstance(value, list):
        raise TypeError(_("%(key)s must be a list.") % {"key": name})
    return value


def _keys(value: object, name: str, *, least: int = 0, most: int | None = None) -> tuple[str, ...]:
    is_list = isinstance(value, list) and all(isinstance(one, str | int) and not isinstance(one, bool) for one in value)
    keys = tuple(dict.fromkeys(str(one) for one in cast("list[object]", value))) if is_list else ()
    if not is_list or len(keys) < least or (most is not None and len(keys) > most):
        raise ValueError(_("%(key)s must list ideas, as in the documentation.") % {"key": name})
    return keys


def build_program(limits: Limits, ideas: Sequence[Idea], n_most: int | None) -> Program:
    """Turn names into numbers for the engine. Raises TableError for ideas, buckets or columns that are not there."""
    numbers = {idea.key: number for number, idea in enumerate(ideas)}
    names = tuple(dict.fromkeys([idea.bucket for idea in ideas if idea.bucket]))
    for name in limits.buckets:
        if name not in names:
            raise TableError(_("The limits name the bucket “%(name)s”, but no idea is in it.") % {"name": name})
    budgets = _budgets(limits, ideas, names)
    columns = [amounts for _label, _capacity, amounts in budgets]
    costs = np.array(columns).T.reshape(len(ideas), len(columns))
    unpriced = tuple(int(number) for number in np.flatnonzero(np.isnan(costs).any(axis=1)))
    options: LimitOptions = {
        "exclusions": [_numbers(keys, numbers) for keys in limits.exclusions],
        "dependencies": [cast("tuple[int, int]", tuple(_numbers(pair, numbers))) for pair in limits.dependencies],
        "forced_in": _numbers(limits.forced_in, numbers),
        "forced_out": _numbers(limits.forced_out, numbers),
        "max_items": n_most,
    }
    if any(bucket.minimum is not None or bucket.maximum is not None for bucket in limits.buckets.values()):
        bounds = [limits.buckets.get(name, Bucket()) for name in names]
        options["buckets"] = [names.index(idea.bucket) if idea.bucket else -1 for idea in ideas]
        options["bucket_minimums"] = [np.nan if one.minimum is None else one.minimum for one in bounds]
        options["bucket_maximums"] = [np.nan if one.maximum is None else one.maximum for one in bounds]
    return Program(
        costs=np.nan_to_num(costs),
        capacities=tuple(capacity for _label, capacity, _amounts in budgets),
        labels=tuple(label for label, _capacity, _amounts in budgets),
        options=options,
        bucket_names=names,
        unpriced=unpriced,
    )


def _budgets(limits: Limits, ideas: Sequence[Idea], names: tuple[str, ...]) -> list[tuple[str, float, Floats]]:
    """Return label, capacity and amounts (nan where unknown) of every budget."""
    cost = np.array([np.nan if idea.cost is None else idea.cost for idea in ideas])
    days = np.array([np.nan if idea.days is None else idea.days for idea in ideas])
    bucket = np.array([idea.bucket for idea in ideas])
    budgets = []
    if limits.money is not None:
        budgets.append((_("money"), limits.money, _known(cost, "cost")))
    if limits.days is not None:
        budgets.append((_("days"), limits.days, _known(days, "days")))
    for name in names:
        most = limits.buckets.get(name, Bucket()).money
        if most is not None:
            label = _("money for “%(bucket)s”") % {"bucket": name}
            budgets.append((label, most, np.where(bucket == name, _known(cost, "cost"), 0.0)))
    return budgets


def _known(amounts: Floats, column: str) -> Floats:
    if np.isnan(amounts).all():
        raise TableError(
            _("The limits need the column “%(column)s”, but the table of ideas has none with numbers.")
            % {"column": column}
        )
    return amounts


def _numbers(keys: Sequence[str], numbers: dict[str, int]) -> list[int]:
    for key in keys:
        if key not in numbers:
            raise TableError(_("The limits name the idea “%(key)s”, but there is no such idea.") % {"key": key})
    return [numbers[key] for key in keys]


def in_words(limit: Limit, limits: Limits, program: Program, ideas: Sequence[Idea]) -> str:
    """Return one of the limits as a sentence."""
    names = program.bucket_names
    if limit.kind == "budget":
        found = {"label": program.labels[limit.index], "most": plain_number(program.capacities[limit.index])}
        return _("At most %(most)s %(label)s may be used.") % found
    if limit.kind in {"bucket_minimum", "bucket_maximum"}:
        bucket = limits.buckets[names[limit.index]]
        is_least = limit.kind == "bucket_minimum"
        found = {"bucket": names[limit.index], "n": str(bucket.minimum if is_least else bucket.maximum)}
        return (
            _("At least %(n)s ideas must come from “%(bucket)s”.")
            if is_least
            else _("At most %(n)s ideas may come from “%(bucket)s”.")
        ) % found
    if limit.kind == "exclusion":
        return _("Only one of %(ideas)s may be chosen.") % {"ideas": ", ".join(limits.exclusions[limit.index])}
    if limit.kind == "dependency":
        first, needed = limits.dependencies[limit.index]
        return _("%(idea)s may be chosen only together with %(needed)s.") % {"idea": first, "needed": needed}
    if limit.kind == "max_items":
        n_most = program.options["max_items"] or 0
        return ngettext("At most one idea may be chosen.", "At most %(n)s ideas may be chosen.", n_most) % {"n": n_most}
    idea = ideas[limit.index].key
    if limit.kind == "forced_in":
        return _("%(idea)s must be chosen.") % {"idea": idea}
    if idea in limits.forced_out:
        return _("%(idea)s must not be chosen.") % {"idea": idea}
    return _("%(idea)s cannot be chosen: it has no review or no price.") % {"idea": idea}
