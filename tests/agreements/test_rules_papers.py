"""How a text becomes blocks, and that the typesetter has every character it is given."""

import json
import unicodedata
from datetime import UTC, datetime

import pytest

from permea.agreements import queries, rules

MADE_AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
TEXT = """### 1. Größe

Up to **5 %**, *about*, ~~never~~ `x = 1`\\
and [here](https://example.com) <https://example.com>
or #sys.inputs

#### Below

> quoted
> # big

- one
- two

3. three

| a | b |
| - | - |
| c | d |

---

```
code 中
```

    more

# Top
"""
SIDE = {"name": "Campus", "signed_by": "Ана Ōta", "when": "2 March", "how": "typed"}
WORDS = dict.fromkeys(
    (
        "page", "and", "signatures", "signed_text", "not_signed", "place_and_date", "name_and_signature", "fingerprint",
    ),
    "word",
)  # fmt: skip


def content(body):
    return {
        "title": "Talks", "kind": "Pilot", "language": "de", "describes": "Version 1", "footer": "foot",
        "facts": ["Version 1"], "sides": [SIDE, {**SIDE, "signed_by": ""}], "body": body, "sha256": "0f" * 32,
        "notes": ["note"], "words": WORDS,
    }  # fmt: skip


def kinds(nodes):
    return [node["kind"] for node in nodes]


def test_a_text_becomes_blocks_whose_headings_leave_no_level_out():
    blocks = rules.blocks_of(TEXT)
    heading, prose, below, quote, bullets, numbers, table, rule, fence, code, top = blocks
    assert [one["level"] for one in (heading, below, top)] == [1, 2, 1]
    inline = prose["nodes"][0]["nodes"]
    said = "".join(node.get("text", "") for node in inline)
    links = [node["nodes"] for node in inline if node["kind"] == "inline"]
    assert ({"strong", "em", "struck", "code", "break"} <= set(kinds(inline)), "#sys.inputs" in said) == (True, True)
    assert [[node["text"] for node in link] for link in links] == [
        ["here", " (https://example.com)"], ["https://example.com"],
    ]  # fmt: skip
    assert kinds([quote, bullets, numbers, table, rule, fence, code]) == [
        "quote", "bullets", "numbers", "table", "rule", "block-code", "block-code",
    ]  # fmt: skip
    assert (kinds(quote["nodes"]), numbers["start"], table["columns"], len(table["cells"])) == (
        ["paragraph", "paragraph"], 3, 2, 2,
    )  # fmt: skip
    assert (fence["text"], code["text"]) == ("code (U+4E2D)", "more")


@pytest.mark.parametrize(
    "text", ["> " * 90 + "deep", "- " * 40 + "deep", "> - " * 25 + "**_deep_**", "deep" * 99, "# deep\n# \n"]
)
def test_however_deep_or_long_a_text_is_the_typesetter_takes_it_and_it_stays_there(text):
    blocks = rules.blocks_of(text)
    made = queries.set_paper(content(blocks), at=MADE_AT)
    assert (made[:8], json.dumps(blocks).count("deep")) == (b"%PDF-1.7", text.count("deep"))


def test_what_the_font_lacks_stands_as_its_number_and_nothing_hides():
    odd = "a\tb\x07\N{SOFT HYPHEN}\N{RIGHT-TO-LEFT OVERRIDE}😀"
    assert rules.printable(odd) == "a b(U+202E)(U+1F600)"
    assert [rules.has_fontless(text) for text in ("Größe, Ελλάδα, Київ – €\n", odd)] == [False, True]


def test_the_typesetter_has_every_character_that_is_said_to_be_printable_and_makes_the_same_bytes_again():
    letters = [chr(code) for first, last in rules.FONT_RANGES for code in range(first, last + 1)]
    known = " ".join(one for one in letters if unicodedata.category(one) not in {"Cn", "Cf"})
    body = [*rules.blocks_of(TEXT), {"kind": "paragraph", "nodes": [{"kind": "text", "text": rules.printable(known)}]}]
    first = queries.set_paper(content(body), at=MADE_AT)
    again = queries.set_paper(content(body), at=MADE_AT)
    assert (first[:8], first == again, b"/StructTreeRoot" in first or b"pdfuaid" in first) == (b"%PDF-1.7", True, True)
