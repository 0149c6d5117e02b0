"""Store the metrics that a job writes to files, as `Tracker.log_metric` of smexperiments does."""

from __future__ import annotations

import json
import logging
import math
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.store import Doc
from ...core.untrusted_files import Folder
from .metric_series import LARGEST, put_metrics

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
FOLDER = "output/metrics/sagemaker"  # below the container's /opt/ml
VARIABLE = {"SAGEMAKER_METRICS_DIRECTORY": f"/opt/ml/{FOLDER}"}
LONGEST = 16 << 20  # most bytes of one file


def create_folder(root: Path) -> None:
    """Create the folder that SAGEMAKER_METRICS_DIRECTORY names in *root*, a container's /opt/ml."""
    (root / FOLDER).mkdir(parents=True, exist_ok=True)


def store_metrics(aws: Aws, component: str, root: Path) -> None:
    """Add the points in the files of one instance to the series of the job's trial component."""
    try:
        with Folder.at(root) as opened, opened.folder(FOLDER) as folder:
            texts = [folder.read(entry.path, LONGEST) or b"" for entry in folder.files()]
    except OSError:  # the job removed it
        return
    found = [_point(line) for text in texts for line in text.splitlines() if line.strip()]
    put_metrics(aws, component, [point for point in found if point])


def _point(line: bytes) -> Doc | None:
    """Return the point of a line; None if it is not one, or its value is not a finite number."""
    try:
        given = json.loads(line)
        value = float(given["Value"])
        at, step = float(given["Timestamp"]), given.get("IterationNumber")
        if not abs(value) <= LARGEST or not math.isfinite(at):
            return None
        point = {"MetricName": str(given["MetricName"]), "Value": value, "Timestamp": at}
        return point if step is None else point | {"Step": int(step)}
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        log.warning("A line of a metrics file is not a metric: %.100r", line)
        return None
