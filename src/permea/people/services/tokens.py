"""Access tokens: a person's keys to the API."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from permea.foundation.refusals import demand
from permea.people import queries, rules
from permea.people.models import AccessToken, Person

PREFIX = "permea_"
USE_NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def issue_token(*, person: Person, label: str, at: datetime) -> tuple[AccessToken, str]:
    """Make an access token and return it with its secret, which is shown this once.

    Raises RefusedError as `rules.why_not_issue_token` says.
    """
    demand(rules.why_not_issue_token(queries.tokens_of(person).count()))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(person=person, label=label, token_hash=queries.hash_of(secret), created_at=at)
    return token, secret


@transaction.atomic
def revoke_token(*, token_id: int, actor: Person, at: datetime) -> None:
    """Stop a token from working; twice is the same as once. Raises RefusedError as `rules.why_not_revoke` says."""
    token = AccessToken.objects.select_for_update(of=("self",)).get(pk=token_id)
    demand(rules.why_not_revoke(token, actor))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])


def use_token(*, secret: str, at: datetime) -> Person | None:
    """Return whose token this is and note its use (every five minutes at most), or None if it does not work."""
    token = (
        AccessToken.objects.select_related("person")
        .filter(token_hash=queries.hash_of(secret), revoked_at__isnull=True, person__is_active=True)
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or at - token.last_used_at >= USE_NOTED_EVERY:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token.person
