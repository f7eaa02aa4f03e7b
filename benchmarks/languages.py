"""Languages: is the language of a text told right, how often not at all, and what becomes of one that is not offered.

usage: python benchmarks/languages.py [--quick] [--out FILE]

Sentences of the STS benchmark in the five languages pages are offered in, and in six others, which must be told as
none of them. The second half of each is reported; what other thresholds would do is shown on the first. Beside it: the
language of the page, which is what a text counted as before, and the most likely language without any threshold. "Said"
is what is stored: where the text does not show, the language of the page. Barcelona's proposals are about nine in ten
Catalan, the rest Spanish, unlabelled: counted is what each is told as while Catalan is not accepted, and once it is.
Time is of one thread, memory what the process grew by.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "permea.config.settings.test")

import pyarrow.parquet as pq
from _data import data_folder
from rich.console import Console
from rich.table import Table

from permea.surface import languages
from permea.surface.languages import language_of

RESULTS = Path(__file__).parent / "results" / "languages.json"
OFFERED = ("en", "de", "es", "fr", "it")
OTHERS = ("nl", "pl", "pt", "ru", "ja", "zh")
SENTENCES = ("Der Greifer hält eine reife Tomate ganz ohne Druckstellen.", "The gripper holds a ripe tomato gently.")


def main() -> int:
    """Measure everything there is data for, print it and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few texts only")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    place = data_folder()
    figures: dict[str, object] = {"model": loading(), "sentences": [], "pages": [], "others": [], "catalan": [],
                                  "thresholds": []}  # fmt: skip
    if (place / "stsb_multi_mt").exists():
        told = {code: [(text, tell(text)) for text in sentences(place, code, options.quick)] for code in OFFERED}
        figures["sentences"] = [of_language(code, rows) for code, rows in told.items()]
        figures["pages"] = [of_page(code, told) for code in OFFERED]
        figures["thresholds"] = thresholds(place, options.quick)
        figures["others"] = [of_other(code, sentences(place, code, options.quick)) for code in OTHERS]
    if (place / "decidim_bcn_2016").exists():
        figures["catalan"] = catalan(place, options.quick)
    show(figures)
    options.out.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def memory():
    """Return what this process holds in memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def loading():
    """Return how long the first text takes, how much memory the model needs, and how long each further one takes."""
    held, began = memory(), time.perf_counter()
    language_of(SENTENCES[0], OFFERED)
    first, n_texts = time.perf_counter() - began, 2000
    grown, began = memory() - held, time.process_time()
    for number in range(n_texts):
        language_of(SENTENCES[number % 2] * 20, OFFERED)
    each = (time.process_time() - began) / n_texts
    return {"first text s": first, "memory MB": grown, "further text ms": each * 1000}


def tell(text, among=OFFERED):
    """Return what a text is told as."""
    return language_of(text, among)


def likeliest(text):
    """Return the most likely of the languages offered, sure or not."""
    likely = dict(languages._loaded().rank(text))  # noqa: SLF001 - the model without its thresholds
    return max(OFFERED, key=lambda code: likely[code])


def sentences(place, language, quick, *, part=1):
    """Return one half of the first sentences of a language, once each."""
    read = pq.read_table(place / "stsb_multi_mt/pairs.parquet", filters=[("lang", "=", language)]).to_pylist()
    texts = list(dict.fromkeys(row["sentence1"] for row in read))
    middle = len(texts) // 2
    half = (texts[:middle], texts[middle:])[part]
    return half[:20] if quick else half


def of_language(code, rows):
    """Return how the sentences of one language fare."""
    n = len(rows)
    return {
        "language": code, "sentences": n,
        "right": sum(told == code for _text, told in rows) / n,
        "wrong": sum(told not in {code, ""} for _text, told in rows) / n,
        "not told": sum(told == "" for _text, told in rows) / n,
        "likeliest right": sum(likeliest(text) == code for text, _told in rows) / n,
    }  # fmt: skip


def of_page(page, told):
    """Return how much is said right on a page in one language, to which texts in all five come alike."""
    rows = [(code, seen) for code, texts in told.items() for _text, seen in texts]
    return {
        "page": page, "texts": len(rows),
        "language of the page": sum(code == page for code, _seen in rows) / len(rows),
        "said": sum(code == (seen or page) for code, seen in rows) / len(rows),
    }  # fmt: skip


def thresholds(place, quick):
    """Return what each pair of thresholds does to the first half: to the five languages, and to three near them."""
    own = [(code, text) for code in OFFERED for text in sentences(place, code, quick, part=0)]
    near = [text for code in ("nl", "pl", "pt") for text in sentences(place, code, quick, part=0)]
    usual, found = (languages.SURE, languages.KNOWN), []
    for sure in (0.5, 0.8, 0.95):
        for known in (0.0, 0.1, 0.2, 0.4):
            languages.SURE, languages.KNOWN = sure, known
            told = [(code, tell(text)) for code, text in own]
            found.append({
                "sure": sure, "known": known, "right": sum(code == seen for code, seen in told) / len(told),
                "wrong": sum(seen not in {code, ""} for code, seen in told) / len(told),
                "others told as one of the five": sum(tell(text) != "" for text in near) / len(near),
            })  # fmt: skip
    languages.SURE, languages.KNOWN = usual
    return found


def of_other(code, texts):
    """Return how often a language that is not offered is told as one that is, and how it fares once accepted."""
    n = len(texts)
    return {
        "language": code, "sentences": n,
        "told as one of the five": sum(tell(text) != "" for text in texts) / n,
        "right once accepted": sum(tell(text, (*OFFERED, code)) == code for text in texts) / n,
    }  # fmt: skip


def catalan(place, quick):
    """Return what Barcelona's proposals are told as, with and without Catalan among the languages."""
    read = pq.read_table(place / "decidim_bcn_2016/proposals.parquet", columns=["title", "summary"]).to_pylist()
    texts = [f"{row['title'] or ''}\n{row['summary'] or ''}" for row in read[: 40 if quick else None]]
    found = []
    for accepted in ((), ("ca",)):
        counted = Counter(tell(text, (*OFFERED, *accepted)) for text in texts)
        found.append(
            {"accepted besides": list(accepted), "proposals": len(texts), "told as": dict(counted.most_common())}
        )
    return found


def show(figures):
    """Print the figures as tables."""
    console = Console()
    console.print(figures["model"])
    for name in ("sentences", "pages", "others", "catalan", "thresholds"):
        rows = figures[name]
        table = Table(*(rows[0] if rows else ()), title=name)
        for row in rows:
            table.add_row(*(f"{value:.2%}" if isinstance(value, float) else str(value) for value in row.values()))
        console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
