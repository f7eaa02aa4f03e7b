"""Coming in: an address, a code, and a first-timer's name and consent."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from permea.foundation.clock import now
from permea.people import queries, rules, services
from permea.people.forms import WelcomeForm
from permea.people.models import Person
from permea.surface.middleware import LANGUAGE_KEY
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, signed_in, wanted_page


class SignInView(RequestLoginCodeView):  # type: ignore[misc]  # allauth is untyped
    """Asks for an address and mails it a code; who is new becomes a person in the same step, unseen."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Register the address if nobody has it, then send the code: the answer is the same for all."""
        if form._user is None:  # noqa: SLF001 - allauth's own way of handing the person on
            form._user = services.register_person(  # noqa: SLF001 - as above
                email=form.cleaned_data["email"], language=translation.get_language() or "en", at=now()
            )
        answer: HttpResponse = super().form_valid(form)
        return answer


class ConfirmView(ConfirmLoginCodeView):  # type: ignore[misc]  # allauth is untyped
    """Asks for the code and signs in; a code that no longer counts is said to be so."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer as allauth does, with words where it has none."""
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        is_pending = getattr(self, "_process", None) is not None
        if not is_pending and not request.user.is_authenticated:
            messages.warning(
                request, _("This code has expired or was used already. Enter your address to get a new one.")
            )
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return allauth's context and how many tries are left."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["tries_left"] = self._process.max_attempts - self._process.state["failed_attempts"]
        return context


def enter(request: HttpRequest, person: Person, following: str) -> HttpResponse:
    """Sign the person in as if by code, the second factor included if they have one."""
    record_authentication(request, person, method="code", email=person.email)
    answer: HttpResponse = perform_login(request, Login(user=person, email=person.email, redirect_url=following))
    return answer


def safe_next(request: HttpRequest) -> str:
    """Return where the visitor was going if that is a page of this instance, else where they belong."""
    return wanted_page(request) or str(get_adapter(request).get_login_redirect_url(request))


@never_cache
@signed_in
def welcome(request: PersonRequest) -> HttpResponse:
    """Ask a first-timer for a name and for consent to the privacy notice, then let them go on."""
    person, following = request.user, safe_next(request)
    initial = {name: getattr(person, name) for name in ("name", "affiliation", "country", "language")}
    form = WelcomeForm(request.POST or None, initial=initial)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "affiliation", "country", "language")}
        services.welcome_person(person=person, version=rules.PRIVACY_VERSION, at=now(), **fields)
        request.session[LANGUAGE_KEY] = fields["language"]
        request.session.pop(rules.UNWELCOMED, None)
        return HttpResponseRedirect(following)
    notice = queries.privacy_notice(translation.get_language() or "en")
    context = {"form": form, "next": following, "notice": notice, "version": rules.PRIVACY_VERSION}
    return render(request, "people/welcome.html", context, status=422 if form.errors else 200)


def privacy(request: HttpRequest) -> HttpResponse:
    """Show the privacy notice."""
    notice = queries.privacy_notice(translation.get_language() or "en")
    context = {
        "notice": notice,
        "version": rules.PRIVACY_VERSION,
        "organisation": queries.organisation_of_instance(),
    }
    return render(request, "people/privacy.html", context)


@never_cache
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in whom the link names; outside the demo only at the press of a button, so that no preview uses it up."""
    person = services.person_of_link(token=token, at=now())
    if person is None:
        raise Http404
    if request.method != "POST" and not settings.DEMO:
        return render(request, "people/sign_in_link.html", {"person": person})
    services.confirm_address(person=person)
    return enter(request, person, "")
