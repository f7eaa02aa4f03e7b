"""The web application; with PERMEA_WORKER it also runs the job worker in a thread of the same process."""

import os
import sys
import threading

from django.core.wsgi import get_wsgi_application

# The worker computes rankings in this process. A request gives Python's lock away at each of its queries and gets it
# back only after this time; at the usual 5 ms a page with ten queries would wait 50 ms for a ranking nobody looks at.
sys.setswitchinterval(0.0005)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "permea.config.settings.prod")
application = get_wsgi_application()


def start_worker() -> threading.Event:
    """Start the worker thread and return the event that stops it."""
    from permea.foundation.clock import now  # noqa: PLC0415 - after the apps are loaded
    from permea.foundation.worker import run_worker  # noqa: PLC0415 - after the apps are loaded

    stop = threading.Event()
    threading.Thread(target=run_worker, args=(stop, now), name="permea-worker", daemon=True).start()
    return stop


if os.environ.get("PERMEA_RUN_WORKER") == "1":
    start_worker()
