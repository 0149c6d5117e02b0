"""Pipelines: create, describe, update, list, delete, and their versions."""

from __future__ import annotations

import asyncio

from botocore.exceptions import BotoCoreError, ClientError

from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import AwsError, not_found, validation
from .definition import parsed
from .state import KIND, RUNNING, STATUS, VERSION_KIND, version_name

PIPELINE = Resource(
    noun="Pipeline",
    kind="pipeline",
    summaries="PipelineSummaries",
    keeps_case=True,
    taken=lambda name, arn: validation(
        "Pipeline names must be unique within an AWS account and region. "
        f"Pipeline with name ({name}) already exists."
    ),
    unknown=lambda name, arn: not_found(f"Pipeline '{arn}' does not exist."),
)
NEWEST = "LastVersion"  # of a pipeline: the number of its newest version
TEXT, PLACE = "PipelineDefinition", "PipelineDefinitionS3Location"
OF_DEFINITION = frozenset({TEXT, PLACE})
KEYS = {"Name": "PipelineName", "CreatedTime": "CreationTime"}


@operation("sagemaker", "CreatePipeline")
async def create_pipeline(aws: Aws, request: Doc) -> Doc:
    """Create a pipeline; the same ClientRequestToken returns the one that it created."""
    name, token = request["PipelineName"], request["ClientRequestToken"]
    known = aws.store.get(PIPELINE.kind, name)
    if known and known["ClientRequestToken"] == token:
        return known
    text = await _definition(aws, request, request["RoleArn"])
    parsed(text)
    members = {key: value for key, value in request.items() if key not in OF_DEFINITION}
    members.setdefault("PipelineDisplayName", name)
    doc = PIPELINE.create(aws, members, PipelineStatus="Active", **{NEWEST: 1})
    _add_version(aws, doc, text)
    return doc


async def _definition(aws: Aws, request: Doc, role: str) -> str:
    """Return the definition that a request holds or names; raise AwsError."""
    if TEXT in request and PLACE in request:
        raise validation("Both Pipeline Definition and Pipeline Definition S3 Location are given.")
    if TEXT in request:
        return str(request[TEXT])
    if PLACE not in request:
        raise validation(
            "Either Pipeline Definition or Pipeline Definition S3 location should be provided"
        )
    return await asyncio.to_thread(_read, aws, request[PLACE], role)


def _read(aws: Aws, place: Doc, role: str) -> str:
    version = {"VersionId": place["VersionId"]} if "VersionId" in place else {}
    bucket, key = place["Bucket"], place["ObjectKey"]
    try:
        answer = aws.client("s3", role).get_object(Bucket=bucket, Key=key, **version)
        with answer["Body"] as body:
            text: str = body.read().decode()
    except (ClientError, BotoCoreError, UnicodeDecodeError) as error:
        raise validation(
            f"Unable to read the pipeline definition s3://{bucket}/{key}: {error}"
        ) from None
    return text


def _add_version(aws: Aws, pipeline: Doc, text: str) -> None:
    number = pipeline[NEWEST]
    version = {
        "PipelineName": pipeline["PipelineName"],
        "PipelineArn": pipeline["PipelineArn"],
        "PipelineVersionId": number,
        "CreationTime": aws.clock.now(),
        TEXT: text,
    }
    aws.store.insert(VERSION_KIND, version_name(pipeline["PipelineName"], number), version)


def version_of(aws: Aws, pipeline: Doc, number: int | None) -> Doc:
    """Return a version of a pipeline, by default the newest one; refuse an unknown one."""
    number = number or pipeline[NEWEST]
    version = aws.store.get(VERSION_KIND, version_name(pipeline["PipelineName"], number))
    if version is None:
        arn = pipeline["PipelineArn"]
        raise not_found(f"Version {number} of pipeline '{arn}' does not exist.")
    return version


def executions_of(aws: Aws, pipeline: Doc) -> list[Doc]:
    arn = pipeline["PipelineArn"]
    return [doc for doc in aws.store.list(KIND) if doc["PipelineArn"] == arn]


