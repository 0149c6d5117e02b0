"""Images by another writer are read, and by another reader; others are refused by name."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from include.jobs.digits.png import BadImage, decode, encode


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


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
    ],
    ids=["gif", "colours", "cut", "empty"],
)
def test_another_image_is_refused_with_the_remedy(data: bytes, said: str) -> None:
    with pytest.raises(BadImage, match=said):
        decode(data)
