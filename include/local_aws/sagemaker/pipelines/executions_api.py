"""Executions of pipelines: start, describe, list, update, stop and retry."""

from __future__ import annotations

import random
import string

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import AwsError, not_found, validation
from . import parameters, selection
from .api import PIPELINE, executions_of, version_of
from .definition import read
from .expressions import text
from .runner import PipelineRunner
from .state import KIND, STATUS, definition_text

ARN = "PipelineExecutionArn"
ID = string.ascii_lowercase + string.digits
KEYS = {"CreatedTime": "CreationTime"}
OPTIONS = ("PipelineExecutionDescription", "ParallelismConfiguration", "SelectiveExecutionConfig")
UPDATED = ("PipelineExecutionDescription", "PipelineExecutionDisplayName")


def execution_of(aws: Aws, request: Doc) -> Doc:
    """Return the execution that a request names; raise AwsError."""
    arn = request[ARN]
    execution = aws.store.get(KIND, arn)
    if execution is None:
        raise not_found(f"Pipeline execution with ARN {arn} does not exist.")
    return execution


@operation("sagemaker", "StartPipelineExecution")
def start_pipeline_execution(aws: Aws, request: Doc) -> Doc:
    """Start an execution; the same ClientRequestToken returns the one that it started."""
    pipeline = PIPELINE.get(aws, request["PipelineName"])
    token = request["ClientRequestToken"]
    earlier = executions_of(aws, pipeline)
    if known := next((doc for doc in earlier if doc["ClientRequestToken"] == token), None):
        return known
    if "MlflowExperimentName" in request:
        raise validation("MlflowExperimentName is not emulated by the embedded AWS: remove it.")
    version = version_of(aws, pipeline, request.get("PipelineVersionId"))
    definition = read(version["PipelineDefinition"])
    values = parameters.values(definition.parameters, request.get("PipelineParameters", []))
    steps = selection.initial(aws, pipeline, definition, request.get("SelectiveExecutionConfig"))
    doc = _document(aws, pipeline, request) | {
        "PipelineVersionId": version["PipelineVersionId"],
        "Parameters": values,
        "Steps": steps,
    }
    aws.store.insert(KIND, doc[ARN], doc)
    aws.store.update(PIPELINE.kind, pipeline["PipelineName"], LastRunTime=doc["CreationTime"])
    aws.part(PipelineRunner).submit(doc[ARN])
    return doc


def _document(aws: Aws, pipeline: Doc, request: Doc) -> Doc:
    now = aws.clock.now()
    identity = "".join(random.choices(ID, k=12))
    display = request.get("PipelineExecutionDisplayName", f"execution-{int(now * 1000)}")
    options = {member: request[member] for member in OPTIONS if member in request}
    parallel = pipeline.get("ParallelismConfiguration")
    return {
        ARN: f"{pipeline['PipelineArn']}/execution/{identity}",
        "PipelineArn": pipeline["PipelineArn"],
        "PipelineName": pipeline["PipelineName"],
        "RoleArn": pipeline["RoleArn"],
        "ClientRequestToken": request["ClientRequestToken"],
        "PipelineExecutionDisplayName": display,
        STATUS: "Executing",
        "CreationTime": now,
        "LastModifiedTime": now,
        "StartTime": now,
        **({"ParallelismConfiguration": parallel} if parallel else {}),
    } | options


@operation("sagemaker", "DescribePipelineExecution")
def describe_pipeline_execution(aws: Aws, request: Doc) -> Doc:
    return execution_of(aws, request)


@operation("sagemaker", "DescribePipelineDefinitionForExecution")
def describe_pipeline_definition_for_execution(aws: Aws, request: Doc) -> Doc:
    execution = execution_of(aws, request)
    return execution | {"PipelineDefinition": definition_text(aws, execution)}


