"""
Read the history of drift checks from S3.

The contract with the checks: `<root>/<pipeline>/drift/windows/<endpoint>/<end>.json` holds the
verdict on the window that ends then, a time such as 20240506T120000Z; a new check of the window
replaces it. Its `report` is the prefix of `report.html`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, TypedDict

from prodml.aws.client import Clients
from prodml.aws.retries import with_retries
from prodml.aws.s3 import join, level, objects, read, read_json, split
from prodml.exceptions import InvalidInputError
from prodml.studio.together import AT_ONCE, together
from prodml.vocabulary import Json

WINDOWS = 60  # of one page
ALERTING = ("columns", "joint_drift", "worse_estimates")  # members that name what alerts
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
UNKNOWN = (None, None)  # thresholds
STAMP = re.compile(r"\d{8}T\d{6}Z")


class Watched(TypedDict):
    """An endpoint whose traffic has been checked."""

    pipeline: str
    endpoint: str


class Cell(TypedDict):
    """A column in a window; *warn* and *alert* are the thresholds of the distance."""

    distance: float
    warn: float | None
    alert: float | None


class Estimate(TypedDict):
    """A score that was estimated without labels; it warns and alerts from these values."""

    score: str
    value: float
    status: str
    expected: float | None
    warn: float | None
    alert: float | None


class Window(TypedDict):
    """The verdict on a window; *joint* is of all columns together."""

    stamp: str
    start: str
    end: str
    outcome: str
    rows: int
    reason: str
    action: str
    why: str
    model: str
    drift: str
    data_quality: str
    model_quality: str
    worse_metrics: list[str]
    prediction_drift: list[str]
    alerting: list[str]
    has_report: bool
    columns: dict[str, Cell]
    joint: Cell | None
    estimate: Estimate | None


def histories(aws: Clients, root: str, most: int | None = None) -> list[Watched]:
    """Return the endpoints that have a history below *root*, by a call for each pipeline.

    :param most: The number of endpoints; None means all of them.
    """
    s3 = aws.client("s3")
    pipelines, watched = _folders(s3, root), list[Watched]()
    for start in range(0, len(pipelines), AT_ONCE):
        some = pipelines[start : start + AT_ONCE]
        checked = together(lambda pipeline: _folders(s3, folder(root, pipeline)), some)
        for pipeline, endpoints in zip(some, checked, strict=True):
            watched += [{"pipeline": pipeline, "endpoint": endpoint} for endpoint in endpoints]
        if most and len(watched) >= most:
            return watched[:most]
    return watched


def _folders(s3: Any, uri: str) -> list[str]:
    """Return the names of the folders at *uri* that may be names of pipelines or endpoints."""
    names = [name.rstrip("/") for name in level(s3, f"{uri}/") if name.endswith("/")]
    return [name for name in names if NAME.fullmatch(name)]


def windows(
    aws: Clients,
    root: str,
    pipeline: str,
    endpoint: str,
    most: int = WINDOWS,
    contents: Clients | None = None,
) -> list[Window]:
    """Return the newest *most* windows of *endpoint*, oldest first.

    :param contents: Reads objects, if not *aws*: the content of an ETag never changes.
    """
    place = folder(root, pipeline, endpoint)
    bucket, _ = split(place)
    newest = sorted(objects(aws.client("s3"), f"{place}/"), key=lambda item: str(item["Key"]))
    s3, listed = (contents or aws).client("s3"), newest[-most:]
    documents = together(partial(read_window, s3, bucket), listed)
    stamps = [item["Key"].rpartition("/")[2].removesuffix(".json") for item in listed]
    return [window(*pair) for pair in zip(stamps, documents, strict=True)]


def read_window(s3: Any, bucket: str, item: Json) -> Json:
    """Return the document of a listed window."""
    response = with_retries(s3.get_object, Bucket=bucket, Key=item["Key"], IfMatch=item["ETag"])
    document: Json = json.loads(response["Body"].read())
    return document


def report(aws: Clients, root: str, pipeline: str, endpoint: str, stamp: str) -> bytes:
    """Return the report of the window that ends at *stamp*; MissingObjectError if it has none."""
    if not STAMP.fullmatch(stamp):
        raise InvalidInputError(f"{stamp!r} is not the end of a window. Write 20240506T120000Z.")
    s3, place = aws.client("s3"), folder(root, pipeline, endpoint)
    document = read_json(s3, f"{place}/{stamp}.json")
    where = str(document.get("report") or "")
    if not where.startswith(f"{root.rstrip('/')}/"):
        raise InvalidInputError(
            f"The window until {stamp} has no report: it had no data. Open another window."
        )
    return read(s3, join(where, "report.html"))


def folder(root: str, *names: str) -> str:
    """Return the folder of a pipeline, or of one of its endpoints."""
    for name in names:
        if not NAME.fullmatch(name):
            raise InvalidInputError(
                f"{name!r} is no name of a pipeline or endpoint. Choose another one."
            )
    pipeline, *endpoint = names
    return join(root, pipeline, "drift", "windows", *endpoint)


def window(stamp: str, document: Json) -> Window:
    """Return the verdict that *document* holds."""
    thresholds = document.get("thresholds", {})
    return {
        "stamp": stamp,
        "start": document.get("window_start", ""),
        "end": document["window_end"],
        "outcome": document["outcome"],
        "rows": document.get("rows") or 0,
        "reason": document.get("reason") or "",
        "action": document.get("action") or "",
        "why": document.get("why") or "",
        "model": document.get("model_package_arn") or "",
        "drift": document.get("drift") or "",
        "data_quality": document.get("data_quality") or "",
        "model_quality": document.get("model_quality") or "",
        "worse_metrics": document.get("worse_metrics") or [],
        "prediction_drift": document.get("prediction_drift") or [],
        "alerting": [name for kind in ALERTING for name in document.get(kind) or []],
        "has_report": bool(document.get("report")),
        "columns": {
            name: _cell(distance, thresholds.get(name, UNKNOWN))
            for name, distance in document.get("distances", {}).items()
        },
        "joint": _joint(document),
        "estimate": _estimate(document),
    }


def _cell(distance: float, thresholds: Sequence[float | None]) -> Cell:
    warn, alert = thresholds
    return {"distance": distance, "warn": warn, "alert": alert}


def _joint(document: Json) -> Cell | None:
    if (distance := document.get("joint")) is None:
        return None
    return _cell(distance, document.get("joint_thresholds") or UNKNOWN)


def _estimate(document: Json) -> Estimate | None:
    compared: Json | None = document.get("estimate")
    if (value := document.get("estimated")) is None or compared is None:
        return None
    return {
        "score": compared["score"],
        "value": value,
        "status": compared["status"],
        "expected": compared["expected"],
        "warn": compared["warn"],
        "alert": compared["alert"],
    }
