"""Moves the fragments of changes/ into CHANGELOG.md under a new version.

usage: python -m tools.changelog VERSION [DATE]      DATE as 2026-03-02, today unless given
       python -m tools.changelog --check             say which fragments are not of the right form
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("security", "added", "changed", "fixed", "removed")
NAME = re.compile(rf"^[a-z0-9-]+\.({'|'.join(KINDS)})\.md$")
MARK = "<!-- newest first -->\n"


def fragments(root: Path = ROOT) -> list[Path]:
    """Return the fragments, by name."""
    return sorted(path for path in (root / "changes").glob("*.md") if path.name != "README.md")


def problems(root: Path = ROOT) -> list[str]:
    """Return one sentence for every fragment that is not of the right form."""
    found = []
    for path in fragments(root):
        text = path.read_text(encoding="utf-8").strip()
        if not NAME.match(path.name):
            found.append(f"changes/{path.name}: the name is <what>.<kind>.md with a kind of {', '.join(KINDS)}")
        if not text.endswith(".") or text.startswith(("-", "#")):
            found.append(f"changes/{path.name}: holds whole sentences, without a heading or a dash")
    return found


def release(version: str, date: str, root: Path = ROOT) -> str:
    """Move the fragments into the changelog and return its new section. Raises ValueError if there is none."""
    waiting = fragments(root)
    if not waiting or problems(root):
        raise ValueError("; ".join(problems(root)) or "there is no fragment in changes/")
    lines = [f"## {version} ({date})", ""]
    for kind in KINDS:
        told = [path.read_text(encoding="utf-8").split() for path in waiting if path.name.endswith(f".{kind}.md")]
        if told:
            lines += [f"### {kind.capitalize()}", "", *(f"- {' '.join(words)}" for words in told), ""]
    section = "\n".join(lines) + "\n"
    changelog = root / "CHANGELOG.md"
    before, mark, after = changelog.read_text(encoding="utf-8").partition(MARK)
    changelog.write_text(before + mark + "\n" + section + after.lstrip("\n"), encoding="utf-8")
    for path in waiting:
        path.unlink()
    return section


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    if arguments == ["--check"]:
        found = problems()
        print("\n".join(found), end="\n" if found else "")
        return 1 if found else 0
    if not arguments:
        print(__doc__)
        return 2
    print(release(arguments[0], (arguments[1:] or [time.strftime("%Y-%m-%d")])[0]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
