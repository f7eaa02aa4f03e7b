"""Programs at work with a running instance, many at once, over the API."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from tests import migrated
from tests.servers import ROOT, Product

T = TypeVar("T")
A = TypeVar("A")
LONGEST = 180.0


def prepare(site: Product, what: str, *numbers: int) -> dict[str, Any]:
    """Fill the data folder of an instance that is not served yet."""
    migrated.lay(site.data_dir / migrated.NAME)
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "journeys" / "prepare.py"), what, *map(str, numbers)],
        cwd=ROOT, env=site.settings(), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout))


def call(site: Product, method: str, path: str, token: str, body: Any = None) -> tuple[int, Any]:
    """Call an operation; status 0 means that no whole answer came."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=LONGEST)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Connection": "close"}
    try:
        connection.request(method, path, json.dumps(body or {}), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return 0, None
    finally:
        connection.close()


def at_once(work: Callable[[A], T], items: Iterable[A]) -> list[T]:
    """Do the work on every item at the same time, each in a thread of its own; return what came out, in order."""
    todo = list(items)
    found: dict[int, T] = {}
    gate = threading.Barrier(len(todo))

    def run(number: int, item: A) -> None:
        gate.wait(LONGEST)
        found[number] = work(item)

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(todo)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * LONGEST)
    assert len(found) == len(todo), "somebody never got an answer"
    return [found[number] for number in range(len(todo))]


def verify(document: Any, file: Path) -> tuple[int, str]:
    """Check a document with `permea verify`."""
    file.write_text(json.dumps(document))
    done = subprocess.run(
        [sys.executable, "-c", "from permea.config.cli import main; main()", "verify", str(file)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr
