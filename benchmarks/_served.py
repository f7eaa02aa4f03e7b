"""A server under load: what it costs in time, processor time and memory, seen from outside."""

from __future__ import annotations

import http.client
import os
import re
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, and after how long."""

    status: int
    body: str
    seconds: float
    cookies: dict[str, str]


class Browser:
    """One connection that is kept open, with its cookies; it reads no pictures and runs no scripts."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = dict([cookie.split("=", 1)]) if cookie else {}

    def ask(self, method: str, path: str, body: str = "", more: dict[str, str] | None = None) -> Answer:
        """Send a request and return the answer, timed from the first byte sent to the last one read."""
        headers = (more or {}) | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self.port}",
            }
        began = time.perf_counter()
        self.connection.request(method, path, body.encode() if body else None, headers)
        response = self.connection.getresponse()
        text = response.read()
        seconds = time.perf_counter() - began
        for line in response.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return Answer(response.status, text.decode("utf-8", "replace"), seconds, dict(self.cookies))

    def get(self, path: str) -> Answer:
        """Return the answer to GET. Raises RuntimeError unless it is 200."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {answer.body[:300]}")
        return answer


def token_of(page: str) -> str:
    """Return the token a form of the page has to send back."""
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("the page holds no form")
    return found.group(1)


def processes(pid: int) -> list[int]:
    """Return a process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += [int(child) for child in task.read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and all below it have used so far."""
    total = 0.0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def memory_mib(pid: int) -> dict[str, float]:
    """Return the memory of a process and all below it: RSS counts shared pages in each process, PSS once."""
    kib = {"Rss": 0, "Pss": 0}
    for one in processes(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            name = line.split(":")[0]
            if name in kib:
                kib[name] += int(line.split()[1])
    return {"processes": len(processes(pid)), "rss": round(kib["Rss"] / 1024, 1), "pss": round(kib["Pss"] / 1024, 1)}


def times(pid: int, n: int, once: Callable[[int], float]) -> dict[str, float]:
    """Do something n times, and return the milliseconds it took and the server's processor time for each."""
    used = cpu_seconds(pid)
    taken = sorted(1000 * once(number) for number in range(n))
    return {**spread(taken), "cpu": round(1000 * (cpu_seconds(pid) - used) / n, 1)}


def spread(taken: list[float]) -> dict[str, float]:
    """Return median, 95th and 99th percentile and the largest of sorted milliseconds."""
    at = [taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.95, 0.99)]
    return {
        "n": len(taken), "p50": round(statistics.median(taken), 1), "p95": round(at[0], 1), "p99": round(at[1], 1),
        "max": round(taken[-1], 1),
    }  # fmt: skip


def at_once(works: list[Callable[[], None]]) -> float:
    """Run all works at the same time and return the seconds until the last one ended."""
    threads = [threading.Thread(target=work) for work in works]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began
