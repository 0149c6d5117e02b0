"""Arrays as text and bytes, as the framework images read and write them."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from include.local_aws.containers.image import TOOLKIT_FOLDER
from tests.include.local_aws.images.modules import modules_of


@pytest.fixture(name="codecs")
def _codecs() -> Iterator[ModuleType]:
    """Import the module from its folder, as in a container."""
    with modules_of(TOOLKIT_FOLDER) as load:
        yield load("container_codecs")


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "application/x-npy"])
def test_an_array_is_read_as_it_was_written(codecs: ModuleType, kind: str) -> None:
    array = np.array([[1.5, 2.0], [3.0, 4.0]])
    assert codecs.decode(codecs.encode(array, kind), kind).tolist() == array.tolist()


@pytest.mark.parametrize(
    ("text", "dtype", "value"),
    [
        ("1,2\n3,4\n", None, [[1.0, 2.0], [3.0, 4.0]]),
        ("1,2\n", None, [1.0, 2.0]),  # one row is one axis, as in the library
        ('"a, b",2\n', None, ["a, b", "2"]),
        ("1,2\n", "int64", [1, 2]),
    ],
)
def test_cells_are_numbers_if_all_are(
    codecs: ModuleType, text: str, dtype: str | None, value: list[Any]
) -> None:
    assert codecs.csv_to_numpy(text, dtype).tolist() == value


def test_a_cell_of_another_type_is_named(codecs: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"Error while writing numpy array: .*'a'.*dtype is: int"):
        codecs.csv_to_numpy("1,a\n", "int")


@pytest.mark.parametrize(
    ("answer", "text"),
    [([1, 2], "1\n2\n"), ([[1, 2], [3, 4]], "1,2\n3,4\n"), (["a,b"], '"a,b"\n')],
)
def test_a_single_axis_is_written_a_value_a_line(
    codecs: ModuleType, answer: list[Any], text: str
) -> None:
    assert codecs.array_to_csv(answer) == text


def test_arrays_inside_of_a_document_become_lists(codecs: ModuleType) -> None:
    written = codecs.array_to_json({"scores": np.array([0.5]), "label": np.int64(1)})
    assert written == '{"scores": [0.5], "label": 1}'
    with pytest.raises(TypeError, match="not JSON serializable"):
        codecs.array_to_json(object())


def test_an_unknown_type_is_refused_with_the_functions_to_write(codecs: ModuleType) -> None:
    for convert in (codecs.decode, codecs.encode):
        with pytest.raises(ValueError, match=r"image/png is not supported .*Implement input_fn"):
            convert(b"", "image/png")
