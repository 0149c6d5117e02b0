"""Requests as matrices."""

from __future__ import annotations

import pytest

from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.images.xgboost.served import BINARY, MODELS, ask


@pytest.fixture(name="served", scope="module")
def _served(xgboost: Interpreter) -> Interpreter:
    xgboost.run(MODELS, models=BINARY)
    return xgboost


@pytest.mark.parametrize("kind", ["text/libsvm", "text/x-libsvm"])
def test_pairs_need_no_label(served: Interpreter, kind: str) -> None:
    status, _, body = ask(served, "0:1 1:1\n1 0:39 1:1", content_type=kind)
    low, high = map(float, body.splitlines())
    assert (status, low < 0.5 < high) == (200, True)


def test_a_short_row_misses_its_last_features(served: Interpreter) -> None:
    status, _, body = ask(served, "39,\n1,\n")
    assert ask(served, "39;1\n1;1\n")[2] == body
    assert ask(served, "0:39\n0:1", content_type="text/libsvm") == [
        status,
        *ask(served, "39,")[1:2],
        body,
    ]


@pytest.mark.parametrize(
    ("version", "columns", "expected"),
    [("3.0.5", [1, 2], [1, 2]), ("3.2.0", [1, 2], [0, 1]), ("3.2.0", [0, 2], [0, 2])],
)
def test_indices_from_one_on_are_shifted_by_newer_containers(
    xgboost: Interpreter, version: str, columns: list[int], expected: list[int]
) -> None:
    code = "from payloads import shifted\nanswer = shifted(columns, version)"
    assert xgboost.run(code, columns=columns, version=version) == expected


@pytest.mark.parametrize(
    ("version", "expected"), [("3.0.5", [[1, 2.0]]), ("3.2.0", [[0, 0.0], [1, 2.0]])]
)
def test_a_script_gets_zeros_for_absent_features_from_newer_containers(
    xgboost: Interpreter, version: str, expected: list[list[float]]
) -> None:
    code = (
        "import payloads, scipy.sparse, xgboost\n"
        "pairs = scipy.sparse.csr_matrix([[0.0, 2.0]])\n"
        "rows = xgboost.DMatrix(payloads.filled(pairs, version)).get_data()\n"
        "answer = [[int(c), float(v)] for c, v in zip(rows.indices, rows.data)]"
    )
    assert xgboost.run(code, version=version) == expected
