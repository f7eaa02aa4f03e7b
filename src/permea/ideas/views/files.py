"""Files of entries: attaching, removing, and the one way to download them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, services
from permea.ideas.views.guard import bounded
from permea.ideas.views.keeping import REFUSED, entry_page, keep, troubled_page
from permea.surface.downloads import sent_file
from permea.surface.requests import PersonRequest, signed_in


@require_POST
@bounded
@signed_in
def attach(request: PersonRequest, key: str) -> HttpResponseBase:
    """Save what was typed and attach the chosen files; each that is refused is named with the reason."""
    idea = queries.my_idea(request.user, key)
    kept = keep(request, idea)
    trouble = troubled_page(request, kept)
    if trouble is not None:
        return trouble
    for refusal in kept.refused_files:
        messages.error(request, refusal.reason)
    if kept.n_attached:
        told = ngettext("The file is attached.", "%(num)d files are attached.", kept.n_attached)
        messages.success(request, told % {"num": kept.n_attached})
    elif not kept.refused_files:
        messages.warning(request, _("Choose a file first."))
    return redirect(reverse("ideas:entry", args=[key]) + "#files")


@require_POST
@bounded
@signed_in
def remove(request: PersonRequest, key: str) -> HttpResponseBase:
    """Save what was typed and take a file from the entry."""
    attachment = queries.my_attachment(request.user, key)
    idea = queries.my_idea(request.user, attachment.idea.key)
    trouble = troubled_page(request, keep(request, idea))
    if trouble is not None:
        return trouble
    try:
        services.remove_file(attachment_id=attachment.pk, actor=request.user, at=now())
    except RefusedError as error:
        return entry_page(request, idea, None, error.refusal, REFUSED)
    messages.success(request, _("“%(name)s” is removed.") % {"name": attachment.name})
    return redirect(reverse("ideas:entry", args=[idea.key]) + "#files")


@require_GET
def file(request: HttpRequest, key: str) -> HttpResponseBase:
    """Send a file to somebody who may read its entry, to be saved, never to be shown by the browser as our page."""
    at = now()
    attachment = queries.attachment_for(request.user, key, at)
    firm, entry = attachment.idea.organisation_id, attachment.idea.key
    services.keep_readings(organisation_id=firm, keys=[entry], reader=request.user, at=at)
    return sent_file(attachment.path, attachment.name, attachment.content_type)
