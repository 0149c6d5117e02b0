"""Processing jobs: create, describe, list, stop."""

from __future__ import annotations

from ...containers.images import image_for
from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import in_use, validation
from ..experiments.trial_components import attach_job, cluster_parameters
from ..jobs.deletion import register_deletion
from ..jobs.runner import JobRunner
from ..jobs.stopping import stop
from .job import Processing, below_processing

PROCESSING_JOB = Resource(
    noun="ProcessingJob",
    kind="processing-job",
    summaries="ProcessingJobSummaries",
    status="ProcessingJobStatus",
    taken=lambda name, arn: in_use(
        "Job names must be unique within an AWS account and region, "
        f"and a job with this name already exists ({arn})"
    ),
)
PROCESSING_JOB.register("Describe", "List")
register_deletion(PROCESSING_JOB)


@operation("sagemaker", "CreateProcessingJob")
def create_processing_job(aws: Aws, request: Doc) -> Doc:
    image_for(request["AppSpecification"]["ImageUri"])
    for given in request.get("ProcessingInputs", []):
        if "S3Input" not in given:
            raise validation(f"ProcessingInput {given['InputName']!r} needs an S3Input.")
        below_processing(given["S3Input"])
    for wanted in request.get("ProcessingOutputConfig", {}).get("Outputs", []):
        if "S3Output" in wanted:
            below_processing(wanted["S3Output"])
    doc = PROCESSING_JOB.create(aws, request, ProcessingJobStatus="InProgress")
    name = request["ProcessingJobName"]
    inputs = {
        given["InputName"]: {"Value": given["S3Input"]["S3Uri"]}
        for given in request.get("ProcessingInputs", [])
    }
    inputs["SageMaker.ImageUri"] = {"Value": request["AppSpecification"]["ImageUri"]}
    component = attach_job(
        aws,
        request.get("ExperimentConfig"),
        name,
        doc["ProcessingJobArn"],
        Parameters=cluster_parameters(request["ProcessingResources"]["ClusterConfig"]),
        InputArtifacts=inputs,
    )
    aws.part(JobRunner).submit(
        "processing-job", name, lambda job: Processing(job, component).work()
    )
    return doc


@operation("sagemaker", "StopProcessingJob")
async def stop_processing_job(aws: Aws, request: Doc) -> Doc:
    return await stop(aws, PROCESSING_JOB, request["ProcessingJobName"])
