"""Says where a template holds what the security policy refuses: inline style, script, handlers, foreign addresses.

ast-grep reads templates as HTML and loses its way where Jinja stands inside a tag; here Jinja is taken out first.
usage: python -m tools.templates
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).resolve().parents[1] / "src"
# Files that are handed out, not served as pages: they carry their style, because no style sheet is beside them.
STANDS_ALONE = frozenset({"permea/selection/templates/selection/dossier_file.html"})
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
REFUSED = {
    "an inline style": r"<[a-z][^<>]*\sstyle\s*=",
    "a style element": r"<style[\s>]",
    "an inline handler": r"<[a-z][^<>]*\son[a-z]+\s*=",
    "a script that is not a file under static": r"<script(?![^<>]*\ssrc\s*=\s*[\"']?\{\{ *static\()",
    "a javascript: address": r"(href|src|action)\s*=\s*[\"']?\s*javascript:",
    "a file from another host": r"<(script|link|img|iframe)[^<>]*\s(src|href)\s*=\s*[\"']?(https?:)?//",
}


def refused(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of everything refused in a template's text."""
    with_jinja = COMMENT.sub(_blank, text)
    without = JINJA.sub(_blank, with_jinja)
    for name, pattern in REFUSED.items():
        body = with_jinja if "static" in name else without
        for match in re.finditer(pattern, body, re.IGNORECASE):
            yield body.count("\n", 0, match.end()) + 1, name


def _blank(match: re.Match[str]) -> str:
    """Return as many blanks as the match is long, its line breaks kept, so that line numbers stay true."""
    return re.sub(r"[^\n]", " ", match[0])


def problems(src: Path = SRC) -> list[str]:
    """Return one sentence for everything refused in the templates below `src`."""
    return [
        f"{path.relative_to(src).as_posix()}:{line}: {name}"
        for path in sorted(src.rglob("templates/**/*.html"))
        if path.relative_to(src).as_posix() not in STANDS_ALONE
        for line, name in sorted(refused(path.read_text(encoding="utf-8")))
    ]


def main() -> int:
    """Print everything refused; return 1 if there is something."""
    found = problems()
    for said in found:
        print(said)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
