"""
The contract of Model Monitor's analyzer image: environment variables in, its files out.

Called without arguments in a Processing job, as monitoring schedules and the SageMaker SDK start
it. With no baseline it suggests one; with `analysis_type=MODEL_QUALITY` it reads merged labels.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

from . import metrics, quality
from .capture import Capture, Hook, Window, moment
from .check import INPUT, OUTPUT, read_tables
from .constraints import CATEGORICAL, MODEL_MONITOR, Constraints, read_constraints, suggest
from .errors import UnreadableData
from .jsonlines import read_json_lines
from .labels import merged
from .statistics import CONSTRAINTS, STATISTICS, Profile, read_profile, to_json, write_json
from .violations import violations

Json = dict[str, Any]
BASE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
CONFIGS = ("config/processingjobconfig.json", "processing/processingjobconfig.json")
PROBLEMS = {
    "BinaryClassification": quality.BINARY,
    "MulticlassClassification": quality.MULTICLASS,
    "Regression": quality.REGRESSION,
}


@dataclass(frozen=True)
class Order:
    """What the environment asks for."""

    environment: Mapping[str, str]

    def path(self, name: str) -> Path | None:
        """None also when the variable names a file that the job was not given."""
        found = Path(self.environment.get(name) or "-")
        return found if found.exists() else None

    def need(self, name: str) -> str:
        if not self.environment.get(name):
            raise UnreadableData(f"The environment variable {name} is not set. Set it in the job.")
        return self.environment[name]

    @property
    def window(self) -> Window:
        start, end = (self.environment.get(name) for name in ("start_time", "end_time"))
        return Window(moment(start) if start else None, moment(end) if end else None)

    @property
    def format(self) -> Json:
        try:
            found: Json = json.loads(self.need("dataset_format"))
        except ValueError as error:
            raise UnreadableData(f"dataset_format is no JSON ({error}). Mend it.") from None
        return found

    @property
    def baseline(self) -> tuple[Profile, Constraints] | None:
        statistics, limits = self.path("baseline_statistics"), self.path("baseline_constraints")
        if not statistics or not limits:
            return None
        return read_profile(statistics), read_constraints(limits)


def main() -> int:
    order = Order(environment())
    try:
        if order.environment.get("analysis_type") == "MODEL_QUALITY":
            count = model_quality(order)
        else:
            count = data_quality(order)
    except UnreadableData as error:
        return _end(f"Error: {error}", 1)
    if script := order.path("post_analytics_processor_script"):
        runpy.run_path(str(script))["postprocess_handler"]()
    if count:
        text = f"Job completed successfully with {count} violations."
        return _end(f"CompletedWithViolations: {text}", 0)
    return _end("Completed: Job completed successfully with no violations.", 0)


def environment() -> dict[str, str]:
    """The process's own variables; what it lacks may stand in the job's configuration."""
    found: dict[str, str] = {}
    for name in CONFIGS:
        if (BASE / name).is_file():
            found |= json.loads((BASE / name).read_text()).get("Environment", {})
    return found | dict(os.environ)


def data_quality(order: Order) -> int:
    """Write statistics, constraints and, against a baseline, violations; return how many."""
    output = Path(order.need("output_path"))
    baseline = order.baseline
    profile = read(order, baseline[0] if baseline else None).settled()
    rules = changed(MODEL_MONITOR, categorical_method=_method(order))
    write_json(output / STATISTICS, to_json(profile))
    write_json(output / CONSTRAINTS, suggest(profile, rules))
    if not baseline:
        return 0
    found = violations(baseline[0], profile, baseline[1])
    write_json(output / "constraint_violations.json", found)
    if baseline[1].emit_metrics and _publishes(order):
        lines = metrics.data_quality(*baseline, profile, *_place(order))
        metrics.write(BASE / "output" / "metrics" / "cloudwatch", lines)
    return len(found["violations"])


def _method(order: Order) -> str:
    method = order.environment.get("categorical_drift_method") or CATEGORICAL[0]
    if method not in CATEGORICAL:
        raise UnreadableData(f"categorical_drift_method is {method!r}. Use one of {CATEGORICAL}.")
    return method


def _publishes(order: Order) -> bool:
    return order.environment.get("publish_cloudwatch_metrics") == "Enabled"


def _place(order: Order) -> tuple[str, str, str]:
    """The metrics' time, endpoint and schedule."""
    names = ("metric_time", "sagemaker_endpoint_name", "sagemaker_monitoring_schedule_name")
    when, endpoint, schedule = (order.environment.get(name, "") for name in names)
    return when or order.environment.get("start_time", ""), endpoint, schedule


