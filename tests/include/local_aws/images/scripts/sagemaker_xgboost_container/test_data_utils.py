"""Scripts read channels with the readers of the container."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

READ = """
from sagemaker_xgboost_container.data_utils import get_content_type, get_dmatrix, get_size

rows = get_dmatrix(folder, kind)
shape = [rows.num_row(), rows.num_col(), rows.get_label().tolist()]
empty = [get_dmatrix(folder + "/none", kind), get_size(folder + "/none")]
sizes = [get_size(folder), get_size(folder, is_pipe=True)]
answer = {"shape": shape, "kind": get_content_type(kind), "empty": empty, "sizes": sizes}
"""
KIND = """
from sagemaker_xgboost_container.data_utils import get_content_type
answer = get_content_type(kind)
"""


@pytest.mark.parametrize(("kind", "row"), [("csv", "1,2,3\n"), ("libsvm", "1 0:2 1:3\n")])
def test_a_channel_is_read_with_its_label(
    script: Interpreter, tmp_path: Path, kind: str, row: str
) -> None:
    (tmp_path / "rows").write_text(row * 2)
    answer = script.run(READ, folder=str(tmp_path), kind=kind)
    assert answer == {
        "shape": [2, 2, [1, 1]],
        "kind": kind,
        "empty": [None, 0],
        "sizes": [2 * len(row), 1],
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (None, "libsvm"),
        ("text/x-libsvm", "libsvm"),
        ("text/csv; charset=utf-8", "csv"),
        ("application/x-parquet", "parquet"),
        ("application/x-recordio-protobuf", "recordio-protobuf"),
    ],
)
def test_name_of_a_content_type(script: Interpreter, kind: str | None, name: str) -> None:
    assert script.run(KIND, kind=kind) == name


def test_another_content_type_is_refused(script: Interpreter) -> None:
    assert script.refused(KIND, kind="image/png").startswith(
        "UserError: image/png is not an accepted ContentType"
    )
