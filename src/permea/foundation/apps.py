"""Wiring of the foundation."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The app that holds the outbox table."""

    name = "permea.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
