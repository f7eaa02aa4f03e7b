"""Addresses of surface."""

from __future__ import annotations

from django.urls import path

from permea.surface import views

app_name = "surface"
urlpatterns = [
    path("today/", views.today, name="today"),
    path("language/", views.language, name="language"),
    path("organisation/", views.organisation, name="organisation"),
    path("preview/", views.preview, name="preview"),
    path("gallery/", views.gallery, name="gallery"),
    path("healthz", views.health, name="health"),
]
