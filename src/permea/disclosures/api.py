"""The API of disclosures: what was shared with you, through the same gate as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from ninja import Router, Schema

from permea.disclosures import queries, services
from permea.foundation.clock import now
from permea.people.models import Person
from permea.surface.downloads import sent_file
from permea.surface.problems import Problem

router = Router()


class PartOut(Schema):
    """A part as you see it; a file's bytes are at /api/shared/ITEM/files/PART."""

    key: str
    depth: str
    version: int
    label: str
    text: str
    file: str
    size: int
    sha256: str
    made_at: datetime


class SharedItemOut(Schema):
    """An item as you see it: nothing in it lies deeper than `depth`, where you stand."""

    key: str
    organisation: str
    title: str
    kind: str
    language: str
    depth: str
    agreement: str
    is_agreement_needed: bool
    parts: list[PartOut]


class SharedLineOut(Schema):
    """An item that was shared with you, by the name you may know it by."""

    key: str
    organisation: str
    title: str
    kind: str
    depth: str
    is_agreement_needed: bool


class SharedListOut(Schema):
    """A page of what was shared with you."""

    n: int
    items: list[SharedLineOut]


@router.get("/shared", response=SharedListOut, operation_id="list_shared_items")
def list_shared_items(request: HttpRequest, page: int = 1) -> dict[str, Any]:
    """List what firms shared with you or an organisation of yours, thirty a page."""
    shared = queries.shared_page(cast("Person", request.user), now(), page=page)
    rows = [
        {
            "key": row.item.key,
            "organisation": row.item.organisation.name,
            "title": row.title,
            "kind": row.item.kind,
            "depth": row.standing.depth,
            "is_agreement_needed": row.standing.is_agreement_needed,
        }
        for row in shared.rows
    ]
    return {"n": shared.page.paginator.count, "items": rows}


@router.get("/shared/{key}", response={200: SharedItemOut, 404: Problem}, operation_id="get_shared_item")
def get_shared_item(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return an item as deep as you stand; that you read it is kept, as on the page."""
    shown = services.read_item(key=key, reader=cast("Person", request.user), at=now())
    standing, item = shown.standing, shown.item
    return {
        "key": item.key,
        "organisation": item.organisation.name,
        "title": shown.title,
        "kind": item.kind,
        "language": item.language,
        "depth": standing.depth,
        "agreement": standing.agreement.key if standing.agreement else "",
        "is_agreement_needed": standing.is_agreement_needed,
        "parts": [_part(part) for part in shown.parts],
    }


def _part(part: queries.ShownPart) -> dict[str, Any]:
    """Return a part as the API shows it."""
    version = part.version
    named = {name: getattr(version, name) for name in ("label", "text", "size", "sha256", "made_at")}
    return {**named, "key": part.key, "depth": part.depth, "version": version.number, "file": version.name}


@router.get("/shared/{key}/files/{part_key}", response={404: Problem}, operation_id="get_shared_file")
def get_shared_file(request: HttpRequest, key: str, part_key: str) -> HttpResponseBase:
    """Return the bytes of a file that you see; that you took it is kept."""
    reader = cast("Person", request.user)
    version = services.download_part(key=key, part_key=part_key, reader=reader, at=now()).version
    return sent_file(version.path, version.name, version.content_type)
