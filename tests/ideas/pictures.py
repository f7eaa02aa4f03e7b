"""Small pictures with what cameras write into them."""

import struct
import zlib

SECRET = b"N 52.5200 E 13.4050 Phone of Sam"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(side: int, *, order: str = ">") -> bytes:
    """Return EXIF data that tell the side that is up and a secret."""
    mark = b"MM\x00\x2a" if order == ">" else b"II\x2a\x00"
    entries = struct.pack(order + "HHIHH", 0x010F, 2, 4, 0, 0) + struct.pack(order + "HHIHH", 0x0112, 3, 1, side, 0)
    return b"Exif\x00\x00" + mark + struct.pack(order + "IH", 8, 2) + entries + b"\x00" * 4 + SECRET


def jpeg(side: int = 1, *, order: str = ">", tail: bytes = SECRET) -> bytes:
    """Return a JPEG file with EXIF data, XMP, a comment, and something appended after its end."""
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
            segment(0xE1, exif(side, order=order)),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + SECRET),
            segment(0xE2, b"ICC_PROFILE\x00\x01\x01colours"),
            segment(0xFE, SECRET),
            segment(0xDB, b"\x00" + bytes(range(1, 65))),
            segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00"),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            b"\x12\xff\x00\x34\xff\xd0\x56",
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            b"\x78",
            b"\xff\xd9",
            tail,
        ]
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png() -> bytes:
    """Return a PNG file of one grey dot, with EXIF data, a text and something appended."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [
        (b"IHDR", head),
        (b"eXIf", SECRET),
        (b"tEXt", SECRET),
        (b"IDAT", zlib.compress(b"\x00\x80")),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts) + SECRET


def webp() -> bytes:
    """Return a WebP file with EXIF data and XMP."""

    def part(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)

    body = b"WEBP" + part(b"VP8X", b"\x0c" + bytes(9)) + part(b"VP8L", b"\x2f\x00\x00")
    body += part(b"EXIF", SECRET) + part(b"XMP ", SECRET)
    return b"RIFF" + struct.pack("<I", len(body)) + body
