"""Addresses of the connectors."""

from __future__ import annotations

from django.urls import path

from permea.connectors import views

app_name = "connectors"
urlpatterns = [path("settings/mailbox/", views.mailbox, name="mailbox")]
