"""Transform jobs: create, describe, list, stop."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import in_use, validation
from ..experiments.trial_components import attach_job, cluster_parameters
from ..jobs.runner import JobRunner
from ..jobs.stopping import stop
from ..models.models import (
    MODEL,
    is_direct,
    is_multi_model,
    refuse_data_source,
    serving_containers,
)
from .data_processing import check_association
from .job import Transform

TRANSFORM_JOB = Resource(
    noun="TransformJob",
    kind="transform-job",
    summaries="TransformJobSummaries",
    status="TransformJobStatus",
    taken=lambda name, arn: in_use(
        "Job names must be unique within an AWS account and region, "
        f"and a job with this name already exists ({arn})"
    ),
)
TRANSFORM_JOB.register("Describe", "List")
TOTAL_PAYLOAD = 100  # maximum of MaxConcurrentTransforms x MaxPayloadInMB


@operation("sagemaker", "CreateTransformJob")
def create_transform_job(aws: Aws, request: Doc) -> Doc:
    containers = serving_containers(aws, request["ModelName"])
    refuse_data_source(request["ModelName"], containers, "batch transform")
    if is_multi_model(containers[0]):
        raise validation(
            f"Model {request['ModelName']} has Mode MultiModel, and a transform job cannot name a "
            "model. Use a model with Mode SingleModel."
        )
    if is_direct(MODEL.get(aws, request["ModelName"])):
        raise validation(
            f"Model {request['ModelName']} has InferenceExecutionConfig Direct, and a transform "
            "job cannot name a container. Use a model with Mode Serial."
        )
    _check(request)
    doc = TRANSFORM_JOB.create(aws, request, TransformJobStatus="InProgress")
    name = request["TransformJobName"]
    source = request["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"]
    component = attach_job(
        aws,
        request.get("ExperimentConfig"),
        name,
        doc["TransformJobArn"],
        Parameters=cluster_parameters(request["TransformResources"]),
        InputArtifacts={"SageMaker.TransformInput": {"Value": source}},
    )
    aws.part(JobRunner).submit("transform-job", name, lambda job: Transform(job, component).work())
    return doc


def _check(request: Doc) -> None:
    total = request.get("MaxConcurrentTransforms", 1) * request.get("MaxPayloadInMB", 6)
    if total > TOTAL_PAYLOAD:
        raise validation(
            f"MaxConcurrentTransforms x MaxPayloadInMB is {total}, above {TOTAL_PAYLOAD}."
        )
    split = request["TransformInput"].get("SplitType", "None")
    if "BatchStrategy" in request and split == "None":
        raise validation(
            f"BatchStrategy {request['BatchStrategy']} needs a SplitType other than None."
        )
    if split not in ("None", "Line"):
        raise validation(
            f"SplitType {split} is not emulated by the embedded AWS; use Line or None."
        )
    check_association(request)


@operation("sagemaker", "StopTransformJob")
async def stop_transform_job(aws: Aws, request: Doc) -> Doc:
    return await stop(aws, TRANSFORM_JOB, request["TransformJobName"])
