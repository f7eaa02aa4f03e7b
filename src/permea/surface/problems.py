"""The one shape of an error in the API: problem+json."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError

from permea.foundation.refusals import RefusedError


class Problem(Schema):
    """RFC 9457: what went wrong; `code` is stable, `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str


def answer_with_problems(api: NinjaAPI) -> None:
    """Make an API answer refusals, missing things, bad input and missing sign-in as problem+json."""

    def problem(request: HttpRequest, status: int, title: str, code: str, detail: str) -> HttpResponse:
        body = Problem(title=title, status=status, code=code, detail=detail).model_dump()
        response = api.create_response(request, body, status=status)
        response.headers["Content-Type"] = "application/problem+json"
        return response

    @api.exception_handler(RefusedError)
    def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
        return problem(request, 409, "Refused", error.refusal.code, error.refusal.reason)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        del error
        return problem(request, 404, "Not found", "api.not_found", "There is nothing here that you may see.")

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0]
        where = ".".join(str(part) for part in first.get("loc", ()))
        return problem(request, 422, "Invalid input", "api.invalid", f"{where}: {first.get('msg', '')}")

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        del error
        return problem(request, 401, "Sign in", "api.sign_in", "Send a session cookie or an access token.")
