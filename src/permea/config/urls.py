"""Addresses of the whole instance."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from permea.config.api import api

STEPS = (
    "people",
    "surface",
    "ledger",
    "partners",
    "agreements",
    "disclosures",
    "strategy",
    "challenges",
    "ideas",
    "dialogue",
    "trials",
    "evaluation",
    "selection",
    "projects",
    "campus",
    "alliances",
    "risks",
    "measures",
    "notifications",
    "connectors",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    *(path("", include(f"permea.{step}.urls")) for step in STEPS if find_spec(f"permea.{step}.urls")),
]
handler400 = "permea.surface.errors.bad_request"
handler403 = "permea.surface.errors.forbidden"
handler404 = "permea.surface.errors.not_found"
handler500 = "permea.surface.errors.server_error"
