"""The base of every app's configuration: its receivers, tasks and duties are imported once all apps are there."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig


class StepConfig(AppConfig):
    """A step of the process."""

    default = False  # the base itself is no app; without this Django would overlook the step's own configuration
    default_auto_field = "django.db.models.BigAutoField"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("receivers", "tasks"):
            if find_spec(f"{self.name}.{module}") is not None:
                import_module(f"{self.name}.{module}")
