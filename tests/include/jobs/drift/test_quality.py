"""Labels that come later, from the command line: every problem type against scikit-learn's."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from sklearn import metrics

from include.jobs.drift.documents import Json
from tests.include.jobs.drift.data import drift, record, write_capture
from tests.include.jobs.drift.test_monitor import monitor, read
from tests.include.jobs.programs import run_module

ROWS = 600
CLASSES = ("bronze", "gold", "silver")


def label(draw: random.Random, problem: str) -> str:
    if problem == "binary":
        return str(draw.randrange(2))
    return draw.choice(CLASSES) if problem == "multiclass" else f"{draw.gauss(50, 10):.4f}"


def answer(draw: random.Random, problem: str, truth: str, wrong: float) -> str:
    """Return the model's answers; *wrong* is how often it errs, or how widely in tens."""
    if problem == "regression":
        return f"{float(truth) + draw.gauss(0, 10 * wrong):.4f}"
    errs = draw.random() < wrong
    if problem == "binary":
        return f"{abs((1 - int(truth) if errs else int(truth)) - draw.random() * 0.4):.4f}"
    return draw.choice([c for c in CLASSES if c != truth]) if errs else truth


def labelled(problem: str, seed: int, wrong: float) -> list[tuple[str, str]]:
    """Pairs of label and answer."""
    draw = random.Random(seed)
    truths = [label(draw, problem) for _ in range(ROWS)]
    return [(truth, answer(draw, problem, truth, wrong)) for truth in truths]


def write(folder: Path, pairs: list[tuple[str, str]]) -> None:
    """An hour's capture, and its labels in another order and among strangers."""
    lines = [record("1", answer=said, inference_id=f"i{i}") for i, (_, said) in enumerate(pairs)]
    write_capture(folder / "capture", lines)
    labels = [truth(f"i{i}", item) for i, (item, _) in enumerate(pairs)]
    labels = [*reversed(labels), truth("another-record", pairs[0][0])]
    write_capture(folder / "labels", labels)


def truth(identity: str, data: str) -> str:
    event = {"eventId": identity}
    label = {"data": data, "encoding": "CSV"}
    return json.dumps({"groundTruthData": label, "eventMetadata": event, "eventVersion": "0"})


def measure(folder: Path, problem: str, holdout: list[tuple[str, str]] | None = None) -> Json:
    options: list[object] = []
    if holdout:
        for column, name in enumerate(("labels", "predictions")):
            path = folder / f"{name}.csv"
            path.write_text("".join(f"{pair[column]}\n" for pair in holdout))
            options += [f"--baseline-{name}", path]
    output = folder / "out"
    given = ("--labels", folder / "labels", "--problem", problem, "--output", output, *options)
    done = drift("quality", folder / "capture", *given)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    report: Json = json.loads((output / "quality_report.json").read_text())
    return report


def expected(problem: str, pairs: list[tuple[str, str]]) -> dict[str, float]:
    truths, answers = (list(column) for column in zip(*pairs, strict=True))
    if problem == "regression":
        numbers = [float(t) for t in truths], [float(a) for a in answers]
        mse = metrics.mean_squared_error(*numbers)
        mae, r2 = metrics.mean_absolute_error(*numbers), metrics.r2_score(*numbers)
        return {"mae": mae, "mse": mse, "rmse": mse**0.5, "r2": r2}
    if problem == "multiclass":
        weighted = {"average": "weighted", "zero_division": 0}
        return {
            "accuracy": metrics.accuracy_score(truths, answers),
            "weighted_precision": metrics.precision_score(truths, answers, **weighted),
            "weighted_recall": metrics.recall_score(truths, answers, **weighted),
            "weighted_f1": metrics.f1_score(truths, answers, **weighted),
        }
    yes = [int(t) for t in truths]
    said = [float(a) >= 0.5 for a in answers]
    return {
        "accuracy": metrics.accuracy_score(yes, said),
        "precision": metrics.precision_score(yes, said),
        "recall": metrics.recall_score(yes, said),
        "f1": metrics.f1_score(yes, said),
        "auc": metrics.roc_auc_score(yes, [float(a) for a in answers]),
    }


PROBLEMS = ("binary", "multiclass", "regression")


@pytest.mark.parametrize("problem", PROBLEMS)
def test_worse_answers_than_the_holdouts_alert(problem: str, tmp_path: Path) -> None:
    now = labelled(problem, 2, wrong=0.3)
    write(tmp_path, now)
    report = measure(tmp_path, problem, labelled(problem, 1, wrong=0.1))
    assert (report["outcome"], report["rows"], report["baseline_rows"]) == ("ALERT", ROWS, ROWS)
    for name, value in expected(problem, now).items():
        assert report["metrics"][name]["value"] == pytest.approx(value), name
        assert report["metrics"][name]["status"] == "ALERT", name
        assert name in report["columns"]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_answers_as_good_as_the_holdouts_are_ok(problem: str, tmp_path: Path) -> None:
    write(tmp_path, labelled(problem, 2, wrong=0.1))
    report = measure(tmp_path, problem, labelled(problem, 1, wrong=0.1))
    assert (report["outcome"], report["columns"]) == ("OK", [])


