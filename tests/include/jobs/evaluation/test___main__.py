"""Run the job on files: every problem, both forms of answers, and inputs that it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics

from include.jobs.evaluation import bootstrap
from include.jobs.evaluation.__main__ import main
from include.settings import ROOT
from tests.include.jobs.evaluation.holdouts import (
    YES_NO,
    binary,
    evaluated,
    numbers,
    objects,
    write,
)

CLASSES = ["bronze", "gold", "silver"]


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "RESAMPLES", 20)
    monkeypatch.setattr(bootstrap, "GROUPS", 5)


def test_a_better_binary_model_has_a_gain_with_an_interval_above_zero(tmp_path: Path) -> None:
    truth, better, worse = binary(1000)
    inputs = {
        "labels": numbers(truth),
        "challenger": objects(
            better,
            lambda p: {"label": "yes" if p >= 0.5 else "no", "probability": p, "version": "2"},
        ),
        "champion": numbers(worse),
    }
    document = evaluated(tmp_path, inputs, *YES_NO)
    section, ours = document["binary_classification_metrics"], document["prodml"]
    assert document["dataset"] == {"item_count": 1000}
    assert section["auc"]["value"] == pytest.approx(metrics.roc_auc_score(truth, better))
    assert 0 < section["auc"]["standard_deviation"] < 0.05
    counts = metrics.confusion_matrix(truth, better >= 0.5)
    assert section["confusion_matrix"]["no"] == {"no": counts[0, 0], "yes": counts[0, 1]}
    assert section["receiver_operating_characteristic_curve"]["true_positive_rates"][-1] == 1.0
    gained = ours["gains"]["auc"]
    low, high = gained["interval"]
    assert 0 < low < gained["value"] < high
    assert ours["gains"]["log_loss"]["value"] > 0  # a lower loss is a gain
    assert ours["champion"]["curves"]["yes"]["calibration"]
    assert ours["threshold"]["value"] == 0.5


def test_the_same_answers_have_no_gain_at_all(tmp_path: Path) -> None:
    truth, same, _ = binary(300)
    inputs = {"labels": numbers(truth), "challenger": numbers(same), "champion": numbers(same)}
    gained = evaluated(tmp_path, inputs, *YES_NO)["prodml"]["gains"]["auc"]
    assert gained == {"value": 0.0, "standard_deviation": 0.0, "interval": [0.0, 0.0]}


def test_a_multiclass_model_answers_names_with_probabilities(tmp_path: Path) -> None:
    draw = np.random.default_rng(2)
    truth = draw.integers(3, size=600)
    chances = draw.dirichlet([1, 1, 1], size=600) + np.eye(3)[truth] * 0.4
    chances /= chances.sum(axis=1, keepdims=True)

    def answer(row: np.ndarray) -> dict[str, object]:
        stated = dict(zip(CLASSES, map(float, row), strict=True))
        return {"label": max(stated, key=stated.__getitem__), "probabilities": stated}

    inputs = {
        "labels": numbers(truth),
        "challenger": objects(chances, answer),
        "champion": draw.choice(CLASSES, size=600).tolist(),
    }
    document = evaluated(tmp_path, inputs, "--classes", '["bronze", "gold"]', '["silver"]')
    section, ours = document["multiclass_classification_metrics"], document["prodml"]
    decided = chances.argmax(axis=1)
    assert section["accuracy"]["value"] == metrics.accuracy_score(truth, decided)
    assert list(section["confusion_matrix"]) == CLASSES
    assert ours["gains"]["balanced_accuracy"]["interval"][0] > 0
    assert list(ours["challenger"]["curves"]) == CLASSES
    assert ours["champion"]["curves"] == {}  # names of classes have no probabilities


def test_a_regression_gains_by_smaller_errors(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    truth = draw.normal(50, 10, size=400)
    near, far = (truth + draw.normal(0, size, size=400) for size in (2, 6))
    inputs = {
        "labels": numbers(truth),
        "challenger": objects(near, lambda value: {"prediction": value}),
        "champion": numbers(far),
    }
    document = evaluated(tmp_path, inputs)
    section = document["regression_metrics"]
    assert section["rmse"]["value"] == pytest.approx(metrics.root_mean_squared_error(truth, near))
    assert document["prodml"]["gains"]["rmse"]["interval"][0] > 3
    assert document["prodml"]["threshold"] is None
    assert len(document["prodml"]["challenger"]["curves"][""]["calibration"]) == 10


def test_a_dear_miss_lowers_the_threshold_of_the_challenger_alone(tmp_path: Path) -> None:
    truth, better, worse = binary(1000)
    inputs = {
        "labels": numbers(truth),
        "challenger": numbers(better),
        "champion": numbers(worse),
        "validation": numbers(better),
        "validation_labels": numbers(truth),
    }
    costs = ("--costs", "1", "10", "--champion-threshold", "0.4")
    ours = evaluated(tmp_path, inputs, *YES_NO, *costs)["prodml"]
    chosen = ours["threshold"]
    assert chosen["costs"] == {"false_positive": 1, "false_negative": 10}
    assert chosen["champion"] == 0.4

    def paid(threshold: float) -> float:
        (_, wrong), (missed, _) = metrics.confusion_matrix(truth, better >= threshold)
        return float(wrong + 10 * missed) / len(truth)

    assert paid(chosen["value"]) == pytest.approx(chosen["cost_per_row"])
    assert paid(chosen["value"]) <= min(paid(cut) for cut in np.linspace(0, 1, 200))
    missed = ours["challenger"]["confusion_matrix"]["yes"]["no"]
    assert missed == int(((better < chosen["value"]) & (truth == 1)).sum())


def test_a_segment_has_the_scores_of_its_rows(tmp_path: Path) -> None:
    truth, better, worse = binary(900)
    plans = np.where(np.arange(900) % 3 == 0, "gold, old", "basic")
    inputs = {
        "labels": numbers(truth),
        "challenger": numbers(better),
        "champion": numbers(worse),
        "records": [f'7,"{plan}"' for plan in plans],
    }
    parts = evaluated(tmp_path, inputs, *YES_NO, "--segment", "plan=1")["prodml"]["segments"]
    assert [(one["value"], one["rows"]) for one in parts] == [("basic", 600), ("gold, old", 300)]
    rows = plans == "basic"
    wanted = metrics.roc_auc_score(truth[rows], worse[rows])
    assert parts[0]["champion"]["auc"] == pytest.approx(wanted)


def test_a_lost_answer_ends_the_job_with_the_file_and_the_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"labels": ["0", "1", "1"], "challenger": ["0.1", "0.9"]})
    assert main(["--input", str(tmp_path), "--output", str(tmp_path / "out"), *YES_NO]) == 1
    said = capsys.readouterr().out
    assert "challenger/part-00000.csv has 2 answers for 3 rows" in said
    assert not (tmp_path / "out").exists()


def test_the_job_runs_as_a_container_starts_it(tmp_path: Path) -> None:
    truth, better, _ = binary(200)
    write(tmp_path, {"labels": numbers(truth), "challenger": numbers(better)})
    command = [sys.executable, str(ROOT / "include" / "jobs" / "run.py"), "evaluation"]
    command += ["--input", str(tmp_path), "--output", str(tmp_path / "out"), *YES_NO]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("auc 0.")
