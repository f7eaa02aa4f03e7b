"""Walks every address of the product as every kind of actor, and reads and writes the tables of what they may do."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.http.cookie import SimpleCookie
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

ACTORS = (
    "anonymous",
    "stranger",
    "other_owner",
    "contributor",
    "partner",
    "former_partner",
    "member",
    "evaluator",
    "manager",
    "owner",
)
PAGE_METHODS = ("GET", "POST")
API_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_ALLOWED = "405"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True, slots=True)
class World:
    """A populated instance for walking: who walks, and what stands for the variable parts of addresses.

    `segments` gives a parameter's value by the path before it: {"challenges": "abc", "my/ideas": "def"} fills
    /challenges/<key>/..., /my/ideas/<key>/... and /api/challenges/<key>/...; the longest path that fits wins. What
    follows another parameter is named by what stands between them ("edit" in /challenges/<key>/edit/<step>/).
    `exceptions` gives other values for one route: {"/challenges/<key>/awards/": {"challenges": "the decided one"}}.
    `bodies` gives the body of a request by "METHOD /route/"; without one, forms are sent empty and the API gets {}.
    """

    actors: Mapping[str, Any]
    segments: Mapping[str, str]
    exceptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bodies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def path(self, route: str) -> str:
        """Return the address of a route, its parameters filled in."""
        return fill(route, {**self.segments, **self.exceptions.get(route, {})})


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page that lists: its address, who looks at it, and what puts one more item on it.

    Where nothing can be added to a page, `add` makes another one with one item more, and `address` gives its address.
    """

    address: str | Callable[[], str]
    person: Any
    add: Callable[[], object]


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """One address of the product: its route as a person would write it, and its name."""

    route: str
    name: str

    @property
    def is_api(self) -> bool:
        return self.route.startswith("/api/")

    @property
    def methods(self) -> tuple[str, ...]:
        return API_METHODS if self.is_api else PAGE_METHODS


def addresses(urlconf: str | None = None) -> list[Address]:
    """Return every address there is, by route."""
    return sorted(set(_walk(get_resolver(urlconf), "/", "")))


def _walk(resolver: URLResolver, before: str, names: str) -> Iterator[Address]:
    for part in resolver.url_patterns:
        route = before + _plain(str(part.pattern))
        if isinstance(part, URLPattern):
            yield Address(route, names + (part.name or "unnamed"))
        else:
            yield from _walk(part, route, f"{names}{part.namespace}:" if part.namespace else names)


def _plain(route: str) -> str:
    """Return a route without the marks of regular expressions, its parameters as <name>."""
    plain = PARAMETER.sub(lambda match: f"<{match[1] or match[2]}>", route)
    return plain.removeprefix("^").removesuffix("$").removesuffix("\\Z").replace("\\", "")


def fill(route: str, segments: Mapping[str, str]) -> str:
    """Return the address with its parameters filled in. Raises KeyError with what would fill the first that is not."""
    filled, start = "", 0
    for match in re.finditer(r"<(\w+)>", route):
        before = route[start : match.start()].strip("/")
        steps = before.removeprefix("api/").split("/")
        fitting = ("/".join(steps[first:]) for first in range(len(steps)))
        value = next((segments[path] for path in fitting if path in segments), None)
        if value is None:
            raise KeyError(f"world.segments says nothing for {'/'.join(steps)!r} (in {route})")
        filled += route[start : match.start()] + value
        start = match.end()
    return filled + route[start:]


class Walker:
    """One actor at every address; what a request writes is taken back at once."""

    def __init__(self, world: World, actor: str) -> None:
        self.world, self.person = world, world.actors[actor]
        self.cookies = SimpleCookie()
        if self.person is not None:
            client = Client()
            client.force_login(self.person)
            self.cookies = client.cookies

    def answers(self, found: list[Address]) -> dict[tuple[str, str], str]:
        """Return the answer by method and route; methods that an address does not know are left out."""
        every = {
            (method, address.route): self.answer(method, address) for address in found for method in address.methods
        }
        return {key: answer for key, answer in every.items() if answer != NOT_ALLOWED}

    def answer(self, method: str, address: Address) -> str:
        """Return the status code, or `sign in` where the answer leads to the sign-in page."""
        body = self.world.bodies.get(f"{method} {address.route}", {})
        is_json = address.is_api and method != "GET"
        response, _content = self.ask(method, self.world.path(address.route), body, is_json=is_json)
        if response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL)):
            return "sign in"
        return str(response.status_code)

    def ask(
        self, method: str, path: str, body: Mapping[str, Any], *, is_json: bool = False
    ) -> tuple[HttpResponseBase, bytes]:
        """Return the answer to a request and what it contains."""
        client = Client(raise_request_exception=False)
        client.cookies.load(self.cookies.output(header="", sep=";"))
        with transaction.atomic():
            sent = {"data": body, "content_type": "application/json"} if is_json else {"data": body}
            response = getattr(client, method.lower())(path, **sent)
            transaction.set_rollback(True)
        return response, b"".join(response) if response.streaming else response.content


@dataclass(frozen=True, slots=True)
class Table:
    """The committed table: a row an address and method, a column an actor."""

    path: Path

    def read(self) -> dict[tuple[str, str], dict[str, str]]:
        """Return the row by method and route."""
        if not self.path.exists():
            return {}
        with self.path.open(encoding="utf-8", newline="") as file:
            return {(row["method"], row["route"]): row for row in csv.DictReader(file)}

    def write(self, actor: str, answers: Mapping[tuple[str, str], str], found: list[Address]) -> None:
        """Write one actor's column anew; rows of addresses that are gone are dropped."""
        names = {address.route: address.name for address in found}
        rows = {key: row for key, row in self.read().items() if key[1] in names}
        for key in answers.keys() - rows.keys():
            rows[key] = {"method": key[0], "route": key[1], **dict.fromkeys(ACTORS, NOT_ALLOWED)}
        for key, row in rows.items():
            row["name"], row[actor] = names[key[1]], answers.get(key, NOT_ALLOWED)
        kept = [row for row in rows.values() if any(row[actor] != NOT_ALLOWED for actor in ACTORS)]
        with self.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["method", "route", "name", *ACTORS], lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(kept, key=lambda row: (row["route"], row["method"])))


def departures(
    actor: str,
    answers: Mapping[tuple[str, str], str],
    table: Mapping[tuple[str, str], Mapping[str, str]],
    found: list[Address],
) -> list[str]:
    """Return one sentence for every answer that is not the committed one, and for every address without a row."""
    said = [f"{address.route} ({address.name}) has no row" for address in found if not _has_row(address, table)]
    for method, route in sorted({*answers, *table}):
        expected = table.get((method, route), {}).get(actor, NOT_ALLOWED)
        observed = answers.get((method, route), NOT_ALLOWED)
        if observed != expected:
            said.append(f"{method} {route}: {actor} gets {observed}, the table says {expected}")
        if observed.startswith("5"):
            said.append(f"{method} {route}: fails for {actor}")
    return said


def _has_row(address: Address, table: Mapping[tuple[str, str], Mapping[str, str]]) -> bool:
    return any((method, address.route) in table for method in address.methods)