def read(order: Order, baseline: Profile | None) -> Profile:
    """The data set in whatever format it is in, less the excluded columns."""
    source, found = Path(order.need("dataset_source")), order.format
    texts = baseline.texts if baseline else []
    skipped = set((order.environment.get("exclude_features_attribute") or "").split(","))
    profile = Profile()
    if sides := _capture_sides(found):
        profile = captured(_capture(source, sides, order, baseline), texts)
    elif "json" in found:
        profile.extend(read_json_lines(source), texts)
    else:
        names = list(baseline.columns) if baseline and not _has_header(found) else None
        profile.extend(read_tables(source, names), texts)
    for name in skipped & profile.columns.keys():
        del profile.columns[name]
    return profile


def _capture_sides(found: Json) -> list[str]:
    capture = found.get("sagemakerCaptureJson") or found.get("sagemakerMergeJson") or {}
    return list(capture.get("captureIndexNames", []))


def _has_header(found: Json) -> bool:
    return bool(found.get("csv", {}).get("header", True))


def captured(capture: Capture, texts: list[str]) -> Profile:
    """One profile of both sides, the columns in the order of the sides."""
    sides = {side: Profile() for side in capture.columns}
    for side, batch in capture.batches():
        sides[side].add(batch, texts)
    columns = {n: c for profile in sides.values() for n, c in profile.columns.items()}
    return Profile(columns, max(profile.rows for profile in sides.values()))


def _capture(source: Path, sides: list[str], order: Order, baseline: Profile | None) -> Capture:
    """Answers come first, then requests: so Model Monitor numbers the columns of CSV records."""
    hook = _hook(order)
    known = list(baseline.columns) if baseline else []
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


def _hook(order: Order) -> Hook | None:
    """`preprocess_handler(inference_record)`, or one that takes a logger too."""
    path = order.path("record_preprocessor_script")
    if not path:
        return None
    handler = runpy.run_path(str(path)).get("preprocess_handler")
    if not handler:
        raise UnreadableData(f"{path.name} defines no preprocess_handler. Define it.")
    if handler.__code__.co_argcount > 1:
        import logging

        return lambda record: handler(Record(record), logging.getLogger("preprocess"))
    return lambda record: handler(Record(record))


class Record:
    """A capture record as pre-processing scripts know it: `record.endpoint_input.data`."""

    def __init__(self, record: Json) -> None:
        halves = record["captureData"]
        self.endpoint_input = Half(halves.get(INPUT, {}))
        self.endpoint_output = Half(halves.get(OUTPUT, {}))
        self.event_metadata = Event(record["eventMetadata"])


class Event:
    """A record's metadata."""

    def __init__(self, event: Json) -> None:
        self.event_id = event["eventId"]
        self.inference_id = event.get("inferenceId")
        self.inference_time = event["inferenceTime"]
        self.custom_attribute = event.get("customAttributes", [])


class Half:
    """One side of a record."""

    def __init__(self, half: Json) -> None:
        self.data = half.get("data", "")
        self.encoding = half.get("encoding", "")
        self.observed_content_type = half.get("observedContentType", "")


def model_quality(order: Order) -> int:
    """Metrics of merged labels; against a baseline, what is worse than it allows."""
    problem = PROBLEMS.get(order.need("problem_type"))
    if not problem:
        raise UnreadableData(f"problem_type is none of {', '.join(PROBLEMS)}. Correct it.")
    names = ("probability_attribute", "inference_attribute")
    attribute = next(filter(None, map(order.environment.get, names)), None)
    truths, given = merged(Path(order.need("dataset_source")), order.window, attribute)
    if not truths:
        raise UnreadableData("No merged label lies in the window: there is nothing to measure.")
    output = Path(order.need("output_path"))
    document = quality.statistics(quality.answers(truths, given, problem), problem)
    write_json(output / STATISTICS, document)
    write_json(output / CONSTRAINTS, quality.constraints(document, problem))
    limits = order.path("baseline_constraints")
    if not limits:
        return 0
    found = quality.violations(document, json.loads(limits.read_text()), problem)
    write_json(output / "constraint_violations.json", found)
    return len(found["violations"])


def _end(message: str, code: int) -> int:
    print(message)
    path = BASE / "output" / "message"
    if path.parent.is_dir():
        path.write_text(message[:1024])
    return code


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    os._exit(ended)  # a thread of Arrow's that still winds down would abort a slower end
