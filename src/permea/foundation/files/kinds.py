"""Which files are taken: known by their content, not by their name."""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import puremagic
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal

# Programs have known these refusals by "ideas.…" since entries were the only thing that took files.
MAX_NAME = 120
HEAD = 65_536
_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
ALLOWED = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".docx": f"{_OOXML}.wordprocessingml.document",
    ".xlsx": f"{_OOXML}.spreadsheetml.sheet",
    ".pptx": f"{_OOXML}.presentationml.presentation",
    ".odt": f"{_ODF}.text",
    ".ods": f"{_ODF}.spreadsheet",
    ".odp": f"{_ODF}.presentation",
    ".step": "model/step",
    ".stp": "model/step",
    ".stl": "model/stl",
    ".dxf": "image/vnd.dxf",
}
_OOXML_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
STL_HEADER, STL_COUNT, STL_TRIANGLE = 80, 4, 50
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def safe_name(name: str) -> str:
    """Return a file's own name: no folders, no control or direction characters, its ending kept when it is cut."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(char for char in _BIDI.sub("", last) if unicodedata.category(char) not in {"Cc", "Cs"})
    path = PurePosixPath(" ".join(shown.split()).lstrip(". ") or "file")
    return path.stem[: MAX_NAME - len(path.suffix)] + path.suffix[:MAX_NAME]


def ending_of(name: str) -> str:
    """Return a file name's ending in small letters, with its dot."""
    return PurePosixPath(name).suffix.lower()


def why_not_file(name: str, size: int, *, limit: int) -> Refusal | None:
    """Return why a file with this name and size is not taken, before its content is looked at; None if it may be."""
    if size > limit:
        return Refusal(
            "ideas.file_too_big",
            _("“%(name)s” is larger than %(limit)d MB. Make it smaller; nothing was changed.")
            % {"name": name, "limit": limit // (1024 * 1024)},
        )
    if size == 0:
        return Refusal("ideas.file_empty", _("“%(name)s” is empty.") % {"name": name})
    if ending_of(name) in {".zip", ".rar", ".7z", ".gz", ".tar"}:
        return Refusal(
            "ideas.file_archive",
            _("Archives are not taken, because nobody can see what is in them. Attach the files one by one."),
        )
    if ending_of(name) not in ALLOWED:
        return Refusal(
            "ideas.file_type",
            _("“%(name)s” is of a kind that is not taken. Allowed: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(sorted(kind[1:] for kind in ALLOWED))},
        )
    return None


def sniff(name: str, file: BinaryIO, size: int) -> str | Refusal:
    """Return the content type of a stored file, or why its content is not what its name says.

    Reads the first 64 KiB, and of office files the table of contents; nothing is unpacked.
    """
    file.seek(0)
    head = file.read(HEAD)
    ending = ending_of(name)
    if _is_what_it_says(ending, head, file, size):
        return ALLOWED[ending]
    return Refusal(
        "ideas.file_content",
        _("“%(name)s” is not what its name says: its content is not %(kind)s. The file was not kept.")
        % {"name": name, "kind": ending[1:].upper()},
    )


def _is_what_it_says(ending: str, head: bytes, file: BinaryIO, size: int) -> bool:
    """Say whether the content fits the ending."""
    if ending in {".pdf", ".png", ".jpg", ".jpeg", ".webp"}:
        return _known_kind(head, ending)
    if ending in _OOXML_PARTS or ending in {".odt", ".ods", ".odp"}:
        return _is_office(ending, file)
    if ending == ".stl" and _is_binary_stl(head, size):
        return True
    return _is_text(head) and _text_starts(ending, head)


def _known_kind(head: bytes, ending: str) -> bool:
    """Say whether the first bytes are those of a PDF or an image of this kind."""
    if ending == ".webp":
        return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    try:
        found = puremagic.magic_string(head[:4096])
    except (puremagic.PureError, ValueError):
        return False
    kinds = {".jpg": {".jpg", ".jpeg", ".jfif"}, ".jpeg": {".jpg", ".jpeg", ".jfif"}}.get(ending, {ending})
    return any(match.extension in kinds and head.startswith(match.byte_match or b"\xff\xff\xff") for match in found)


def _is_office(ending: str, file: BinaryIO) -> bool:
    """Say whether the table of contents is that of an office file of this kind without macros."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(Path(name).name.lower() == "vbaproject.bin" for name in names):
                return False
            if ending in _OOXML_PARTS:
                return {"[Content_Types].xml", _OOXML_PARTS[ending]} <= names
            with archive.open("mimetype") as kind:
                return kind.read(100).decode("ascii", "replace").strip() == ALLOWED[ending]
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, ValueError):
        return False


def _is_binary_stl(head: bytes, size: int) -> bool:
    """Say whether the size is exactly that of the triangles a binary STL file announces."""
    begin = STL_HEADER + STL_COUNT
    return len(head) >= begin and size == begin + STL_TRIANGLE * int(struct.unpack_from("<I", head, STL_HEADER)[0])


def _is_text(head: bytes) -> bool:
    """Say whether the bytes can be read as text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(head[: len(head) // 2 * 2], "utf-16")
    return _BINARY.search(head) is None


def _decodes(data: bytes, encoding: str) -> bool:
    """Say whether the bytes are text in this encoding."""
    try:
        return "\x00" not in data.decode(encoding)
    except UnicodeDecodeError:
        return False


def _text_starts(ending: str, head: bytes) -> bool:
    """Say whether drawing files begin as their format asks; plain text may begin as it likes."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if ending in {".step", ".stp"}:
        return start.startswith(b"ISO-10303-21;")
    if ending == ".stl":
        return start[:5].lower() == b"solid" and b"facet" in head
    if ending == ".dxf":
        return re.match(rb"(999\s*\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION", start) is not None
    return True
