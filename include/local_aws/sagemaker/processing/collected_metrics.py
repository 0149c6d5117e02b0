"""Publish the metrics that a monitoring job writes to a folder in CloudWatch."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ...cloudwatch.metric_data import point
from ...cloudwatch.metrics import Metrics
from ...core.store import Doc
from ...core.untrusted_files import Folder
from ...wire.errors import AwsError

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
FOLDER = "output/metrics/cloudwatch"
LARGEST = 16 << 20  # most bytes of one file
NAMESPACE = "aws/sagemaker/Endpoints/{}-metrics"


def publish(aws: Aws, job: Doc, root: Path) -> None:
    """Publish the metrics of a job of a schedule; SageMaker ignores those of other jobs."""
    if "MonitoringScheduleArn" not in job:
        return
    quality = job.get("Environment", {}).get("analysis_type") == "MODEL_QUALITY"
    namespace = NAMESPACE.format("model" if quality else "data")
    with Folder.at(root) as opened:
        for name, text in _texts(opened):
            _publish(aws, namespace, name, text)


def _texts(root: Folder) -> Iterator[tuple[str, bytes]]:
    try:
        folder = root.folder(FOLDER)
    except OSError:
        return
    with folder:
        for entry in folder.files():
            if text := folder.read(entry.path, LARGEST):
                yield entry.path, text


def _publish(aws: Aws, namespace: str, name: str, text: bytes) -> None:
    try:
        lines = [json.loads(line) for line in text.decode().splitlines() if line.strip()]
        data = [line | {"Timestamp": _seconds(line["Timestamp"])} for line in lines]
        aws.part(Metrics).put_points([point(namespace, d, aws.clock.now()) for d in data])
    except (AwsError, ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("%s has no metrics: %r", name, error)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
