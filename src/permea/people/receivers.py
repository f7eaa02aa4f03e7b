"""What people hear from the sign-in library."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from permea.people.models import Person


@receiver(authenticator_added, dispatch_uid="people.key_was_shown")
def key_was_shown(request: HttpRequest, user: Person, authenticator: Authenticator, **_signal: Any) -> None:
    """Count the key just added as shown: who set it up a moment ago is not asked for it again at once."""
    record_authentication(
        request, user, method="mfa", reauthenticated=True, id=authenticator.pk, type=authenticator.type
    )
