"""Deciding how a text stands on paper: in blocks and runs, with the characters that the fonts of papers have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from permea.surface.formats import markdown_tree, without_controls

Node = dict[str, Any]
# What the fonts have: Latin, Greek and Cyrillic with their accents, and the usual signs. A test sets them all.
FONT_RANGES = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x24F), (0x300, 0x36F), (0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1),
    (0x3A3, 0x3CE), (0x400, 0x477), (0x48C, 0x4C4), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x2037),
    (0x2039, 0x203F), (0x2044, 0x2044), (0x20AC, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122), (0x2126, 0x2126),
    (0x2153, 0x215E), (0x2160, 0x216F), (0x2190, 0x21FF), (0x2200, 0x222E), (0x2248, 0x2248), (0x2260, 0x2265),
    (0x25A0, 0x25FF), (0x2610, 0x2612),
)  # fmt: skip
_FONTLESS = re.compile("[^\n" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in FONT_RANGES) + "]")
DEEPEST = 12  # how far one thing stands within others; the typesetter gives up below twenty
_SAME = {
    "paragraph": "paragraph",
    "strong": "strong",
    "em": "em",
    "s": "struck",
    "blockquote": "quote",
    "bullet_list": "bullets",
}
_LEAVES: dict[str, Callable[[SyntaxTreeNode], Node]] = {
    "text": lambda node: {"kind": "text", "text": printable(node.content)},
    "softbreak": lambda _node: {"kind": "text", "text": " "},
    "hardbreak": lambda _node: {"kind": "break"},
    "hr": lambda _node: {"kind": "rule"},
    "code_inline": lambda node: {"kind": "code", "text": printable(node.content)},
    "code_block": lambda node: {"kind": "block-code", "text": printable(node.content.rstrip("\n"))},
    "fence": lambda node: {"kind": "block-code", "text": printable(node.content.rstrip("\n"))},
}


def has_fontless(text: str) -> bool:
    """Say whether a text has characters that the fonts lack."""
    return _FONTLESS.search(_without_marks(text)) is not None


def printable(text: str) -> str:
    """Return a text as papers can show it: a character the fonts lack stands as its number, for example (U+4E2D)."""
    return _FONTLESS.sub(lambda found: f"(U+{ord(found.group()):04X})", _without_marks(text))


def _without_marks(text: str) -> str:
    """Return a text without control characters and soft hyphens, tabs as blanks."""
    return without_controls(text).replace("\t", " ").replace("\N{SOFT HYPHEN}", "")


def blocks_of(text: str) -> list[Node]:
    """Return the Markdown of an agreement as the blocks a paper is set from.

    Headings begin at the first level, leave none out and are never empty, as readers by ear need them.
    """
    found: list[Node] = []
    above: list[int] = []
    for child in markdown_tree(text).children:
        if child.type != "heading":
            found.append(_node(child))
        elif nodes := [node for node in _nodes(child) if _text(node).strip()]:
            given = int(child.tag[1:])
            above = [*(level for level in above if level < given), given]
            found.append({"kind": "heading", "level": len(above), "nodes": nodes})
    return found


def _text(node: Node) -> str:
    """Return what a block or run says."""
    return str(node.get("text", "")) + "".join(_text(one) for one in node.get("nodes", []))


def _nodes(node: SyntaxTreeNode) -> list[Node]:
    """Return what stands in a node."""
    return [_node(child) for child in node.children]


def _node(node: SyntaxTreeNode) -> Node:
    """Return one block or run, with what stands in it."""
    if node.type in _LEAVES:
        return _LEAVES[node.type](node)
    if node.level >= DEEPEST:
        return {"kind": "text", "text": printable(" ".join(part.content for part in node.walk() if not part.children))}
    if node.type == "ordered_list":
        return {"kind": "numbers", "start": int(node.attrs.get("start", 1)), "nodes": _nodes(node)}
    if node.type == "table":
        return _table(node)
    if node.type == "link":
        return {"kind": "inline", "nodes": [*_nodes(node), *_address(node)]}
    if node.type == "heading":  # within a list or a quotation, where it heads nothing
        return {"kind": "paragraph", "nodes": [{"kind": "strong", "nodes": _nodes(node)}]}
    return {"kind": _SAME.get(node.type, "inline"), "nodes": _nodes(node)}


def _address(link: SyntaxTreeNode) -> list[Node]:
    """Return where a link leads, in brackets, unless it says so itself: nobody clicks on paper."""
    address = str(link.attrs["href"])
    said = "".join(child.content for child in link.children)
    return [] if address == said else [{"kind": "text", "text": printable(f" ({address})")}]


def _table(node: SyntaxTreeNode) -> Node:
    """Return a table: its first row, and the cells of all others in turn."""
    header, *rows = [row for part in node.children for row in part.children]
    return {
        "kind": "table",
        "columns": len(header.children),
        "header": [{"kind": "inline", "nodes": _nodes(cell)} for cell in header.children],
        "cells": [{"kind": "inline", "nodes": _nodes(cell)} for row in rows for cell in row.children],
    }
