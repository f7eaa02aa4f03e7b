"""The three files: a table to work with, a report to hand round, and everything as data; whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import platform
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from babel.numbers import get_decimal_symbol
from django.utils import translation
from django.utils.translation import gettext as _

from permea.selection.shortlist import wording
from permea.selection.shortlist.model import RankedIdea, Shortlist
from permea.selection.shortlist.report import render_report
from permea.surface.downloads import safe_cell
from permea.surface.tables import TableError

CSV_NAME, REPORT_NAME, RESULT_NAME = "shortlist.csv", "report.html", "result.json"
SCHEMA = "permea.shortlist/1"
HEADINGS = [
    "rank",
    "idea",
    "title",
    "score",
    "lower",
    "upper",
    "p_top",
    "group",
    "n_reviews",
    "plain_mean",
    "chosen",
    "stability",
    "cost",
    "days",
    "bucket",
]
DIGITS = 6


def write_results(found: Shortlist, folder: Path, *, step: Callable[[str], None]) -> tuple[Path, ...]:
    """Write table, report and data into `folder`, replacing older ones. Raises TableError if it cannot."""
    step(_("Writing the results"))
    files = {
        CSV_NAME: as_csv(found).encode("utf-8-sig"),
        REPORT_NAME: render_report(found, version=product_version()).encode(),
        RESULT_NAME: as_json(found).encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace_all(folder, files)
    except OSError as error:
        why = {"folder": folder, "why": error.strerror or error}
        raise TableError(_("Nothing was written to “%(folder)s”: %(why)s.") % why) from None
    return tuple(folder / name for name in files)


def _replace_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files beside their places first, then move them there."""
    waiting: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            handle, path = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            waiting.append((Path(path), folder / name))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(path).chmod(0o644)
        for temporary, place in waiting:
            temporary.replace(place)
    finally:
        for temporary, _place in waiting:
            temporary.unlink(missing_ok=True)


def product_version() -> str:
    """Return the version of the product, or a zero where it runs from a bare source tree."""
    try:
        return version("permea")
    except PackageNotFoundError:
        return "0"


def as_csv(found: Shortlist) -> str:
    """Return the ranked ideas as a table, with semicolons and decimal commas where the language has these."""
    is_comma = get_decimal_symbol(translation.get_language() or "en") == ","
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if is_comma else ",", lineterminator="\r\n")
    writer.writerow([*HEADINGS, *(safe_cell(name) for name in found.inputs.criteria)])
    for row in found.ideas:
        writer.writerow([_text(cell, is_comma=is_comma) for cell in _cells(row)])
    return out.getvalue()


def _cells(row: RankedIdea) -> list[object]:
    idea = row.idea
    cells = [
        *(row.rank, idea.key, idea.title, row.score, row.lower, row.upper, row.p_top, row.group),
        *(row.n_reviews, row.plain_mean, int(row.is_chosen), row.stability, idea.cost, idea.days, idea.bucket),
        *row.criterion_scores,
    ]
    return [safe_cell(cell) for cell in cells]


def _text(cell: object, *, is_comma: bool) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, float):
        return str(cell)
    text = f"{cell:.4f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if is_comma else text


def as_json(found: Shortlist) -> str:
    """Return everything as JSON, the same for the same input: no time, no path."""
    choice = found.choice
    document = {
        "schema": SCHEMA,
        "versions": {
            "permea": product_version(),
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "scipy": version("scipy"),
            "highspy": version("highspy"),
        },
        "inputs": [asdict(source) for source in found.inputs.sources],
        "limits": asdict(found.limits),
        "criteria": list(found.inputs.criteria),
        "method": asdict(found.method),
        "certainty": asdict(found.certainty),
        "choice": None if choice is None else asdict(choice),
        "explained": {
            "method": wording.method(found),
            "certainty": wording.certainty(found),
            "choice": [] if choice is None else [wording.certificate(choice), *wording.alternatives(choice)],
            "judges": wording.judges(found),
        },
        "ideas": [_flat(asdict(row)) for row in found.ideas],
        "judges": [asdict(row) for row in found.judges],
        "warnings": list(found.warnings),
        "faults": [{"file": fault.file, **asdict(fault.error)} for fault in found.inputs.faults],
    }
    return json.dumps(_plain(document), ensure_ascii=False, indent=1) + "\n"


def _flat(row: dict[str, object]) -> dict[str, object]:
    idea = row.pop("idea")
    return {**idea, **row} if isinstance(idea, dict) else row


def _plain(value: object) -> object:
    """Return a value with numbers rounded and everything in types that JSON knows."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return round(value, DIGITS) if np.isfinite(value) else None
    return value
