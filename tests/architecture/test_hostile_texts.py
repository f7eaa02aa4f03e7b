"""No text that anybody may send holds the product up: what is read takes time in proportion to its length."""

from __future__ import annotations

import itertools
import time

import pytest

from permea.connectors.imap import words
from permea.dialogue import rules as dialogue
from permea.ideas import rules as ideas
from permea.surface import formats
from permea.surface.tables import workbook

PIECES = (
    "[", "![](", "[](a", "*a ", "***a ", "_a_", "`a", "> ", "  - ", "|a|\n", "# \n", "<", "<a ", "<!--", "<![CDATA[",
    "</a", "<c r ", "&#1", "http://a.b/", "@a", "a", "a.", "-", "---\n", "On a ", " ", "\n", "a\u0301", "\u200d",
)  # fmt: skip
LENGTH, LONGER, ENOUGH = 5_000, 4, 1  # ENOUGH: seconds of the processor from which growth can be told from noise
TRIES = 3
UNREAD = itertools.count()
KNOWN = dialogue.Circumstances(is_new_account=True, n_today=0, n_by_new_accounts=0, recent_texts=["a b c " * 500])


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(formats.markdown, id="markdown"),
        pytest.param(words.text_of_html, id="mail of HTML"),
        pytest.param(words.tidy, id="mail"),
        pytest.param(lambda text: dialogue.judge_text(text, KNOWN), id="moderation"),
        pytest.param(dialogue.mentions_in, id="mentions"),
        pytest.param(lambda text: ideas.search_text_of(text, text), id="search"),
        pytest.param(lambda text: workbook._area(text.encode()), id="sheet"),
    ],
)
def test_no_text_holds_the_product_up(read):
    slow = {}
    for piece in PIECES:
        for _ in range(TRIES):  # what else the machine does can look like slowness once
            short, long = (seconds(read, piece, length) for length in (LENGTH, LONGER * LENGTH))
            if long < ENOUGH or long < short * LONGER**1.6:  # in proportion LONGER times, with squares its square
                break
        else:
            slow[piece] = (short, long)

    assert slow == {}


def seconds(read, piece, length):
    """Return the processor time of reading a text of this length that was never read before."""
    text = f"{next(UNREAD)} {piece * length}"[:length]
    began = time.process_time()
    read(text)
    return time.process_time() - began
