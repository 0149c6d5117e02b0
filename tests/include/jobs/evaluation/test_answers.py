"""Read answers and labels file by file, and refuse those that cannot be evaluated."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from include.jobs.evaluation.answers import (
    Answers,
    UnusableAnswers,
    read_answers,
    read_labels,
)
from tests.include.jobs.evaluation.holdouts import write

NO_YES = ["no", "yes"]
PLANS = ["bronze", "gold", "silver"]


def read(folder: Path, lines: list[str], classes: list[str]) -> Answers:
    """Return the challenger's answers, one for each label."""
    write(folder, {"challenger": lines})
    return read_answers(folder / "challenger", [np.zeros(len(lines))], classes)


@pytest.mark.parametrize(
    ("answers", "classes", "sentence"),
    [
        (["1", "1.5"], NO_YES, "1.5 is not a prediction of a binary model (row 2 of"),
        (["1", "nan"], [], "nan is not a prediction of a regression model"),
        (
            ['{"probability": 0.5}', '{"label": "yes"}'],
            NO_YES,
            "challenger/part-00000.csv has an answer that is not one of a binary model",
        ),
        (["1", "d"], ["1", "b", "c"], "not one of a multiclass model (KeyError: 'd')"),
    ],
)
def test_an_answer_of_another_kind_is_refused(
    answers: list[str], classes: list[str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(UnusableAnswers, match=re.escape(sentence)):
        read(tmp_path, answers, classes)


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name, line in (("b.csv", "0.9"), ("a.csv", "0.5")):
        (tmp_path / name).write_text(f"{line}\n\n")
    answers = read_answers(tmp_path, [np.array([1]), np.array([1])], NO_YES)
    assert answers.values.tolist() == [0.5, 0.9]
    assert answers.decided.tolist() == [1, 1]


def test_a_file_that_no_labels_belong_to_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"champion": ["0.5"]})
    labels = [np.array([1]), np.array([0])]
    with pytest.raises(UnusableAnswers, match="The champion answered 1 files, and 2 files have"):
        read_answers(tmp_path / "champion", labels, NO_YES)


def test_an_empty_folder_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    with pytest.raises(UnusableAnswers, match="'labels' holds no file"):
        read_labels(tmp_path / "labels", NO_YES)


def test_labels_are_numbers_of_classes_or_values(tmp_path: Path) -> None:
    (tmp_path / "part.csv").write_text("1.0\n0\n")
    (classes,), (values,) = read_labels(tmp_path, NO_YES), read_labels(tmp_path, [])
    assert classes.dtype.kind == "i"
    assert values.dtype.kind == "f"
    assert classes.tolist() == values.tolist() == [1, 0]


def test_stated_probabilities_come_in_the_order_of_the_classes(tmp_path: Path) -> None:
    stated = {"silver": 0.2, "gold": 0.7, "bronze": 0.1}
    named = {"label": "bronze", "probabilities": dict.fromkeys(PLANS, 1 / 3)}
    lines = [json.dumps(one) for one in ({"label": "gold", "probabilities": stated}, named)]
    answers = read(tmp_path, lines, PLANS)
    assert answers.decided.tolist() == [1, 0]
    assert answers.chances is not None
    assert answers.chances[0].tolist() == [0.1, 0.7, 0.2]
    taken = answers.take(np.array([1]))
    assert taken.chances is not None
    assert (taken.decided.tolist(), taken.chances.tolist()) == ([0], [[1 / 3] * 3])


def test_another_threshold_decides_anew_and_takes_its_own_value_in(tmp_path: Path) -> None:
    answers = read(tmp_path, ["0.2", "0.3", "0.6"], NO_YES)
    assert answers.decided.tolist() == [0, 0, 1]
    assert answers.cut_at(0.3).decided.tolist() == [0, 1, 1]
