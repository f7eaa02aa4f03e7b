"""Addresses with a hole in them, for the test that shows the permission walk to find it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_POST


def secret(request: HttpRequest, key: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("account_login")
    return HttpResponse(key, status=200 if request.user.email.startswith("olga") else 404)


def open_to_all(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(key)


@require_POST
def rename(request: HttpRequest, key: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("account_login")
    request.user.name = "renamed"
    request.user.save()
    return HttpResponse(request.POST["name"])


ACCOUNT = path("account/", include("allauth.urls"))
RENAME = path("secrets/<str:key>/rename/", rename, name="rename")
urlpatterns = [ACCOUNT, RENAME, path("secrets/<str:key>/", secret, name="secret")]
WITH_A_NEW_ADDRESS = [*urlpatterns, path("secrets/<str:key>/copy/", open_to_all, name="copy")]
WITH_A_HOLE = [ACCOUNT, RENAME, path("secrets/<str:key>/", open_to_all, name="secret")]
