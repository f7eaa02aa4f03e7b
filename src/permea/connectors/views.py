"""Pages of the connectors: the mailbox that is read."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from permea.connectors import queries, services
from permea.foundation.clock import now
from permea.people.models import Membership
from permea.people.queries import organisation_of_instance
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, answer_or_404, member


@never_cache
@member(Membership.Role.OWNER)
def mailbox(request: MemberRequest) -> HttpResponse:
    """Show how the mailbox is set, when it was read and what came of it; posting reads it now."""
    answer_or_404(request.organisation == organisation_of_instance() or None)
    if request.method == "POST":
        services.read_mailbox(at=now())
        return HttpResponseRedirect(reverse("connectors:mailbox"))
    return render(request, "connectors/mailbox.html", {"shown": queries.mailbox_page(now())})
