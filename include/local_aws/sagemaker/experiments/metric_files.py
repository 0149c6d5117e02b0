"""Store the metrics that a job writes to files, as `Tracker.log_metric` of smexperiments does."""

from __future__ import annotations

import json
import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.store import Doc
from ...core.untrusted_files import Folder
from ...wire import model
from ...wire.errors import AwsError
from ...wire.validation import validate
from .metric_series import is_storable, put_metrics

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
FOLDER = "output/metrics/sagemaker"  # below the container's /opt/ml
VARIABLE = {"SAGEMAKER_METRICS_DIRECTORY": f"/opt/ml/{FOLDER}"}
LONGEST = 16 << 20  # most bytes of one file
MOST = 64 << 20  # most bytes of all files of one instance
UNUSABLE = (
    AwsError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)


def create_folder(root: Path) -> None:
    """Create the folder that SAGEMAKER_METRICS_DIRECTORY names in *root*, a container's /opt/ml."""
    (root / FOLDER).mkdir(parents=True, exist_ok=True)


def store_metrics(aws: Aws, component: str, root: Path) -> None:
    """Add the points in the files of one instance to the series of the job's trial component."""
    try:
        with Folder.at(root) as opened, opened.folder(FOLDER) as folder:
            _store_files(aws, component, folder)
    except OSError:  # the job removed it
        return


def _store_files(aws: Aws, component: str, folder: Folder) -> None:
    """Store one file after the other: a job can write more than fits into memory."""
    left = MOST
    for entry in folder.files():
        if left <= 0:
            log.warning("The metrics files of %s have more than %d bytes.", component, MOST)
            return
        text = folder.read(entry.path, min(LONGEST, left)) or b""
        left -= len(text)
        _store(aws, component, entry.path, text)


def _store(aws: Aws, component: str, name: str, text: bytes) -> None:
    lines = [line for line in text.splitlines() if line.strip()]
    points = [point for point in map(_point, lines) if point]
    if len(points) < len(lines):
        log.warning("%d lines of %r are not metrics.", len(lines) - len(points), name)
    put_metrics(aws, component, points)


def _point(line: bytes) -> Doc | None:
    """Return the point of a line; None if it is not one that BatchPutMetrics takes."""
    try:
        given = json.loads(line)
        point: Doc = {
            "MetricName": str(given["MetricName"]),
            "Value": float(given["Value"]),
            "Timestamp": float(given["Timestamp"]),
        }
        if (step := given.get("IterationNumber")) is not None:
            point["Step"] = int(step)
        point["MetricName"].encode()  # half of a surrogate pair cannot be stored
        validate(point, _shape())
    except UNUSABLE:
        return None
    return point if is_storable(point["Value"]) else None


@cache
def _shape() -> Any:
    """Return the model of one point of BatchPutMetrics."""
    operation: Any = model.operation("sagemaker-metrics", "BatchPutMetrics")
    return operation.input_shape.members["MetricData"].member
