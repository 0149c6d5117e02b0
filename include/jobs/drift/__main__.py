"""
Check data for drift: `python -m include.jobs.drift baseline|check DATA ... --output DIR`.

`baseline DATA` summarizes training data: a CSV file with a header, a Parquet file, or a folder of
either or of capture files. `check DATA --baseline DIR` compares with it, and writes Model Monitor's
three files, drift_report.json and report.html. `check` exits 0 whatever the verdict, and non-zero
only when it could not check; also then it leaves a report, of outcome FAILED.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import labels, quality, scores
from .baseline import profile_of, read_baseline, write_baseline, write_profiles
from .calibration import read_calibration
from .capture import Capture, Window, is_capture, moment
from .check import Rules, failed, judge
from .command_line import PROFILES, add_baseline_options, add_check_options, add_quality_options
from .constraints import suggest
from .container import say
from .documents import Json
from .errors import UnreadableData, quoted
from .joint import Limits
from .observation import (
    INPUT,
    Question,
    observe,
    read_predictions,
    read_tables,
    read_values,
)
from .report import page
from .samples import Sample, write_sample
from .statistics import CONSTRAINTS, write_json


def baseline(given: argparse.Namespace) -> int:
    personal = given.personal.split(",") if given.personal else []
    sample = Sample(without=personal)
    profile = profile_of(_training_data(given), personal, sample=sample)
    if not profile.rows:
        raise UnreadableData(f"{given.data} has no rows to summarize. Export it again.")
    answers = read_predictions(given.predictions) if given.predictions else None
    write_baseline(profile, given.output, PROFILES[given.profile], answers, sample)
    say(f"{profile.rows} rows and {len(profile.columns)} columns summarized in {given.output}")
    return 0


def _training_data(given: argparse.Namespace) -> Any:
    if is_capture(given.data):
        names = given.columns.split(",") if given.columns else []
        capture = Capture(given.data, {INPUT: names}, Window(given.start, given.end))
        return (batch for _, batch in capture.batches())
    return read_tables(given.data, given.columns.split(",") if given.columns else None)


def check(given: argparse.Namespace) -> int:
    window = Window(given.start, given.end)
    history: list[Json] = []
    try:
        history = _history(given.history)
        compared = read_baseline(given.baseline)
        if given.baseline_predictions:
            answers = read_predictions(given.baseline_predictions)
            compared = replace(compared, predictions=answers)
        question = Question(
            given.data,
            compared,
            window,
            not given.no_header,
            given.predictions,
            shadow=given.shadow,
            model=given.model,
        )
        seen = observe(question)
        result = judge(question, seen, _rules(given))
    except Exception as error:  # noqa: BLE001  (whatever it is, there is a report of it)
        reason = _reason(given, error)
        report = failed(window, reason, given.model)
        write_json(given.output / "drift_report.json", report)
        (given.output / "report.html").write_text(page(report, history=history))
        say(f"FAILED: {reason}")
        return 0 if given.report_failures else 1
    write_profiles(seen.features, seen.predictions, given.output)
    write_sample(seen.sample, given.output)
    write_json(given.output / CONSTRAINTS, suggest(seen.features))
    write_json(given.output / "constraint_violations.json", result.violations)
    write_json(given.output / "drift_report.json", result.report)
    html = page(result.report, result, history)
    (given.output / "report.html").write_text(html)
    kinds = ("columns", "prediction_drift", "joint_drift", "worse_estimates")
    named = ", ".join(name for kind in kinds for name in result.report[kind]) or "no column"
    say(f"{result.outcome}: {named} ({result.report['rows']} rows)")
    return 0


def _rules(given: argparse.Namespace) -> Rules:
    calibration = read_calibration(given.calibration) if given.calibration else None
    return Rules(Limits(*given.joint), Limits(*given.estimate), calibration, given.score)


def _reason(given: argparse.Namespace, error: Exception) -> str:
    """Return why the check failed; without values of the data, if they are to be hidden."""
    if not isinstance(error, UnreadableData):
        frames = traceback.format_tb(error.__traceback__)
        print("".join([*frames, type(error).__name__]), file=sys.stderr)
        cause = quoted(repr(error))
        error = UnreadableData(f"{given.data} could not be checked: {cause}. Report this.")
    return error.without_values if given.hide_values else str(error)


def judge_quality(given: argparse.Namespace) -> int:
    """Write Model Monitor's three files of model quality, and quality_report.json."""
    window = Window(given.start, given.end)
    known = labels.read_labels(given.labels)
    truths, answers = labels.joined(given.data, known, window, given.shadow)
    report: Json = {"outcome": "NO_DATA", "rows": 0, "columns": [], "metrics": {}}
    if truths:
        measured_answers = scores.answers(truths, answers, given.problem)
        document = quality.statistics(measured_answers, given.problem)
        baseline = _judged(given)
        report = quality.report(document, baseline, given.problem)
        limits = quality.constraints(baseline or document, given.problem)
        write_json(given.output / "statistics.json", document)
        write_json(given.output / CONSTRAINTS, limits)
        broken = quality.violations(document, limits, given.problem)
        write_json(given.output / "constraint_violations.json", broken)
    write_json(given.output / "quality_report.json", report)
    named = ", ".join(report["columns"]) or "no metric"
    say(f"{report['outcome']}: {named} ({report['rows']} rows)")
    return 0


