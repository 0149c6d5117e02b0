"""Read and write PNG images of grey pixels, of 8 bits each, without interlacing.

The scikit-learn image is not sure to have a library for images, and a container under network
isolation cannot install one. Other kinds of PNG are refused by name.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">IIBBBBB")  # width, height, depth, colour, compression, filter, interlacing
GREY = (8, 0, 0, 0, 0)
NONE, SUB, UP, AVERAGE, PAETH = range(5)
LARGEST = 1 << 22  # pixels; a request of a few bytes could be unpacked to gigabytes


class BadImage(ValueError):
    """Raised for bytes that are no image of this kind; ends with the remedy."""


def decode(data: bytes) -> list[list[int]]:
    """Return the rows of an image's pixels, from 0 (black) to 255."""
    if not data.startswith(SIGNATURE):
        raise BadImage("it is not a PNG file. Export it as PNG, with 8 bits of grey for a pixel.")
    try:
        chunks = list(_chunks(data))
        width, height, *kind = HEADER.unpack(chunks[0][1])
        if tuple(kind) != GREY:
            raise BadImage(
                f"it has depth {kind[0]}, colour type {kind[1]} and interlacing {kind[4]}. Export "
                "it with 8 bits of grey for a pixel, not interlaced."
            )
        if not 0 < width * height <= LARGEST:
            raise BadImage(f"it has {width} x {height} pixels. Send at most {LARGEST:,}.")
        packed = b"".join(content for name, content in chunks if name == b"IDAT")
        content = zlib.decompressobj().decompress(packed, height * (width + 1))
        return _rows(content, width, height)
    except (struct.error, zlib.error, LookupError) as error:
        raise BadImage(f"it is damaged ({error}). Export it again.") from None


def encode(rows: Sequence[Sequence[int]]) -> bytes:
    """Return the PNG of rows of pixels; the same bytes for the same pixels."""
    header = HEADER.pack(len(rows[0]), len(rows), *GREY)
    packed = zlib.compress(b"".join(bytes([NONE, *row]) for row in rows), 9)
    parts = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        content = data[place + 8 : place + 8 + length]
        if len(content) < length:
            raise IndexError("its end is missing")
        yield data[place + 4 : place + 8], content
        place += 12 + length


def _rows(content: bytes, width: int, height: int) -> list[list[int]]:
    """Return the rows with their filters undone; each begins with the number of its filter."""
    rows: list[list[int]] = []
    above = [0] * width
    for start in range(0, height * (width + 1), width + 1):
        line = content[start + 1 : start + 1 + width]
        if len(line) < width:
            raise IndexError("it lacks pixels")
        above = _unfiltered(content[start], line, above)
        rows.append(above)
    return rows


def _unfiltered(kind: int, line: bytes, above: Sequence[int]) -> list[int]:
    row: list[int] = []
    for place, value in enumerate(line):
        left = row[-1] if row else 0
        corner = above[place - 1] if place else 0
        row.append((value + _predicted(kind, left, above[place], corner)) % 256)
    return row


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    """Return what a filter has subtracted, by the neighbours of a pixel."""
    if kind == PAETH:
        guess = left + up - corner
        return min((left, up, corner), key=lambda one: abs(guess - one))
    return {NONE: 0, SUB: left, UP: up, AVERAGE: (left + up) // 2}[kind]
