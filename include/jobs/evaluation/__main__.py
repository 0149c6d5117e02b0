"""
Evaluate the answers of one or two models: `run.py evaluation --input DIR --output DIR ...`.

The folder of inputs holds `challenger` and `labels`, and may hold `champion`; `records`, the raw
holdout, for scores by segment; `validation` and `validation_labels`, for a threshold by costs.
Writes evaluation.json, which has the form of the model registry's metrics, and more; and, of a
model that answers probabilities, calibration.json, by which drift checks estimate its scores.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..drift.calibration import Calibration
from ..drift.container import say
from ..drift.documents import CALIBRATION
from .answers import HALF, Answers, UnusableAnswers, read_answers, read_labels
from .calibration import fit_calibration
from .document import CHALLENGER, CHAMPION, evaluation
from .scores import BINARY, Costs, problem_of
from .segments import segments
from .threshold import Threshold, cheapest

LABELS, RECORDS, VALIDATION, VALIDATION_LABELS = (
    "labels",
    "records",
    "validation",
    "validation_labels",
)


def evaluate(given: argparse.Namespace) -> tuple[dict[str, Any], Calibration | None]:
    """Return the document of evaluation.json, and the challenger's calibration."""
    classes = [name for chunk in given.classes for name in chunk]
    labels = read_labels(given.input / LABELS, classes)
    truth = np.concatenate(labels)
    thresholds = _thresholds(given, classes)
    models = {
        role: read_answers(given.input / role, labels, classes)
        for role in (CHALLENGER, CHAMPION)
        if (given.input / role).is_dir()
    }
    if problem_of(classes) == BINARY:
        models = {role: one.cut_at(thresholds[role].value) for role, one in models.items()}
    document = evaluation(truth, models, classes, given.confidence)
    document["prodml"]["threshold"] = _chosen(given, thresholds) if thresholds else None
    document["prodml"]["segments"] = _segments(given, classes, truth, models)
    cut = thresholds[CHALLENGER].value if thresholds else HALF
    return document, fit_calibration(truth, models[CHALLENGER], classes, cut)


def _thresholds(given: argparse.Namespace, classes: list[str]) -> dict[str, Threshold]:
    """Return the threshold of each binary model; the challenger's may be chosen here."""
    if problem_of(classes) != BINARY:
        return {}
    chosen = Threshold()
    if given.costs:
        labels = read_labels(given.input / VALIDATION_LABELS, classes)
        answers = read_answers(given.input / VALIDATION, labels, classes)
        chosen = cheapest(np.concatenate(labels), answers.values, Costs(*given.costs))
    return {CHALLENGER: chosen, CHAMPION: Threshold(given.champion_threshold)}


def _chosen(given: argparse.Namespace, thresholds: dict[str, Threshold]) -> dict[str, Any]:
    return {
        "value": thresholds[CHALLENGER].value,
        CHAMPION: thresholds[CHAMPION].value,
        "costs": Costs(*given.costs)._asdict() if given.costs else None,
        "cost_per_row": thresholds[CHALLENGER].cost_per_row,
    }


def _segments(
    given: argparse.Namespace, classes: list[str], truth: Any, models: dict[str, Answers]
) -> list[dict[str, Any]]:
    if not given.segment:
        return []
    records = given.input / RECORDS
    return segments(records, dict(given.segment), problem_of(classes), truth, models)


def _column(text: str) -> tuple[str, int]:
    name, _, place = text.rpartition("=")
    return name, int(place)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evaluation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True, metavar="DIR")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--classes",
        type=json.loads,
        nargs="*",
        default=[],
        metavar="JSON",
        help="lists of class names, in the order of their numbers; none for a regression",
    )
    parser.add_argument("--confidence", type=float, default=0.95, help="of all intervals")
    parser.add_argument(
        "--costs",
        type=float,
        nargs=2,
        metavar=("FALSE_POSITIVE", "FALSE_NEGATIVE"),
        help="choose the threshold whose errors on the validation rows cost the least",
    )
    parser.add_argument("--champion-threshold", type=float, default=HALF)
    parser.add_argument(
        "--segment",
        type=_column,
        nargs="*",
        default=[],
        metavar="COLUMN=PLACE",
        help="score the rows of each value of a column",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
    try:
        document, calibration = evaluate(given)
    except UnusableAnswers as error:
        say(f"FAILED: {error}")
        return 1
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "evaluation.json").write_text(json.dumps(document, indent=1) + "\n")
    if calibration:
        (given.output / CALIBRATION).write_text(json.dumps(calibration.to_json(), indent=1) + "\n")
    scores = document["prodml"][CHALLENGER]["scores"]
    say(", ".join(f"{name} {one['value']:.4f}" for name, one in scores.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