def _judged(given: argparse.Namespace) -> Json | None:
    """Return the metrics of the model's holdout."""
    if not given.baseline_labels or not given.baseline_predictions:
        return None
    truths, answers = map(read_values, (given.baseline_labels, given.baseline_predictions))
    if len(truths) != len(answers):
        raise UnreadableData(
            f"{given.baseline_labels} has {len(truths)} labels for {len(answers)} predictions "
            f"in {given.baseline_predictions}. Give both files of the same holdout."
        )
    return quality.statistics(scores.answers(truths, answers, given.problem), given.problem)


def _history(path: Path | None) -> list[Json]:
    """Return earlier windows' verdicts, oldest first, from one JSON file with a list."""
    if path is None or not path.exists():
        return []
    file = next(iter(sorted(path.glob("*.json"))), None) if path.is_dir() else path
    try:
        verdicts: list[Json] = json.loads(file.read_text()) if file else []
    except ValueError as error:
        raise UnreadableData(f"{file} is not a list of verdicts ({error}). Delete it.") from None
    return verdicts


def main() -> int:
    given = _parser().parse_args()
    try:
        return int(given.run(given))
    except Exception as error:  # noqa: BLE001  (a traceback would show values of the data)
        say(f"FAILED: {_reason(given, error)}")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="drift", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--hide-values", action="store_true", help="quote no value of the data in an error"
    )
    commands = parser.add_subparsers(required=True)
    first = commands.add_parser("baseline", help="summarize training data")
    second = commands.add_parser("check", help="compare data with a baseline")
    third = commands.add_parser("quality", help="measure answers against labels that came later")
    add_baseline_options(first)
    add_check_options(second)
    add_quality_options(third)
    for command in (second, third):
        command.add_argument(
            "--shadow", action="store_true", help="include the predictions of shadow variants"
        )
        command.add_argument(
            "--baseline-predictions", type=Path, help="the model's predictions for its holdout"
        )
    for command, run in ((first, baseline), (second, check), (third, judge_quality)):
        command.set_defaults(run=run)
        command.add_argument("data", type=Path)
        command.add_argument("--output", type=Path, required=True, metavar="DIR")
        command.add_argument("--start", type=moment, help="first inference time of the window")
        command.add_argument("--end", type=moment, help="first inference time after it")
    return parser


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    os._exit(ended)  # a thread of Arrow's that still winds down would abort a slower end