@operation("sagemaker", "DescribePipeline")
def describe_pipeline(aws: Aws, request: Doc) -> Doc:
    pipeline = PIPELINE.get(aws, request["PipelineName"])
    version = version_of(aws, pipeline, request.get("PipelineVersionId"))
    shown = ("PipelineVersionDisplayName", "PipelineVersionDescription", TEXT)
    return pipeline | {member: version[member] for member in shown if member in version}


@operation("sagemaker", "UpdatePipeline")
async def update_pipeline(aws: Aws, request: Doc) -> Doc:
    """Change a pipeline; another definition is a new version of it."""
    pipeline = PIPELINE.get(aws, request["PipelineName"])
    changes = {key: value for key, value in request.items() if key not in OF_DEFINITION}
    if OF_DEFINITION & request.keys():
        role = str(request.get("RoleArn") or pipeline["RoleArn"])
        text = await _definition(aws, request, role)
        parsed(text)
        pipeline = PIPELINE.get(aws, request["PipelineName"])
        changes[NEWEST] = pipeline[NEWEST] + 1
        _add_version(aws, pipeline | changes, text)
    changed = aws.store.update(PIPELINE.kind, pipeline["PipelineName"], **changes)
    return changed | {"PipelineVersionId": changed[NEWEST]}


@operation("sagemaker", "DeletePipeline")
def delete_pipeline(aws: Aws, request: Doc) -> Doc:
    """Delete a pipeline with its versions and executions, none of which may run."""
    pipeline = PIPELINE.get(aws, request["PipelineName"])
    executions = executions_of(aws, pipeline)
    if running := [doc for doc in executions if doc[STATUS] in RUNNING]:
        raise AwsError(
            "ConflictException",
            f"Pipeline '{pipeline['PipelineArn']}' has {len(running)} running executions. "
            "Stop them by StopPipelineExecution first.",
        )
    for execution in executions:
        aws.store.delete(KIND, execution["PipelineExecutionArn"])
    for number in range(1, pipeline[NEWEST] + 1):
        aws.store.delete(VERSION_KIND, version_name(pipeline["PipelineName"], number))
    return PIPELINE.delete(aws, request["PipelineName"])


@operation("sagemaker", "ListPipelines")
def list_pipelines(aws: Aws, request: Doc) -> Doc:
    prefix = request.get("PipelineNamePrefix", "")
    pipelines = aws.store.list(PIPELINE.kind)
    named = [doc for doc in pipelines if doc["PipelineName"].startswith(prefix)]
    kept = paging.filtered(named, request, "PipelineName", None)
    page, token = paging.listed("ListPipelines", kept, request, KEYS)
    summaries = [doc | {"LastExecutionTime": doc.get("LastRunTime")} for doc in page]
    return {PIPELINE.summaries: summaries, "NextToken": token}


@operation("sagemaker", "ListPipelineVersions")
def list_pipeline_versions(aws: Aws, request: Doc) -> Doc:
    pipeline = PIPELINE.get(aws, request["PipelineName"])
    runs = {doc["PipelineVersionId"]: doc for doc in executions_of(aws, pipeline)}
    versions = []
    for number in range(1, pipeline[NEWEST] + 1):
        last = runs.get(number, {}).get("PipelineExecutionArn")
        version = version_of(aws, pipeline, number)
        versions.append(version | {"LastExecutionPipelineExecutionArn": last})
    kept = paging.filtered(versions, request, "PipelineName", None)
    ordered = paging.ordered(kept, request, KEYS)
    page, token = paging.page(ordered, request)
    return {"PipelineVersionSummaries": page, "NextToken": token}


@operation("sagemaker", "UpdatePipelineVersion")
def update_pipeline_version(aws: Aws, request: Doc) -> Doc:
    pipeline = PIPELINE.get(aws, request["PipelineArn"])
    version = version_of(aws, pipeline, request["PipelineVersionId"])
    shown = ("PipelineVersionDisplayName", "PipelineVersionDescription")
    changes = {member: request[member] for member in shown if member in request}
    name = version_name(pipeline["PipelineName"], version["PipelineVersionId"])
    return aws.store.update(VERSION_KIND, name, **changes)
