"""The job worker: drains the outbox, runs background tasks and the clock's duties."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from permea.foundation import duties, outbox

logger = logging.getLogger(__name__)
DUTY_SECONDS = 30.0


def work_once(at: datetime) -> int:
    """Do everything that waits at `at` and return how many outbox entries were done."""
    done = outbox.drain(at=at)
    TaskWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=50,
        worker_id=f"permea-{threading.get_ident()}",
        excluded_queue_names=[],
    ).run()
    return done


def run_worker(stop: threading.Event, read_clock: Callable[[], datetime], *, interval: float = 0.5) -> None:
    """Work until `stop` is set. An error is logged and the work goes on."""
    duties_due = 0.0
    while not stop.is_set():
        try:
            close_old_connections()
            if time.monotonic() >= duties_due:
                duties.run_duties(read_clock())
                duties_due = time.monotonic() + DUTY_SECONDS
            work_once(read_clock())
        except Exception:
            logger.exception("the worker stumbled and goes on")
            stop.wait(2.0)
        stop.wait(interval)
    connection.close()
