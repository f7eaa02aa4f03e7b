"""Word files (DOCX) of plain paragraphs: text alone, without fields, links or anything that runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from permea.surface.formats import without_controls

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
HEADING = '<w:rPr><w:b/><w:sz w:val="26"/></w:rPr>'
BOLD = "<w:rPr><w:b/></w:rPr>"


def word_file(title: str, paragraphs: Iterable[str]) -> bytes:
    """Return a DOCX file of a title and paragraphs that are written as Word writes them."""
    head = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}">'
    first = f'<w:p><w:r><w:rPr><w:b/><w:sz w:val="36"/></w:rPr>{word_text(title)}</w:r></w:p>'
    text = f"{head}<w:body>{first}{''.join(paragraphs)}</w:body></w:document>"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": text}
        for name, content in parts.items():
            file.writestr(name, content)
    return held.getvalue()


def word_text(text: str, tag: str = "t") -> str:
    """Return text as Word writes it."""
    return f'<w:{tag} xml:space="preserve">{escape(without_controls(text))}</w:{tag}>'


def heading(text: str) -> str:
    """Return a heading as a paragraph."""
    return f"<w:p><w:r>{HEADING}{word_text(text)}</w:r></w:p>"


def line(text: str, *, label: str = "") -> str:
    """Return a paragraph, after a label in bold if there is one."""
    named = f"<w:r>{BOLD}{word_text(label + ': ')}</w:r>" if label else ""
    return f"<w:p>{named}<w:r>{word_text(text)}</w:r></w:p>"
