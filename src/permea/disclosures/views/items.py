"""Pages of items inside: the list, an item, its parts, whom it is shared with, and how others see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.disclosures import queries, services
from permea.disclosures.forms import ItemForm, PartForm, ShareForm
from permea.disclosures.models import Item, Part
from permea.disclosures.views.guests import reader_page
from permea.foundation.clock import now
from permea.foundation.files.intake import SentFile
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.models import Membership
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)
INSIDERS = (*MANAGING, Membership.Role.MEMBER.value)
REFUSED, INVALID = 409, 422
FIELDS = ("title", "teaser", "kind", "sensitivity", "language", "source_key")
LONGEST_SEARCH = 100


def status_of(refusal: Refusal | None, form: Any) -> int:
    """Return how a page answers that shows a form again."""
    return REFUSED if refusal else INVALID if form is not None and form.errors else 200


@require_GET
@member(*INSIDERS)
def items(request: MemberRequest) -> HttpResponse:
    """List the firm's items and whom each is shared with."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    at_least = request.GET.get("sensitivity", "")
    listed = queries.items_page(
        request.user, request.organisation, now(), text=text, sensitivity=at_least, page=page_number(request)
    )
    choices = [("", _("All")), *((str(value), label) for value, label in Item.Sensitivity.choices)]
    return render(request, "disclosures/list.html", {"listed": listed, "choices": choices})


@require_GET
@member(*INSIDERS)
def item(request: MemberRequest, key: str) -> HttpResponse:
    """Show an item to the firm's own people, and to those who manage whom it is shared with."""
    return item_answer(request, key)


