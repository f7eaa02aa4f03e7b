"""The API of people: how programs sign in, and who they are then."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import HttpBearer, SessionAuth

from permea.foundation.clock import now
from permea.people import queries, rules, services
from permea.people.models import Person


class BearerToken(HttpBearer):
    """Signs in by `Authorization: Bearer TOKEN`."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """Return whose token it is and make them the request's user, or None."""
        person = services.use_token(secret=token, at=now())
        if person is not None:
            request.user = person
        return person


class Session(SessionAuth):
    """Signs in by the session cookie; a request that writes needs the CSRF token."""

    def __call__(self, request: HttpRequest) -> Any:
        """Return who is signed in and welcomed, or None; the CSRF token is asked of them only."""
        is_known = request.user.is_authenticated and rules.UNWELCOMED not in request.session
        return super().__call__(request) if is_known else None


SIGNED_IN: list[Any] = [BearerToken(), Session()]
router = Router()


class RoleOut(Schema):
    """A role in an organisation."""

    organisation: str
    name: str
    role: str


class PersonOut(Schema):
    """The person a program acts for."""

    key: str
    name: str
    email: str
    language: str
    time_zone: str
    roles: list[RoleOut]


@router.get("/me", response=PersonOut, operation_id="me")
def me(request: HttpRequest) -> dict[str, Any]:
    """Say whom this program acts for and in which organisations they have which role."""
    person = cast("Person", request.user)
    return {
        "key": person.key,
        "name": person.display_name,
        "email": person.email,
        "language": person.language,
        "time_zone": person.time_zone,
        "roles": [
            {"organisation": organisation.key, "name": organisation.name, "role": role}
            for organisation, role in queries.seats_of(person)
        ],
    }
