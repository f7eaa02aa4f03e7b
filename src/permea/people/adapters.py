"""How sign-in behaves: by mailed code, without passwords, in the reader's language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from permea.people import queries, rules
from permea.people.models import Person
from permea.surface.middleware import LANGUAGE_KEY

SILENT = {
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "account/messages/login_code_sent.txt",
    "account/messages/email_confirmed.txt",
}
KIND_HEADER = "X-Permea-Kind"


class SessionBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Reads who is signed in."""

    def get_user(self, user_id: Any) -> Person | None:
        """Return the person of a session with what the frame shows of them, or None if they may not sign in."""
        person = queries.signed_in_person(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Permea's rules for accounts."""

    error_messages = {  # noqa: RUF012 - as the base class has it
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This is not the code we sent. Look at the newest mail from us and try again."),
        "too_many_login_attempts": _("That was tried too often. Wait a minute, then ask for a new code."),
        "rate_limited": _("That was tried too often. Please wait a little and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: who is new here enters an address like everybody else."""
        del request
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in its reader's language; its kind goes with it in a header."""
        person = queries.person_by_email(email)
        language = person.language if person else translation.get_language() or "en"
        with translation.override(language):
            full = {"request": self.request, "email": email, "current_site": get_current_site(self.request), **context}
            headers = {KIND_HEADER: template_prefix.rpartition("/")[2], "Content-Language": language}
            self.render_mail(template_prefix, email, full, headers).send()

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *rest: Any, **more: Any
    ) -> None:
        """Say what the next page does not say anyway."""
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *rest, **more)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody goes who came from nowhere.

        Members go to what waits for them, people of a partner to what is shared with them, others to their entries.
        """
        if queries.seats_of(request.user):
            return reverse("surface:today")
        person = queries.signed_in_person(request.user.pk)
        if getattr(person, "is_guest", False):
            return reverse("partners:own")
        return reverse("agreements:mine" if getattr(person, "has_agreements", False) else "ideas:mine")

    def post_login(self, request: HttpRequest, user: Person, **login: Any) -> HttpResponse:
        """Speak the person's language from now on, and ask who has not agreed to the privacy notice for it."""
        response: HttpResponse = super().post_login(request, user, **login)
        request.session[LANGUAGE_KEY] = user.language
        if queries.has_consented(user, purpose="privacy", version=rules.PRIVACY_VERSION):
            return response
        request.session[rules.UNWELCOMED] = True
        following = response.url if isinstance(response, HttpResponseRedirect) else "/"
        return HttpResponseRedirect(reverse("people:welcome", query={"next": following}))
