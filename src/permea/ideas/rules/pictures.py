"""Pictures without what cameras write into them: no place, no time, no device; only which side is up stays."""

from __future__ import annotations

import re
import struct

ORIENTATION, USUAL_SIDE = 0x0112, 1
_MARK, _SOI, _EOI, _SOS, _COMMENT = 0xFF, 0xD8, 0xD9, 0xDA, 0xFE
_APP_FIRST, _APP_LAST, _EXIF_APP = 0xE0, 0xEF, 0xE1
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"})
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_TOLD = 0x08 | 0x04


def without_metadata(content_type: str, picture: bytes) -> bytes | None:
    """Return a JPEG, PNG or WebP picture with nothing but what it takes to draw it, or None if it cannot be read."""
    clean = {"image/jpeg": _clean_jpeg, "image/png": _clean_png, "image/webp": _clean_webp}[content_type]
    try:
        return clean(picture)
    except (struct.error, IndexError, ValueError):
        return None


def _clean_jpeg(picture: bytes) -> bytes:
    """Return the segments that draw the picture up to its end, and which side is up. Raises ValueError if it has none.

    What phones append after the end (a second picture, a film, depths) has metadata of its own and goes too.
    """
    kept, side, at = [], USUAL_SIDE, 2
    while (marker := _marker_at(picture, at)) != _EOI:
        end = at + 2 + struct.unpack_from(">H", picture, at + 2)[0]
        segment = picture[at:end]
        if marker == _EXIF_APP:
            side = _side_up(segment[4:]) or side
        if marker == _SOS:
            found = _NEXT_MARKER.search(picture, end)
            if found is None:
                raise ValueError("no end")
            end = found.start()
        if _draws(marker, segment):
            kept.append(picture[at:end])
        at = end
    return b"".join([picture[:2], _exif_of(side), *kept, b"\xff\xd9"])


def _marker_at(picture: bytes, at: int) -> int:
    """Return the marker at this place. Raises ValueError if there is none."""
    if picture[at] != _MARK or picture[at + 1] == _SOI:
        raise ValueError(at)
    return picture[at + 1]


def _draws(marker: int, segment: bytes) -> bool:
    """Say whether a segment is needed to draw: its data, its frame, its colours."""
    if marker == _COMMENT:
        return False
    if _APP_FIRST <= marker <= _APP_LAST:
        return segment[4:].startswith((b"JFIF\x00", b"ICC_PROFILE\x00", b"Adobe"))
    return True


def _side_up(told: bytes) -> int:
    """Return the orientation that EXIF data tell, 0 if they tell none."""
    if not told.startswith(b"Exif\x00\x00"):
        return 0
    tiff = told[6:]
    order = ">" if tiff.startswith(b"MM") else "<"
    try:
        first = struct.unpack_from(order + "I", tiff, 4)[0]
        for number in range(struct.unpack_from(order + "H", tiff, first)[0]):
            tag, _kind, _count, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * number)
            if tag == ORIENTATION:
                return int(value)
    except struct.error:
        return 0
    return 0


def _exif_of(side: int) -> bytes:
    """Return EXIF data that tell the orientation and nothing else; nothing where the picture stands upright."""
    if side == USUAL_SIDE:
        return b""
    body = b"Exif\x00\x00MM\x00\x2a" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, side, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _clean_png(picture: bytes) -> bytes:
    """Return the chunks that draw the picture, up to its end."""
    kept, at, kind = [_PNG], len(_PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", picture, at)
        end = at + 12 + length
        if end > len(picture):
            raise ValueError(kind)
        if kind in _PNG_KEPT:
            kept.append(picture[at:end])
        at = end
    return b"".join(kept)


def _clean_webp(picture: bytes) -> bytes:
    """Return the chunks that draw the picture, the header no longer telling of others."""
    kept, at, end = [], 12, 8 + int(struct.unpack_from("<I", picture, 4)[0])
    while at < end:
        kind, length = struct.unpack_from("<4sI", picture, at)
        chunk = picture[at : at + 8 + length]
        if len(chunk) < 8 + length:
            raise ValueError(kind)
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_TOLD]) + chunk[9:]
        if kind in _WEBP_KEPT:
            kept.append(chunk + b"\x00" * (length % 2))
        at += 8 + length + length % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
