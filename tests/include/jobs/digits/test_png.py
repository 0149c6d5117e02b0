"""Images by another writer are read, and by another reader; others are refused by name."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from include.jobs.digits.png import BadImage, decode, encode


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def drawn(height: int = 8, kind: int = 0, rows: int = 8) -> bytes:
    """Return an image of *rows* that has another height in its header, and a filter *kind*."""
    header = struct.pack(">IIBBBBB", 8, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes([kind, *range(8)]) * rows)))
    chunks = (struct.pack(">I", len(part)) + name + part + bytes(4) for name, part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_what_follows_the_pixels_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = drawn(rows=1 << 22)
    assert len(bomb) < 1 << 18
    tracemalloc.start()
    try:
        assert decode(bomb) == [[*range(8)]] * 8
        assert tracemalloc.get_traced_memory()[1] < 1 << 21
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["noise", "gradient", "wave"])
def test_pixels_of_an_image_by_pillow(kind: str) -> None:
    """A writer filters each row by another of the five filters, as the pixels ask for."""
    rows, columns = np.mgrid[0:40, 0:30]
    drawn = {
        "noise": np.random.default_rng(1).integers(0, 256, (40, 30)),
        "gradient": rows * 5 + columns,
        "wave": 127 + 120 * np.sin(rows / 5 + columns / 3),
    }
    pixels = drawn[kind].astype(np.uint8)
    assert decode(png(Image.fromarray(pixels))) == pixels.tolist()


def test_pillow_reads_what_is_written() -> None:
    pixels = [[0, 128], [255, 7], [1, 2]]
    image = Image.open(io.BytesIO(encode(pixels)))
    assert (image.mode, image.size, np.asarray(image).tolist()) == ("L", (2, 3), pixels)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"GIF89a", "is not a PNG file. Export it as PNG"),
        (png(Image.new("RGB", (8, 8))), "colour type 2 and interlacing 0. Export it with 8 bits"),
        (encode([[1] * 8] * 8)[:-30], "is damaged"),
        (encode([[1] * 8] * 8)[:8], "is damaged"),
        (drawn(height=9), "is damaged .it lacks pixels"),
        (drawn(height=0), "has 8 x 0 pixels. Send at most"),
        (drawn(height=1 << 31), "has 8 x 2147483648 pixels. Send at most"),
        (drawn(kind=7), "is damaged .7"),
    ],
    ids=["gif", "colours", "cut", "empty", "short", "flat", "endless", "filter"],
)
def test_another_image_is_refused_with_the_remedy(data: bytes, said: str) -> None:
    with pytest.raises(BadImage, match=said):
        decode(data)
