"""RecordIO-protobuf, as the published schema writes it, read without a protobuf library."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.images.xgboost.records import recordio

READ = """
import base64, numpy as np, recordio
rows = recordio.table(base64.b64decode(data))
answer = np.where(np.isnan(rows), None, rows).tolist()
"""


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("tensor", "row"), [("float32_tensor", [1.0, 2.5, -3.0]), ("int32_tensor", [0, -2, 70000])]
)
def test_numbers_of_each_type(xgboost: Interpreter, tensor: str, row: list[Any]) -> None:
    assert xgboost.run(READ, data=text(recordio([row, row], tensor))) == [row, row]


def test_omitted_values_of_a_sparse_record_are_missing(xgboost: Interpreter) -> None:
    rows = xgboost.run(READ, data=text(recordio([[1, 0, 7], [0, 5, 6]])))
    assert rows == [[1, None, 7], [0, 5, 6]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"1,2,3\n4,5,6\n", "no record begins at byte 0"),
        (recordio([[1.0, 2.0]])[:-4], "the record at byte 8 is cut off"),
        (b"\x0a\x23\xd7\xce\x02\0\0\0\x08", "the record at byte 8 is cut off"),
    ],
)
def test_other_bytes_are_the_users_error(xgboost: Interpreter, data: bytes, reason: str) -> None:
    error = xgboost.refused(READ, data=text(data))
    assert error.startswith("UserError: Loading recordio-protobuf data failed")
    assert reason in error
