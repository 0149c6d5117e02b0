"""AutoML jobs: create in both versions of the API, describe, list, stop; their candidates."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import in_use, not_found
from ..jobs.runner import JobRunner, resumable
from . import settings
from .candidates import best, candidates
from .checks import check
from .job import AutoML
from .objectives import objective_of

KIND = "automl-job"
AUTOML_JOB = Resource(
    noun="AutoMLJob",
    kind=KIND,
    summaries="AutoMLJobSummaries",
    status="AutoMLJobStatus",
    taken=lambda name, arn: in_use(
        "AutoML job names must be unique within an AWS account and region, "
        f"and an AutoML job with this name already exists ({arn})"
    ),
    unknown=lambda name, arn: not_found(f"Could not find AutoML job {arn}."),
)
AUTOML_JOB.register("List")


@operation("sagemaker", "CreateAutoMLJobV2")
def create_second_version(aws: Aws, request: Doc) -> Doc:
    return _create(aws, request, version=2)


@operation("sagemaker", "CreateAutoMLJob")
def create_first_version(aws: Aws, request: Doc) -> Doc:
    return _create(aws, settings.second_version(request), version=1)


def _create(aws: Aws, request: Doc, version: int) -> Doc:
    check(request)
    doc = AUTOML_JOB.create(
        aws,
        request,
        AutoMLJobStatus="InProgress",
        AutoMLJobSecondaryStatus="Starting",
        Version=version,
    )
    aws.part(JobRunner).submit(KIND, request["AutoMLJobName"], lambda job: AutoML(job).work())
    return doc


@operation("sagemaker", "DescribeAutoMLJobV2")
def describe_second_version(aws: Aws, request: Doc) -> Doc:
    job = AUTOML_JOB.get(aws, request["AutoMLJobName"])
    described = _described(aws, job) | {"AutoMLProblemTypeConfigName": "Tabular"}
    if problem := job.get("ResolvedProblemType"):
        kind = {"TabularResolvedAttributes": {"ProblemType": problem}}
        described["ResolvedAttributes"] = _resolved(job) | {
            "AutoMLProblemTypeResolvedAttributes": kind
        }
    return described


@operation("sagemaker", "DescribeAutoMLJob")
def describe_first_version(aws: Aws, request: Doc) -> Doc:
    """Describe a job of the first version; AWS describes the others by the second one alone."""
    job = AUTOML_JOB.get(aws, request["AutoMLJobName"])
    if job["Version"] != 1:
        raise not_found(
            f"AutoML job {job['AutoMLJobName']} was created by CreateAutoMLJobV2. Use "
            "DescribeAutoMLJobV2."
        )
    described = _described(aws, job)
    if problem := job.get("ResolvedProblemType"):
        described["ResolvedAttributes"] = _resolved(job) | {"ProblemType": problem}
    return described


def _described(aws: Aws, job: Doc) -> Doc:
    winner = best(candidates(aws, job)) if "ResolvedProblemType" in job else None
    return job | ({"BestCandidate": winner} if winner else {})


def _resolved(job: Doc) -> Doc:
    limits = {"MaxCandidates": settings.most_candidates(job)} | settings.criteria(job)
    return {
        "AutoMLJobObjective": {"MetricName": objective_of(job)},
        "CompletionCriteria": limits,
    }


@operation("sagemaker", "ListCandidatesForAutoMLJob")
def list_candidates(aws: Aws, request: Doc) -> Doc:
    job = AUTOML_JOB.get(aws, request["AutoMLJobName"])
    listed = candidates(aws, job) if "ResolvedProblemType" in job else []
    if name := request.get("CandidateNameEquals"):
        listed = [candidate for candidate in listed if candidate["CandidateName"] == name]
    listed = paging.filtered(listed, request, "CandidateName", "CandidateStatus")
    final = "FinalAutoMLJobObjectiveMetric"
    if request.get("SortBy") == "FinalObjectiveMetricValue":
        listed = [c | {"_": c[final]["Value"]} for c in listed if final in c]
    keys = {"Status": "CandidateStatus", "FinalObjectiveMetricValue": "_"}
    ordered = paging.ordered(listed, {"SortOrder": "Ascending"} | request, keys)
    page, token = paging.page(ordered, request)
    return {"Candidates": page, "NextToken": token}


@operation("sagemaker", "StopAutoMLJob")
async def stop_job(aws: Aws, request: Doc) -> Doc:
    """Stop a job; ignore one that has ended, for which AWS documents no error."""
    name = request["AutoMLJobName"]
    if AUTOML_JOB.get(aws, name)["AutoMLJobStatus"] == "InProgress":
        members = {"AutoMLJobStatus": "Stopping", "AutoMLJobSecondaryStatus": "Stopping"}
        aws.store.update(KIND, name, **members)
        await aws.part(JobRunner).request_stop(KIND, name)
    return {}


resumable(KIND, lambda job: AutoML(job).work())
