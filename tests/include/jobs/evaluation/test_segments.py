"""Scores of the rows of each value of a column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from include.jobs.evaluation.answers import Answers, UnusableAnswers
from include.jobs.evaluation.segments import OTHERS, VALUES, segments
from tests.include.jobs.evaluation.holdouts import write

TRUTH = np.array([0, 1, 1, 1])
ANSWERS = Answers(np.array([0.2, 0.8, 0.4, 0.9]), np.array([0, 1, 0, 1]))


def scored(folder: Path, records: list[str], columns: dict[str, int]) -> list[dict[str, object]]:
    write(folder, {"records": records})
    return segments(folder / "records", columns, "binary", TRUTH, {"challenger": ANSWERS})


def test_each_column_has_its_values_and_the_most_frequent_come_first(tmp_path: Path) -> None:
    records = ["gold,KS", '"old, basic",KS', "gold,OH", "gold,KS"]
    parts = scored(tmp_path, records, {"state": 1, "plan": 0})
    assert [(one["column"], one["value"], one["rows"]) for one in parts] == [
        ("state", "KS", 3),
        ("state", "OH", 1),
        ("plan", "gold", 3),
        ("plan", "old, basic", 1),
    ]


def test_a_segment_of_one_class_has_no_score_that_needs_both(tmp_path: Path) -> None:
    both, one = scored(tmp_path, ["a", "a", "a", "b"], {"plan": 0})
    assert both["challenger"] == pytest.approx(
        {
            "auc": 1.0,
            "average_precision": 1.0,
            "log_loss": -np.log([0.8, 0.8, 0.4]).mean(),
            "accuracy": 2 / 3,
            "precision": 1.0,
            "recall": 0.5,
            "f1": 2 / 3,
        }
    )
    alone = one["challenger"]
    assert isinstance(alone, dict)
    assert (alone["auc"], alone["accuracy"]) == (None, 1.0)


def test_the_rows_of_rare_values_are_one_segment(tmp_path: Path) -> None:
    rows = VALUES + 3
    truth, chances = np.arange(rows) % 2, np.full(rows, 0.5)
    write(tmp_path, {"records": [f"v{number:02d}" for number in range(rows)]})
    parts = segments(
        tmp_path / "records", {"c": 0}, "binary", truth, {"champion": Answers(chances, truth)}
    )
    assert len(parts) == VALUES + 1
    assert (parts[-1]["value"], parts[-1]["rows"]) == (OTHERS, 3)
    assert parts[-1]["champion"]["accuracy"] == 1.0


@pytest.mark.parametrize("count", [3, 5])
def test_records_of_another_holdout_are_refused(tmp_path: Path, count: int) -> None:
    with pytest.raises(UnusableAnswers, match=f"'records' has {count} records for 4 labels"):
        scored(tmp_path, ["a"] * count, {"plan": 0})
