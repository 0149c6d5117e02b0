"""Channels as matrices."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

READ = """
from pathlib import Path
from data import channel
matrix = channel(Path(folder), kind, weights)
answer = [matrix.get_label().tolist(), matrix.get_data().toarray().tolist(),
          matrix.get_weight().tolist()]
"""


def test_files_are_read_in_order_without_hidden_ones(xgboost: Interpreter, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("1,4\n")
    (tmp_path / "a.csv").write_text("0,2\n")
    (tmp_path / "_SUCCESS").write_text("done")
    matrix = xgboost.run(READ, folder=str(tmp_path), kind="text/csv", weights=False)
    assert matrix == [[0, 1], [[2], [4]], []]


def test_weights_are_the_second_column(xgboost: Interpreter, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("0,2.5,7\n1,1,8\n")
    matrix = xgboost.run(READ, folder=str(tmp_path), kind="text/csv", weights=True)
    assert matrix == [[0, 1], [[7], [8]], [2.5, 1]]


def test_libsvm_is_sparse(xgboost: Interpreter, tmp_path: Path) -> None:
    (tmp_path / "a.libsvm").write_text("1 0:3 2:5\n0 1:4\n")
    matrix = xgboost.run(READ, folder=str(tmp_path), kind="text/libsvm", weights=False)
    assert matrix == [[1, 0], [[3, 0, 5], [0, 4, 0]], []]


@pytest.mark.parametrize("text", ["1,\n2,3\n", '"1",""\n2,"3"\n'])
def test_an_empty_cell_is_missing(xgboost: Interpreter, text: str) -> None:
    code = "import numpy as np\nfrom data import csv_table\n"
    code += "answer = np.isnan(csv_table(text.encode())).tolist()"
    assert xgboost.run(code, text=text) == [[False, True], [False, False]]


def test_joined_matrices_are_as_wide_as_the_widest(xgboost: Interpreter) -> None:
    code = """
import numpy as np, xgboost as xgb
from data import joined
parts = [xgb.DMatrix(np.ones((2, 1)), label=[0, 1]), xgb.DMatrix(np.ones((1, 3)), label=[1])]
whole = joined(parts)
answer = [whole.num_row(), whole.num_col(), whole.get_label().tolist()]
"""
    assert xgboost.run(code) == [3, 3, [0, 1, 1]]


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        ("text/csv", None, "No data files were found in channel"),
        ("text/csv", "label,x\n1,2\n", "Loading csv data failed with Exception"),
        ("text/plain", "1,2\n", "text/plain is not an accepted ContentType: application/"),
        ("text/csv; label_size=2", "1,2\n", "label_size must be equal to 1"),
    ],
)
def test_bad_channels_are_the_users_error(
    xgboost: Interpreter, tmp_path: Path, kind: str, text: str | None, error: str
) -> None:
    if text:
        (tmp_path / "a.csv").write_text(text)
    message = xgboost.refused(READ, folder=str(tmp_path), kind=kind, weights=False)
    assert message.startswith("UserError: ")
    assert error in message