def test_without_a_holdout_there_is_no_verdict(tmp_path: Path) -> None:
    write(tmp_path, labelled("regression", 2, wrong=0.3))
    report = measure(tmp_path, "regression")
    assert (report["outcome"], report["columns"]) == ("INSUFFICIENT_DATA", [])
    assert report["reason"] == "No holdout to compare with."
    assert report["metrics"]["mae"]["value"] > 0


def test_too_few_labels_are_no_verdict(tmp_path: Path) -> None:
    write(tmp_path, labelled("multiclass", 2, wrong=0.5)[:99])
    report = measure(tmp_path, "multiclass", labelled("multiclass", 1, wrong=0.1))
    assert (report["outcome"], report["rows"]) == ("INSUFFICIENT_DATA", 99)


def test_a_probability_for_each_class_means_the_likeliest(tmp_path: Path) -> None:
    """As XGBoost's multi:softprob answers, in the capture and in the holdout's file."""
    draw = random.Random(5)
    pairs = []
    for _ in range(ROWS):
        result = draw.randrange(3)
        said = result if draw.random() < 0.9 else (result + 1) % 3
        pairs.append((str(result), ",".join("0.8" if c == said else "0.1" for c in range(3))))
    write(tmp_path, pairs)
    report = measure(tmp_path, "multiclass", pairs)
    right = sum(said.split(",")[int(result)] == "0.8" for result, said in pairs)
    assert report["metrics"]["accuracy"]["value"] == pytest.approx(right / ROWS)
    assert report["outcome"] == "OK"


def test_a_wrong_problem_type_names_itself(tmp_path: Path) -> None:
    write(tmp_path, labelled("multiclass", 2, wrong=0.1))
    given = ("--labels", tmp_path / "labels", "--problem", "regression", "--output", tmp_path)
    done = drift("quality", tmp_path / "capture", *given)
    assert done.returncode == 1
    assert "Set the problem type of the labels." in done.stdout


@pytest.mark.parametrize(
    ("problem", "name", "metric"),
    [
        ("multiclass", "MulticlassClassification", "accuracy"),
        ("regression", "Regression", "rmse"),
    ],
)
def test_merged_and_judged_as_model_monitor_does(
    problem: str, name: str, metric: str, tmp_path: Path
) -> None:
    """Run two jobs: the merger writes the data and constraints of the analyzer."""
    for folder, wrong in ((tmp_path / "was", 0.1), (tmp_path / "now", 0.3)):
        write(folder, labelled(problem, 3, wrong))
        merge(folder)
    order = {
        "analysis_type": "MODEL_QUALITY",
        "problem_type": name,
        "inference_attribute": "0",
        "dataset_format": {"sagemakerMergeJson": {"captureIndexNames": ["endpointOutput"]}},
    }
    code, _ = monitor(tmp_path / "was", **order, dataset_source=str(tmp_path / "was" / "merged"))
    assert code == 0
    limits = str(tmp_path / "was" / "out" / "constraints.json")
    _, message = monitor(
        tmp_path / "now",
        **order,
        dataset_source=str(tmp_path / "now" / "merged"),
        baseline_constraints=limits,
        publish_cloudwatch_metrics="Enabled",
        sagemaker_monitoring_schedule_name="hourly",
    )
    assert message.startswith("CompletedWithViolations")
    section = f"{'regression' if problem == 'regression' else 'multiclass_classification'}_metrics"
    measured = read(tmp_path / "now", "statistics.json")[section][metric]["value"]
    assert measured == pytest.approx(expected(problem, labelled(problem, 3, 0.3))[metric])
    broken = read(tmp_path / "now", "constraint_violations.json")["violations"]
    assert metric in {violation["metric_name"] for violation in broken}
    lines = tmp_path / "now" / "output/metrics/cloudwatch/cloudwatch_metrics.jsonl"
    put = {line["MetricName"]: line for line in map(json.loads, lines.read_text().splitlines())}
    assert put[metric]["Value"] == measured


def merge(folder: Path) -> None:
    """Ground truth merged as a process of its own, into `merged`."""
    order = {
        "dataset_source": str(folder / "capture"),
        "ground_truth_source": str(folder / "labels"),
        "output_path": str(folder / "merged"),
        "SAGEMAKER_BASE_DIR": str(folder),
    }
    done = run_module("include.jobs.drift.merge", **order)
    assert done.stdout == f"Completed: {ROWS} records have their label.\n", done.stderr
