"""Addresses of notifications."""

from __future__ import annotations

from django.urls import path

from permea.notifications import views

app_name = "notifications"
urlpatterns = [
    path("mails/", views.mails, name="mails"),
    path("mails/<str:key>/", views.mail, name="mail"),
]
