"""A lock that is handed on in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """Let threads in one at a time, first come, first served.

    SQLite itself makes a writer that finds another at work sleep and try again, longer each time, so that under load
    some wait for seconds while later ones pass them. `threading.Lock` keeps no order either.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    @property
    def n_waiting(self) -> int:
        """Return how many wait for their turn."""
        return len(self._waiting)

    def take(self, *, timeout: float) -> bool:
        """Wait for a turn, at most `timeout` seconds; return whether it came."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=timeout):
            return True
        with self._guard:
            if gate not in self._waiting:  # it came in the very moment
                return True
            self._waiting.remove(gate)
            return False

    def end(self) -> None:
        """Hand the turn to who has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
