"""Themes: do they agree with the categories that people gave, how many survive a tenth more texts, how long it takes.

usage: python benchmarks/themes.py [--quick] [--out FILE]

Categories: the challenges that Catalyst proposals answer (Funds 6 and 8), and the subcategories of Decidim proposals in
Barcelona. Agreement is the adjusted Rand index: 0 for chance, 1 for the same groups; categories are more than 12, so 1
cannot be reached. The peer, written down here as usually done, is k-means on TF-IDF of words (cosine, k-means++, the
best of ten starts) with as many groups as Permea found; "found" tells that number. "kept" is the share of texts that
are in the same theme once the last tenth of the texts has come and themes are worked out again from those there were,
themes being matched by their texts; "kept anew" the same without telling which there were, and "then" the agreement of
themes worked out from earlier ones. Times are CPU seconds of one thread, for Catalyst and Decidim proposals one after
the other, with the index of words and the names.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pyarrow.parquet as pq
from _data import data_folder
from rich.console import Console
from rich.table import Table
from scipy import sparse

from permea_engine.similarity import build_index, words_of
from permea_engine.themes import find_themes, match_themes, telling_words

RESULTS = Path(__file__).parent / "results" / "themes.json"
FUNDS = ("F6", "F8")
SIZES = (1_000, 10_000)
SEED = 7


def main() -> int:
    """Measure everything there is data for, print it and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few texts only")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    place = data_folder()
    figures: dict[str, list[dict[str, object]]] = {"agreement": [], "speed": []}
    if (place / "catalyst").exists():
        most = 60 if options.quick else None
        collections = labelled(place)
        figures["agreement"] = [agreement(name, texts[:most], truth[:most]) for name, texts, truth in collections]
        pool = [text for _name, texts, _truth in collections for text in texts]
        figures["speed"] = [speed(size, pool) for size in ((60,) if options.quick else SIZES)]
    show(figures)
    options.out.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def labelled(place):
    """Return the collections: texts, and the category of each."""
    proposals = pq.read_table(place / "catalyst" / "proposals.parquet").to_pylist()
    made = []
    for fund in FUNDS:
        rows = [row for row in proposals if row["fund"] == fund]
        texts = [(row["title"] or "", f"{row['problem'] or ''} {row['solution'] or ''}") for row in rows]
        made.append((f"Catalyst {fund}", texts, [row["challenge_id"] for row in rows]))
    rows = pq.read_table(place / "decidim_bcn_2016" / "proposals.parquet").to_pylist()
    texts = [(row["title"] or "", row["summary"] or "") for row in rows]
    made.append(("Decidim Barcelona", texts, [row["subcategory"] or "" for row in rows]))
    return [(name, texts, np.unique(truth, return_inverse=True)[1]) for name, texts, truth in made if texts]


def agreement(name, texts, truth):
    """Return how well themes and the peer agree with the categories, and how many texts keep their theme."""
    vectors = build_index(texts).vectors
    found = find_themes(vectors)
    n_before = len(texts) * 10 // 11
    before = find_themes(build_index(texts[:n_before]).vectors).labels
    again = find_themes(vectors, earlier=np.append(before, np.full(len(texts) - n_before, -1)))
    n_found = int(found.labels.max()) + 1
    peer = k_means(tf_idf(texts), n_found)
    return {
        "texts": name,
        "n": len(texts),
        "categories": int(truth.max()) + 1,
        "found": n_found,
        "permea": round(adjusted_rand(truth, found.labels), 3),
        "k-means on TF-IDF": round(adjusted_rand(truth, peer), 3),
        "then": round(adjusted_rand(truth, again.labels), 3),
        "kept": round(kept(before, again.labels[:n_before]), 3),
        "kept anew": round(kept(before, found.labels[:n_before]), 3),
    }


def kept(before, after):
    """Return the share of texts that are in the theme they were in."""
    same = match_themes(before, after)
    return float((np.array([same.get(one, -2) for one in after.tolist()]) == before).mean())


def adjusted_rand(one, other):
    """Return how far two groupings agree beyond chance."""
    table = np.zeros((one.max() + 2, other.max() + 2))
    np.add.at(table, (one, other), 1)
    pairs = [float((sums * (sums - 1) / 2).sum()) for sums in (table, table.sum(axis=0), table.sum(axis=1))]
    expected = pairs[1] * pairs[2] / (len(one) * (len(one) - 1) / 2)
    return (pairs[0] - expected) / ((pairs[1] + pairs[2]) / 2 - expected)


def tf_idf(texts):
    """Return TF-IDF of words, rows of length one."""
    numbers: dict[str, int] = {}
    ids = [[numbers.setdefault(word, len(numbers)) for word in words_of(text)] for text in texts]
    ends = np.cumsum([0, *map(len, ids)])
    flat = np.array([one for row in ids for one in row], dtype=np.int32)
    table = sparse.csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(ids), len(numbers)))
    table.sum_duplicates()
    holders = np.bincount(table.indices, minlength=len(numbers))
    table.data = table.data * (1 + np.log((1 + len(ids)) / (1 + holders)))[table.indices]
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ table)


def k_means(table, n_groups):
    """Return the best of ten runs of k-means from starts chosen far apart."""
    rng = np.random.default_rng(SEED)
    runs = [one_run(table, n_groups, rng) for _run in range(10)]
    return min(runs, key=lambda run: run[1])[0]


def one_run(table, n_groups, rng):
    """Return the groups of one run, and how far texts are from their middles in all."""
    chosen = [int(rng.integers(table.shape[0]))]
    while len(chosen) < n_groups:
        away = np.clip(1 - (table @ table[chosen].T).toarray().max(axis=1), 1e-12, None)
        chosen.append(int(rng.choice(table.shape[0], p=away / away.sum())))
    middles = table[chosen].toarray()
    for _round in range(100):
        squares = (middles**2).sum(axis=1) - 2 * (table @ middles.T)
        labels = squares.argmin(axis=1)
        member = sparse.csr_matrix((np.ones(len(labels)), (labels, np.arange(len(labels)))), (n_groups, len(labels)))
        moved = (member @ table).toarray() / np.maximum(np.bincount(labels, minlength=n_groups), 1)[:, None]
        if np.allclose(moved, middles):
            break
        middles = moved
    return labels, float(squares.min(axis=1).sum())


def speed(size, pool):
    """Return how long so many texts take."""
    texts = [pool[number % len(pool)] for number in range(size)]
    started = time.process_time()
    index = build_index(texts)
    indexed = time.process_time()
    found = find_themes(index.vectors)
    sorted_at = time.process_time()
    telling_words(texts, found.labels)
    named = time.process_time()
    return {
        "n": size,
        "index": round(indexed - started, 2),
        "themes": round(sorted_at - indexed, 2),
        "names": round(named - sorted_at, 2),
    }


def show(figures):
    """Print the tables."""
    for name, rows in figures.items():
        if rows:
            table = Table(*rows[0], title=name)
            for row in rows:
                table.add_row(*map(str, row.values()))
            Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
