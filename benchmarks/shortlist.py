"""How long does `permea shortlist` take on a whole fund, end to end, in how much memory? Catalyst Fund 8.

usage: python benchmarks/shortlist.py [--out FILE]

Writes the fund's proposals and reviews as CSV, XLSX and Parquet, and the real budget of every challenge as limits, to a
temporary folder; then runs the command on each in a process of its own. Wall time and peak memory are the system's
figures for that process, from its start to its end.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from _catalyst import CRITERIA, FUND, ROOT, Fund, NoDataError, folder, read_fund

TARGET = 6.0  # seconds
RESULTS = Path(__file__).parent / "results" / "shortlist.json"
Rows = list[list]


def main() -> int:
    """Run the benchmark; without data say so."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    try:
        fund = read_fund(folder())
    except NoDataError as error:
        print(f"skipped: {error}")
        return 0
    print(
        f"Catalyst {FUND}: {len(fund.proposals)} proposals, {len(fund.idea)} reviews, {len(fund.judges)} judges, ",
        end="",
    )
    print(f"{len(fund.challenges)} budgets")
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores:
        print(f"  others keep this machine busy (load {load:.1f} on {cores} cores): wall times are too long")
    with tempfile.TemporaryDirectory() as place:
        rows = {kind: measure(fund, Path(place), kind) for kind in ("csv", "xlsx", "parquet")}
    for kind, row in rows.items():
        verdict = "within" if row["wall_seconds"] <= TARGET else "over"
        print(
            f"  {kind:8s} {row['wall_seconds']:6.2f} s wall, {row['cpu_seconds']:6.2f} s CPU, "
            f"{row['peak_mib']:5.0f} MiB, {row['n_chosen']} chosen, {row['status']}: {verdict} {TARGET:g} s"
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(
        json.dumps({"target_seconds": TARGET, "load_before": round(load, 1), "cores": cores, "runs": rows}, indent=1)
        + "\n",
        encoding="utf-8",
    )
    print(f"\nwritten: {options.out.name}")
    return 0


def measure(fund: Fund, place: Path, kind: str) -> dict:
    """Return time, memory and outcome of one run."""
    names = {call.key: call.title for call in fund.challenges}
    bucket = {int(number): call.key for call in fund.challenges for number in call.members}
    ideas = [["idea", "title", "cost", "bucket"]]
    ideas += [
        [str(key), fund.titles[number], float(fund.cost[number]), names[bucket[number]]]
        for number, key in enumerate(fund.proposals)
    ]
    reviews = [["idea", "judge", *CRITERIA]]
    reviews += [
        [str(fund.proposals[idea]), fund.judges[judge], *marks]
        for idea, judge, marks in zip(fund.idea.tolist(), fund.judge.tolist(), fund.marks.tolist(), strict=True)
    ]
    paths = [write(place / f"{name}.{kind}", rows) for name, rows in (("ideas", ideas), ("reviews", reviews))]
    limits = place / "limits.json"
    limits.write_text(json.dumps({"buckets": {call.title: {"money": call.budget} for call in fund.challenges}}))
    out = place / f"out-{kind}"
    began = time.perf_counter()
    arguments = [*map(str, paths), "--limits", str(limits), "--out", str(out)]
    process = subprocess.Popen([*command(), *arguments], stdout=subprocess.DEVNULL, env=environment())
    _pid, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"permea shortlist ended with {process.returncode}")
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    return {
        "wall_seconds": round(wall, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_mib": round(used.ru_maxrss / 1024, 1),
        "n_chosen": sum(row["is_chosen"] for row in result["ideas"]),
        "status": result["choice"]["status"],
    }


def command() -> list[str]:
    """Return how the command is started: through the product's entry point, where it is there."""
    if importlib.util.find_spec("permea.config.cli") is not None:
        return [sys.executable, "-c", "from permea.config.cli import main; main()", "shortlist"]
    return [sys.executable, "-c", "from permea.selection.commands import shortlist; shortlist()"]


def environment() -> dict[str, str]:
    """Return this process's environment with the product on the path."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def write(path: Path, rows: Rows) -> Path:
    """Write rows in the format that the path's ending names."""
    if path.suffix == ".parquet":
        pq.write_table(pa.table({name: list(column) for name, *column in zip(*rows, strict=True)}), path)
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("rows")
        for row in rows:
            sheet.append(row)
        book.save(path)
    else:
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    return path


if __name__ == "__main__":
    sys.exit(main())
