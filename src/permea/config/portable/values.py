"""Values of a row as JSON and back, without loss."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

PLAIN = (bool, int, float, str, type(None))


class MisfitError(ValueError):
    """Raised for a value that does not fit its field."""


def to_json(field: models.Field[Any, Any], value: Any) -> Any:
    """Return a field's value as JSON: times in UTC to the microsecond, amounts as text."""
    if isinstance(field, models.JSONField) or isinstance(value, PLAIN):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{field} holds {type(value).__name__}, which has no form in JSON")


def from_json(field: models.Field[Any, Any], value: Any) -> Any:
    """Return what JSON says as a value of the field. Raises MisfitError if it does not fit."""
    where = f"{field.model._meta.label}.{field.name}"  # noqa: SLF001 - Django's own way to a model's name
    if value is None:
        if not field.null:
            raise MisfitError(f"{where} is missing")
        return None
    if isinstance(field, models.JSONField):
        return value
    try:
        fitting = field.to_python(value)
        field.run_validators(fitting)
    except (ValidationError, TypeError, ValueError, ArithmeticError) as error:
        raise MisfitError(f"{where} cannot be {value!r:.60}") from error
    is_empty = field.blank and fitting in field.empty_values
    if field.choices and not is_empty and fitting not in dict(field.flatchoices):
        raise MisfitError(f"{where} cannot be {value!r:.60}")
    return fitting
