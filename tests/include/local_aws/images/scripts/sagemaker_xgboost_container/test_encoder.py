"""Scripts serve with the encoders of the container."""

from __future__ import annotations

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

DECODE = """
import sagemaker_xgboost_container.encoder as xgb_encoders
shapes = [[*map(int, (m.num_row(), m.num_col()))] for m in (
    xgb_encoders.csv_to_dmatrix("1,2\\n3,4"),
    xgb_encoders.libsvm_to_dmatrix("0 0:1 2:3"),
    xgb_encoders.decode(b"1;2", "text/csv; charset=utf-8"),
)]
answer = shapes
"""
REFUSE = """
from sagemaker_xgboost_container.encoder import decode
decode(b"1,2", kind)
"""
LINES = """
from sagemaker_xgboost_container.encoder import json_to_jsonlines
answer = json_to_jsonlines(data).decode()
"""


def test_requests_become_matrices(script: Interpreter) -> None:
    assert script.run(DECODE) == [[2, 2], [1, 3], [1, 2]]


@pytest.mark.parametrize("kind", ["application/json", "text/csvs", ""])
def test_another_media_type_is_refused(script: Interpreter, kind: str) -> None:
    assert script.refused(REFUSE, kind=kind).startswith("UnsupportedFormatError: ")


@pytest.mark.parametrize(
    "data",
    [{"predictions": [{"a": 1}, {"a": 2}]}, '{"predictions": [{"a": 1}, {"a": 2}]}'],
    ids=["document", "text"],
)
def test_entries_of_a_document_become_lines(script: Interpreter, data: object) -> None:
    assert script.run(LINES, data=data) == '{"a": 1}\n{"a": 2}\n'


def test_a_document_of_several_members_has_no_lines(script: Interpreter) -> None:
    assert script.refused(LINES, data={"a": [1], "b": [2]}) == (
        "ValueError: JSON response is not compatible for conversion to jsonlines."
    )
