"""Training jobs: create, describe, list, stop."""

from __future__ import annotations

import math
from typing import Any

from ...containers.images import image_for
from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import in_use, validation
from ..experiments.trial_components import attach_job, cluster_parameters
from ..jobs.channels import check_channels
from ..jobs.checkpoints import checkpoint_path
from ..jobs.deletion import register_deletion
from ..jobs.runner import JobRunner
from ..jobs.stopping import stop
from . import debugging
from .defaults import with_defaults
from .job import Training
from .metrics import check_definitions

TRAINING_JOB = Resource(
    noun="TrainingJob",
    kind="training-job",
    summaries="TrainingJobSummaries",
    status="TrainingJobStatus",
    taken=lambda name, arn: in_use(
        "Training job names must be unique within an AWS account and region, "
        f"and a training job with this name already exists ({arn})"
    ),
)
TRAINING_JOB.register("Describe", "List")
register_deletion(TRAINING_JOB)


@operation("sagemaker", "CreateTrainingJob")
def create_training_job(aws: Aws, request: Doc) -> Doc:
    return launch(aws, request)


def launch(aws: Aws, request: Doc, **members: Any) -> Doc:
    """Validate, store and start a training job; *members* link it to its creator."""
    _check(request)
    doc = TRAINING_JOB.create(
        aws,
        with_defaults(request),
        TrainingJobStatus="InProgress",
        SecondaryStatus="Starting",
        SecondaryStatusTransitions=[],
        ModelArtifacts={"S3ModelArtifacts": ""},
        **debugging.initial(request, aws.clock.now()),
        **members,
    )
    component = _attach(aws, request, doc)
    aws.part(JobRunner).submit(
        "training-job", request["TrainingJobName"], lambda job: Training(job, component).work()
    )
    return doc


def _check(request: Doc) -> None:
    """Refuse members that the model allows only for features that are not emulated."""
    for member in ("AlgorithmSpecification", "ResourceConfig"):
        if member not in request:
            raise validation(f"{member} must be given: serverless training is not emulated.")
    image = request["AlgorithmSpecification"].get("TrainingImage")
    if not image:
        raise validation("AlgorithmSpecification needs a TrainingImage.")
    image_for(image)
    check_definitions(request["AlgorithmSpecification"].get("MetricDefinitions", []))
    debugging.check(request)
    check_channels(request)
    checkpoint_path(request.get("CheckpointConfig", {}))
    _check_times(request)


def _check_times(request: Doc) -> None:
    """Require MaxWaitTimeInSeconds of a spot job, and refuse it of any other."""
    condition = request.get("StoppingCondition", {})
    wait, runtime = (
        condition.get("MaxWaitTimeInSeconds"),
        condition.get("MaxRuntimeInSeconds", 86400),
    )
    spot = request.get("EnableManagedSpotTraining", False)
    if spot and wait is None:
        raise validation("MaxWaitTimeInSeconds is required when EnableManagedSpotTraining is true.")
    if not spot and wait is not None:
        raise validation("MaxWaitTimeInSeconds needs EnableManagedSpotTraining to be true.")
    if wait is not None and wait < runtime:
        raise validation(
            f"MaxWaitTimeInSeconds {wait} must be at least MaxRuntimeInSeconds {runtime}."
        )


def _attach(aws: Aws, request: Doc, doc: Doc) -> str:
    parameters = {name: _parameter(v) for name, v in request.get("HyperParameters", {}).items()}
    image = request["AlgorithmSpecification"]["TrainingImage"]
    parameters["SageMaker.ImageUri"] = {"StringValue": image}
    parameters |= cluster_parameters(request["ResourceConfig"])
    inputs = {
        channel["ChannelName"]: _artifact(channel) for channel in request.get("InputDataConfig", [])
    }
    hook = request.get("DebugHookConfig")
    outputs = {"SageMaker.DebugHookOutput": {"Value": hook["S3OutputPath"]}} if hook else {}
    return attach_job(
        aws,
        request.get("ExperimentConfig"),
        request["TrainingJobName"],
        doc["TrainingJobArn"],
        Parameters=parameters,
        InputArtifacts=inputs,
        OutputArtifacts=outputs,
    )


def _artifact(channel: Doc) -> Doc:
    kind = {"MediaType": channel["ContentType"]} if "ContentType" in channel else {}
    return kind | {"Value": channel["DataSource"]["S3DataSource"]["S3Uri"]}


def _parameter(value: str) -> Doc:
    """Return a number if the text is one, so that Search can compare it."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    return {"NumberValue": number} if math.isfinite(number) else {"StringValue": value[:2500]}


@operation("sagemaker", "StopTrainingJob")
async def stop_training_job(aws: Aws, request: Doc) -> Doc:
    return await stop(aws, TRAINING_JOB, request["TrainingJobName"], SecondaryStatus="Stopping")


@operation("sagemaker", "UpdateTrainingJob", stored=True)
def update_training_job(aws: Aws, request: Doc) -> Doc:
    """Store the change; the profiler and the warm pool that it configures are not emulated."""
    job = TRAINING_JOB.get(aws, request["TrainingJobName"])
    debugging.check({"ResourceConfig": job["ResourceConfig"]} | request)
    resources = job["ResourceConfig"] | request.get("ResourceConfig", {})
    return TRAINING_JOB.update(aws, request | {"ResourceConfig": resources})
