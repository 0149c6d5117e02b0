"""The members that DescribeTrainingJob answers also for a job whose request left them out."""

from __future__ import annotations

from ...containers.images import image_for
from ...core.store import Doc

OFF = {
    "EnableNetworkIsolation": False,
    "EnableInterContainerTrafficEncryption": False,
    "EnableManagedSpotTraining": False,
}
CHANNEL = {"CompressionType": "None", "RecordWrapperType": "None"}


def with_defaults(request: Doc) -> Doc:
    """Return *request* with AWS's defaults, and with the metrics of a built-in algorithm."""
    algorithm = request["AlgorithmSpecification"]
    if known := image_for(algorithm["TrainingImage"]).metric_definitions:
        algorithm = {"MetricDefinitions": known} | algorithm
    given: Doc = OFF | request | {"AlgorithmSpecification": algorithm}
    given["OutputDataConfig"] = {"KmsKeyId": ""} | request["OutputDataConfig"]
    if "InputDataConfig" in request:
        given["InputDataConfig"] = [CHANNEL | channel for channel in request["InputDataConfig"]]
    return given
