from __future__ import annotations

import argparse
import gzip
from pathlib import Path

import pytest

from tests.include.local_aws.images.modules import Load


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        (["yes", "no"], "BinaryClassification"),
        (["1", "2", "3"], "MulticlassClassification"),
        ([f"{n}.5" for n in range(30)], "Regression"),
        ([f"class {n}" for n in range(30)], "MulticlassClassification"),
    ],
)
def test_the_problem_type_follows_from_the_target(
    load: Load, labels: list[str], problem: str
) -> None:
    assert load("analyze").problem_type(labels) == problem


def test_each_class_keeps_its_share_of_the_validation_rows(load: Load) -> None:
    rows = [["yes" if n % 10 == 0 else "no", str(n)] for n in range(200)]
    train, validation = load("analyze").split(rows, 0.2, "BinaryClassification")
    assert (len(train), len(validation)) == (160, 40)
    assert sum(row[0] == "yes" for row in validation) == 4
    assert sorted(train + validation) == sorted(rows)


def test_gzipped_files_are_read_and_the_target_becomes_the_first_column(
    load: Load, tmp_path: Path
) -> None:
    lines = ["size,kind,city", *(f'{n},{"ab"[n % 2]},"Rome, {n}"' for n in range(600))]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "part.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    given = argparse.Namespace(
        training=tmp_path / "in",
        validation=None,
        output=tmp_path / "out",
        target="kind",
        problem_type=None,
        fraction=0.5,
    )
    facts = load("analyze").analyze(given)
    assert facts == {"ProblemType": "BinaryClassification", "Classes": 2, "Rows": 600}
    kind, size, city = load("tables").read_rows(tmp_path / "out" / "validation")[0]
    assert kind == "ab"[int(size) % 2]
    assert city == f"Rome, {size}"


def test_an_unknown_target_is_refused_with_the_columns(load: Load) -> None:
    with pytest.raises(ValueError, match=r"'churn' is not in the header\. Available columns: a, b"):
        load("analyze").target_first(["a", "b"], [], "churn")
