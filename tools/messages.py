"""The catalogues of texts for people: gathers the texts from the sources, checks the translations, compiles them.

usage: python -m tools.messages update [LANGUAGE ...]    write new texts into the catalogues, keeping translations
       python -m tools.messages check                    say what is missing, unsure, left over or does not fit
       python -m tools.messages compile                  write the .mo beside each .po
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "permea"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA = {"extensions": "jinja2.ext.do", "newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\((\w+)\)|%%|\{(\w*)\}")
TAG = re.compile(r"</?\w+")
HEADER = "# Texts of Permea in {language}. Made from the sources by `make messages`; edit the translations only."


def gather(package: Path = PACKAGE) -> Catalog:
    """Return every text of the sources, in the order of files."""
    texts = Catalog(charset="utf-8")
    for path in sorted([*package.rglob("*.py"), *package.rglob("templates/**/*.*")]):
        if "migrations" in path.parts or path.suffix not in {".py", ".html", ".txt", ".xml", ".svg"}:
            continue
        method = "python" if path.suffix == ".py" else babel_extract
        options = {} if path.suffix == ".py" else JINJA
        where = path.relative_to(package.parent).as_posix()
        for _line, text, comments, context in extract_from_file(
            method, path, keywords=KEYWORDS, comment_tags=("Translators:",), options=options, strip_comment_tags=True
        ):
            texts.add(text, locations=[(where, None)], auto_comments=comments, context=context)
    return texts


def languages(package: Path = PACKAGE) -> list[str]:
    """Return the languages that the settings offer, without English, which is the source."""
    tree = ast.parse((package / "config" / "settings" / "base.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LANGUAGES":
            return [code for code, _name in ast.literal_eval(node.value) if code != "en"]
    raise LookupError("the settings name no LANGUAGES")


def catalogue_path(language: str, package: Path = PACKAGE) -> Path:
    """Return where the catalogue of a language stands."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """Return a catalogue, an empty one if there is none yet."""
    if not path.exists():
        now = datetime(2026, 1, 1, tzinfo=UTC)
        return Catalog(locale=language, project="Permea", version="1", creation_date=now, revision_date=now)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(texts: Catalog, language: str, package: Path = PACKAGE) -> None:
    """Write the texts into the catalogue of a language: translations are kept, texts that are gone are dropped."""
    path = catalogue_path(language, package)
    catalogue = read(path, language)
    texts.creation_date = catalogue.creation_date  # so that nothing changes where no text did
    catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.header_comment = HEADER.format(language=language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)


def problems(texts: Catalog, language: str, package: Path = PACKAGE) -> Iterator[str]:
    """Yield one sentence for everything wrong with the catalogue of a language."""
    catalogue = read(catalogue_path(language, package), language)
    for text in texts:
        if text.id:
            translated = catalogue.get(text.id, text.context)
            fault = "is missing" if translated is None else _fault(translated)
            if fault:
                yield f"{language}: {_singular(text)!r} {fault} ({text.locations[0][0]})"
    for translated in catalogue:
        if translated.id and texts.get(translated.id, translated.context) is None:
            yield f"{language}: {_singular(translated)!r} is no longer in the sources"


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _fault(message: Message) -> str:
    """Return what is wrong with a translation, or nothing."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    if message.fuzzy:
        return "is marked as unsure"
    if not forms or not all(form.strip() for form in forms):
        return "is not translated"
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    return _misfit(ids, forms)


def _misfit(ids: list[str], forms: list[str]) -> str:
    """Return how placeholders or tags of the forms differ from the source; a singular may leave out its number."""
    if _marks(PLACEHOLDER, forms[-1]) != _marks(PLACEHOLDER, ids[-1]):
        return f"has other placeholders in {forms[-1]!r}"
    known = set(_marks(PLACEHOLDER, " ".join(ids)))
    for form in forms:
        if not set(_marks(PLACEHOLDER, form)) <= known:
            return f"has other placeholders in {form!r}"
    if _marks(TAG, forms[-1]) != _marks(TAG, ids[-1]):
        return f"has other tags in {forms[-1]!r}"
    return ""


def _marks(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(match[0] for match in pattern.finditer(text))


def compile_all(package: Path = PACKAGE) -> Iterable[Path]:
    """Write the .mo beside each .po and return what was written."""
    for source in sorted((package / "locale").glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file)
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        yield target


def main(arguments: list[str]) -> int:
    """Do what the first argument says; return 1 if a check found something, 2 if it says nothing known."""
    match arguments:
        case ["update", *chosen]:
            texts = gather()
            for language in chosen or languages():
                update(texts, language)
                left = sum("is not translated" in said for said in problems(texts, language))
                print(f"{catalogue_path(language)}: {len(texts)} texts, {left} to translate")
        case ["check"]:
            texts = gather()
            found = [said for language in languages() for said in problems(texts, language)]
            print("\n".join(found) if found else f"{len(texts)} texts, every one translated")
            return 1 if found else 0
        case ["compile"]:
            for path in compile_all():
                print(path)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