@operation("sagemaker", "ListPipelineExecutions")
def list_pipeline_executions(aws: Aws, request: Doc) -> Doc:
    executions = executions_of(aws, PIPELINE.get(aws, request["PipelineName"]))
    kept = paging.filtered(executions, request, ARN, None)
    page, token = paging.listed("ListPipelineExecutions", kept, request, KEYS)
    summaries = [doc | {"PipelineExecutionFailureReason": doc.get("FailureReason")} for doc in page]
    return {"PipelineExecutionSummaries": summaries, "NextToken": token}


@operation("sagemaker", "ListPipelineExecutionSteps")
def list_pipeline_execution_steps(aws: Aws, request: Doc) -> Doc:
    """Return the steps that have started, by default the newest first."""
    if ARN not in request:
        raise validation("PipelineExecutionArn must be given.")
    states = list(execution_of(aws, request)["Steps"].values())
    by_start = {"SortOrder": "Descending"} | request | {"SortBy": "StartTime"}
    page, token = paging.page(paging.ordered(states, by_start, {}), request)
    return {"PipelineExecutionSteps": page, "NextToken": token}


@operation("sagemaker", "ListPipelineParametersForExecution")
def list_pipeline_parameters_for_execution(aws: Aws, request: Doc) -> Doc:
    values = execution_of(aws, request)["Parameters"]
    named = [{"Name": name, "Value": text(value)} for name, value in values.items()]
    page, token = paging.page(named, request)
    return {"PipelineParameters": page, "NextToken": token}


@operation("sagemaker", "UpdatePipelineExecution")
def update_pipeline_execution(aws: Aws, request: Doc) -> Doc:
    """Change names and the parallelism, which a running execution observes."""
    execution = execution_of(aws, request)
    members = (*UPDATED, "ParallelismConfiguration")
    changes = {member: request[member] for member in members if member in request}
    return aws.store.update(KIND, execution[ARN], **changes)


@operation("sagemaker", "StopPipelineExecution")
def stop_pipeline_execution(aws: Aws, request: Doc) -> Doc:
    """Stop the running steps and start no more; the execution is Stopped once they have ended."""
    execution = execution_of(aws, request)
    if execution.get("StopToken") == request["ClientRequestToken"]:
        return execution
    if execution[STATUS] != "Executing":
        raise validation(
            f"Cannot stop the pipeline execution {execution[ARN]}, which is {execution[STATUS]}. "
            "Only pipelines with 'Executing' status can be stopped."
        )
    changes = {STATUS: "Stopping", "StopToken": request["ClientRequestToken"]}
    stopped = aws.store.update(KIND, execution[ARN], **changes)
    aws.part(PipelineRunner).request_stop(execution[ARN])
    return stopped


@operation("sagemaker", "RetryPipelineExecution")
def retry_pipeline_execution(aws: Aws, request: Doc) -> Doc:
    """Run the steps again that did not succeed, and those after them."""
    execution = execution_of(aws, request)
    if execution.get("RetryToken") == request["ClientRequestToken"]:
        return execution
    if execution[STATUS] not in ("Failed", "Stopped"):
        raise AwsError(
            "ConflictException",
            f"Cannot retry the pipeline execution {execution[ARN]}, which is {execution[STATUS]}. "
            "Only pipelines with 'Failed' or 'Stopped' status can be retried.",
        )
    states = execution["Steps"]
    kept = {name: doc for name, doc in states.items() if doc["StepStatus"] == "Succeeded"}
    repeated = states.keys() - kept.keys()
    changes: Doc = {STATUS: "Executing", "FailureReason": None, "Steps": _kept(kept, repeated)}
    if parallel := request.get("ParallelismConfiguration"):
        changes["ParallelismConfiguration"] = parallel
    changes["RetryToken"] = request["ClientRequestToken"]
    retried = aws.store.update(KIND, execution[ARN], **changes)
    aws.part(PipelineRunner).submit(execution[ARN])
    return retried


def _kept(kept: dict[str, Doc], repeated: set[str]) -> dict[str, Doc]:
    """Return the states of succeeded steps, without iterations of a loop that is repeated."""
    return {
        name: doc
        for name, doc in kept.items()
        if doc.get("IterationContext", {}).get("ParentStepName") not in repeated
    }
