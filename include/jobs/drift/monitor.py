"""
Implement Model Monitor's analyzer image: environment variables in, its files out.

Called without arguments in a Processing job, as monitoring schedules and the SageMaker SDK start
it. With no baseline it suggests one; with `analysis_type=MODEL_QUALITY` it reads merged labels.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from . import metrics, quality, scores
from .capture import Capture
from .columns import STRING
from .constraints import CATEGORICAL, MODEL_MONITOR, Constraints, suggest
from .documents import Json
from .errors import UnreadableData
from .hooks import postprocess, preprocessor
from .jsonlines import read_json_lines
from .labels import merged
from .observation import INPUT, OUTPUT, read_tables
from .order import Order, end, environment
from .statistics import CONSTRAINTS, STATISTICS, Profile, to_json, write_json
from .violations import violations

PROBLEMS = {
    "BinaryClassification": scores.BINARY,
    "MulticlassClassification": scores.MULTICLASS,
    "Regression": scores.REGRESSION,
}


def main() -> int:
    order = Order(environment())
    try:
        if order.environment.get("analysis_type") == "MODEL_QUALITY":
            count = model_quality(order)
        else:
            count = data_quality(order)
        postprocess(order.path("post_analytics_processor_script"))
    except UnreadableData as error:
        return end(f"Error: {error}", 1)
    if count:
        text = f"Job completed successfully with {count} violations."
        return end(f"CompletedWithViolations: {text}", 0)
    return end("Completed: Job completed successfully with no violations.", 0)


def data_quality(order: Order) -> int:
    """Write statistics, constraints and, against a baseline, violations; return how many."""
    output = Path(order.need("output_path"))
    baseline = order.baseline
    hidden = baseline[0].personal if baseline else frozenset()
    profile = read(order, baseline[1] if baseline else None, hidden).settled()
    if not profile.rows:
        raise UnreadableData(f"No row of the data set is {order.window}: nothing to check.")
    rules = replace(MODEL_MONITOR, categorical_method=_method(order))
    write_json(output / STATISTICS, to_json(profile))
    write_json(output / CONSTRAINTS, suggest(profile, rules))
    if not baseline:
        return 0
    was, limits = baseline
    violated = violations(was, profile, limits)
    write_json(output / "constraint_violations.json", violated)
    if limits.emit_metrics:
        lines = metrics.data_quality(was, limits, profile)
        metrics.publish(lines, order.metrics, metrics.DATA)
    return len(violated["violations"])


def _method(order: Order) -> str:
    method = order.environment.get("categorical_drift_method") or CATEGORICAL[0]
    if method not in CATEGORICAL:
        raise UnreadableData(f"categorical_drift_method is {method!r}. Use one of {CATEGORICAL}.")
    return method


def read(
    order: Order, limits: Constraints | None, personal: frozenset[str] = frozenset()
) -> Profile:
    """Read the data set in any supported format, without the excluded columns."""
    source, form = Path(order.need("dataset_source")), order.format
    expected = limits.columns if limits else {}
    texts = [name for name, column in expected.items() if column.kind == STRING]
    skipped = set((order.environment.get("exclude_features_attribute") or "").split(","))
    profile = Profile(personal=personal)
    if sides := _capture_sides(form):
        profile = captured(_capture(source, sides, order, list(expected)), texts, personal)
    elif "json" in form:
        profile.extend(read_json_lines(source), texts)
    else:
        names = list(expected) if expected and not _has_header(form) else None
        profile.extend(read_tables(source, names), texts)
    for name in skipped & profile.columns.keys():
        del profile.columns[name]
    return profile


def _capture_sides(form: Json) -> list[str]:
    capture = form.get("sagemakerCaptureJson") or form.get("sagemakerMergeJson") or {}
    return list(capture.get("captureIndexNames", []))


def _has_header(form: Json) -> bool:
    return bool(form.get("csv", {}).get("header", True))


def captured(capture: Capture, texts: list[str], personal: frozenset[str] = frozenset()) -> Profile:
    """Return one profile of both sides, with the columns in the order of the sides."""
    sides = {side: Profile(personal=personal) for side in capture.columns}
    for side, batch in capture.batches():
        sides[side].add(batch, texts)
    columns = {n: c for profile in sides.values() for n, c in profile.columns.items()}
    return Profile(columns, max((profile.rows for profile in sides.values()), default=0))


def _capture(source: Path, sides: list[str], order: Order, known: list[str]) -> Capture:
    """Read responses first, then requests, as Model Monitor numbers the columns of CSV records."""
    hook = preprocessor(order.path("record_preprocessor_script"))
    sample = Capture(source, dict.fromkeys(sides), order.window)
    widths = {} if hook else sample.widths()
    first = widths.get(OUTPUT, 0)
    total = first + widths.get(INPUT, 0)
    if known and widths and len(known) == widths.get(INPUT):
        first, total, widths = 0, len(known), {INPUT: len(known)}  # no answers in the baseline
    names = known if len(known) == total else [f"_c{i}" for i in range(total)]
    columns = {OUTPUT: names[:first], INPUT: names[first:]}
    asked = {side: columns[side] for side in (OUTPUT, INPUT) if hook or side in widths}
    return Capture(source, asked, order.window, hook)


def model_quality(order: Order) -> int:
    """Write the metrics of merged labels; against a baseline, also its violations."""
    kind = order.need("problem_type")
    problem = PROBLEMS.get(kind)
    if not problem:
        raise UnreadableData(
            f"problem_type {kind!r} is unknown. Use one of: {', '.join(PROBLEMS)}."
        )
    names = ("probability_attribute", "inference_attribute")
    attribute = next(filter(None, map(order.environment.get, names)), None)
    truths, given = merged(Path(order.need("dataset_source")), order.window, attribute)
    if not truths:
        raise UnreadableData(
            "No merged label lies in the window, so nothing is measured. Send labels of its "
            "records, or choose an earlier window."
        )
    output = Path(order.need("output_path"))
    document = quality.statistics(scores.answers(truths, given, problem), problem)
    metrics.publish(metrics.model_quality(document, problem), order.metrics, metrics.MODEL)
    write_json(output / STATISTICS, document)
    write_json(output / CONSTRAINTS, quality.constraints(document, problem))
    limits = order.path("baseline_constraints")
    if not limits:
        return 0
    violated = quality.violations(document, json.loads(limits.read_text()), problem)
    write_json(output / "constraint_violations.json", violated)
    return len(violated["violations"])


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    os._exit(ended)  # a thread of Arrow's that still winds down would abort a slower end
