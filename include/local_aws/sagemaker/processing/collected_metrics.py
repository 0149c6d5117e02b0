"""The metrics that a monitoring job leaves in a folder, put into CloudWatch by the platform."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ...cloudwatch.metric_data import point
from ...cloudwatch.metrics import Metrics
from ...core.s3_files import files_in, written
from ...core.store import Doc
from ...wire.errors import AwsError

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
FOLDER = "output/metrics/cloudwatch"
NAMESPACE = "aws/sagemaker/Endpoints/{}-metrics"


def publish(aws: Aws, job: Doc, root: Path) -> None:
    """Only for jobs of a schedule: of others, SageMaker does not collect the folder."""
    folder = written(root, FOLDER)
    if "MonitoringScheduleArn" not in job or folder is None:
        return
    quality = job.get("Environment", {}).get("analysis_type") == "MODEL_QUALITY"
    namespace = NAMESPACE.format("model" if quality else "data")
    for path in files_in(folder):
        _publish(aws, namespace, path)


def _publish(aws: Aws, namespace: str, path: Path) -> None:
    try:
        lines = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
        data = [line | {"Timestamp": _seconds(line["Timestamp"])} for line in lines]
        aws.part(Metrics).put_points([point(namespace, d, aws.clock.now()) for d in data])
    except (AwsError, ValueError, KeyError, TypeError) as error:
        log.warning("%s holds no metrics: %r", path.name, error)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
