"""Duties: what the clock, not a person, sets off (a deadline passes, an answer falls due)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

logger = logging.getLogger(__name__)

Duty = Callable[[datetime], None]
_duties: list[Duty] = []


def duty(function: Duty) -> Duty:
    """Register the decorated function to be called by the worker every minute; it must bear being called twice."""
    _duties.append(function)
    return function


def run_duties(at: datetime) -> None:
    """Call every duty once; one that fails does not stop the others."""
    for function in _duties:
        try:
            function(at)
        except Exception:
            logger.exception("duty %s failed", function.__qualname__)
