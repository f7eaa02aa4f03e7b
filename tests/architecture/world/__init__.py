"""The world that is walked: a firm with an open, a judged and a decided challenge, and another firm beside it."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import AT

NOW = AT + timedelta(hours=1)