def item_answer(
    request: MemberRequest, key: str, form: ShareForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with the page of an item."""
    page = queries.item_page(request.user, key, now())
    parties = queries.parties_of(page.shown.item.organisation) if page.can_manage else []
    readers = queries.readers_of(page.shown.item, now()) if page.can_manage else []
    context = {
        "page": page,
        "form": form or ShareForm(parties=parties),
        "refusal": refusal,
        "choices": [(one.key, one.name) for one in readers],
    }
    return render(request, "disclosures/item.html", context, status=status_of(refusal, form))


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_item(request: MemberRequest) -> HttpResponse:
    """Begin an item."""
    begin = {"language": request.organisation.language, "owner": request.user.key}
    team = queries.team_of(request.organisation)
    form = ItemForm(request.POST if request.method == "POST" else None, initial=begin, team=team)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "item": None}
        return render(request, "disclosures/edit.html", context, status=status_of(None, form))
    content = services.ItemInput(**form.content())
    made = services.create_item(organisation=request.organisation, content=content, actor=request.user, at=now())
    return redirect("disclosures:item", made.key)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_item(request: MemberRequest, key: str) -> HttpResponse:
    """Change what an item is called and how sensitive it is."""
    found = queries.managed_item(request.user, key)
    begin = {
        name: getattr(found, name) for name in ("title", "teaser", "kind", "sensitivity", "language", "source_key")
    }
    begin["owner"] = found.owner.key
    team = {found.owner.key: found.owner} | {one.key: one for one in queries.team_of(found.organisation)}
    form = ItemForm(request.POST if request.method == "POST" else None, initial=begin, team=team.values())
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "item": found}
        return render(request, "disclosures/edit.html", context, status=status_of(None, form))
    content = services.ItemInput(**form.content())
    services.change_item(item_id=found.pk, content=content, actor=request.user, at=now())
    messages.success(request, _("Saved."))
    return redirect("disclosures:item", key)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_part(request: MemberRequest, key: str) -> HttpResponse:
    """Add a part to an item."""
    return _part_answer(request, queries.managed_item(request.user, key), None)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_part(request: MemberRequest, key: str) -> HttpResponse:
    """Change a part: what it says is its next version."""
    found = queries.managed_part(request.user, key)
    return _part_answer(request, found.item, found)


def _part_answer(request: MemberRequest, found: Item, part: Part | None) -> HttpResponse:
    """Show the form of a part, or keep what was sent and go back to the item."""
    said = part.current if part else None
    begin = {"label": said.label, "text": said.text, "depth": part.depth} if part and said else {"depth": "inside"}
    is_sent = request.method == "POST"
    form = PartForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial=begin)
    refusal = None
    if is_sent and form.is_valid():
        try:
            _keep(request, found, part, form)
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("disclosures:item", found.key)
    context = {"form": form, "item": found, "part": part, "said": said, "refusal": refusal}
    return render(request, "disclosures/part.html", context, status=status_of(refusal, form))


def _keep(request: MemberRequest, found: Item, part: Part | None, form: PartForm) -> None:
    """Store what the form of a part says. Raises RefusedError as `services.save_part` does."""
    said = dict(form.cleaned_data)
    sent = said.pop("file")
    file = SentFile(sent.name or "", sent.chunks()) if sent else None
    content = services.PartInput(**said, file=file)
    part_id = part.pk if part else None
    services.save_part(item_id=found.pk, part_id=part_id, content=content, actor=request.user, at=now())
    messages.success(request, _("Saved."))


@require_POST
@member(*MANAGING)
def remove_part(request: MemberRequest, key: str) -> HttpResponse:
    """Take a part from its item."""
    found = queries.managed_part(request.user, key)
    services.remove_part(part_id=found.pk, actor=request.user, at=now())
    messages.success(request, _("The part is removed. Who has read it stays known."))
    return redirect("disclosures:item", found.item.key)


@require_POST
@member(*MANAGING)
def share(request: MemberRequest, key: str) -> HttpResponse:
    """Share an item with an organisation or a person."""
    found = queries.managed_item(request.user, key)
    form = ShareForm(request.POST, parties=queries.parties_of(found.organisation))
    if not form.is_valid():
        return item_answer(request, key, form)
    try:
        content = services.ShareInput(**form.content())
        services.share_item(item_id=found.pk, content=content, actor=request.user, at=now())
    except RefusedError as error:
        return item_answer(request, key, form, error.refusal)
    messages.success(request, _("Shared. They find it under “Shared with me” when they sign in."))
    return redirect("disclosures:item", key)


@require_POST
@member(*MANAGING)
def close_share(request: MemberRequest, key: str) -> HttpResponse:
    """Close a share at once."""
    found = queries.managed_share(request.user, key)
    services.close_share(share_id=found.pk, actor=request.user, at=now())
    messages.success(request, _("The share is closed."))
    return redirect("disclosures:item", found.item.key)


@require_POST
@member(*MANAGING)
def publish(request: MemberRequest, key: str) -> HttpResponse:
    """Show the public parts of an item to the world."""
    found = queries.managed_item(request.user, key)
    try:
        services.publish_item(item_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return item_answer(request, key, refusal=error.refusal)
    messages.success(request, _("The world sees the public parts now."))
    return redirect("disclosures:item", key)


@require_POST
@member(*MANAGING)
def unpublish(request: MemberRequest, key: str) -> HttpResponse:
    """Take an item back from the world."""
    found = queries.managed_item(request.user, key)
    try:
        services.unpublish_item(item_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return item_answer(request, key, refusal=error.refusal)
    messages.success(request, _("The world does not see it any more."))
    return redirect("disclosures:item", key)


@require_GET
@member(*MANAGING)
def preview(request: MemberRequest, key: str) -> HttpResponseBase:
    """Show an item exactly as somebody it is shared with sees it, or the world; nothing of it is counted."""
    found, at, wanted = queries.managed_item(request.user, key), now(), request.GET.get("reader", "")
    reader = next((one for one in queries.readers_of(found, at) if one.key == wanted), None)
    if reader is None:
        raise Http404
    is_public = reader.person is None
    try:
        shown = queries.shown_to(reader.person or AnonymousUser(), key, at, is_public=is_public)
    except Http404:
        return render(request, "disclosures/not_shown.html", {"item": found, "as_whom": reader.name})
    return reader_page(request, shown, is_public=is_public, as_whom=reader.name)
