"""Images and records of pixels become the same features; other images get a sentence."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest

from include.jobs.digits.images import pixels, transform_fn
from include.jobs.digits.png import BadImage, encode
from include.jobs.digits.schema import SCHEMA
from include.jobs.tabular.features import Preprocessing
from include.jobs.tabular.responses import Refusal

ROWS = [[8 * row + column for column in range(8)] for row in range(8)]
LINE = ",".join(map(str, range(64)))


@pytest.fixture(scope="module")
def model() -> Preprocessing:
    medians = dict.fromkeys(SCHEMA.numbers, 0.0)
    return Preprocessing(json.dumps({"schema": SCHEMA.document, "medians": medians}))


def test_pixels_are_listed_row_by_row() -> None:
    assert pixels(encode(ROWS)) == list(range(64))


@pytest.mark.parametrize(("width", "height"), [(8, 7), (9, 8), (28, 28)])
def test_an_image_of_another_size_is_refused_with_the_remedy(width: int, height: int) -> None:
    with pytest.raises(BadImage, match=f"it has {width} x {height} pixels. Scale it to 8 x 8."):
        pixels(encode([[0] * width] * height))


@pytest.mark.parametrize("content_type", ["image/png", "Image/PNG; q=1"])
def test_an_image_has_the_features_of_its_record(model: Preprocessing, content_type: str) -> None:
    image, kind = encode(ROWS), "text/csv"
    expected = transform_fn(model, LINE, kind, "*/*")
    assert expected == (f"{LINE}\n", kind)
    assert transform_fn(model, image, content_type, "*/*") == expected
    assert transform_fn(model, image.decode("latin-1"), content_type, "*/*") == expected


def test_a_body_that_is_no_image_gets_a_sentence(model: Preprocessing) -> None:
    refusal = transform_fn(model, b"GIF89a", "image/png", "*/*")
    assert isinstance(refusal, Refusal)
    assert refusal.status == HTTPStatus.BAD_REQUEST
    assert refusal.sentence.startswith("The image cannot be read: it is not a PNG file.")
    other = transform_fn(model, b"GIF89a", "image/gif", "*/*")
    assert isinstance(other, Refusal)
    assert other.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
