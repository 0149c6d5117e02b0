"""Hyperparameter tuning jobs: create, describe, list, stop, delete, and their training jobs."""

from __future__ import annotations

from ...containers.images import image_for
from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import in_use, validation
from ..jobs.runner import JobRunner, resumable
from . import suggestions
from .job import Tuning
from .training_jobs import (
    RUNNING,
    best,
    children,
    counters,
    definitions,
    objective_of,
    parents_of,
    summary,
)

KIND = "hyper-parameter-tuning-job"
TUNING_JOB = Resource(
    noun="HyperParameterTuningJob",
    kind=KIND,
    summaries="HyperParameterTuningJobSummaries",
    status="HyperParameterTuningJobStatus",
    keeps_case=True,
    taken=lambda name, arn: in_use(
        "Hyperparameter tuning job names must be unique within an AWS account and region, "
        f"and a hyperparameter tuning job with this name already exists ({arn})"
    ),
)


@operation("sagemaker", "CreateHyperParameterTuningJob")
def create_tuning_job(aws: Aws, request: Doc) -> Doc:
    _check(aws, request)
    doc = TUNING_JOB.create(aws, request, HyperParameterTuningJobStatus="InProgress")
    aws.part(JobRunner).submit(
        KIND, request["HyperParameterTuningJobName"], lambda job: Tuning(job).work()
    )
    return doc


@operation("sagemaker", "DescribeHyperParameterTuningJob")
def describe_tuning_job(aws: Aws, request: Doc) -> Doc:
    return _counted(aws, TUNING_JOB.get(aws, request["HyperParameterTuningJobName"]))


def _counted(aws: Aws, doc: Doc) -> Doc:
    """Return *doc* with the current counters and best jobs of its training jobs."""
    jobs = children(aws, doc["HyperParameterTuningJobName"])
    counted = doc | counters(doc, jobs)
    counted["Strategy"] = doc["HyperParameterTuningJobConfig"]["Strategy"]
    counted["ResourceLimits"] = doc["HyperParameterTuningJobConfig"]["ResourceLimits"]
    runtime = sum(job.get("TrainingTimeInSeconds", 0) for job in jobs)
    counted["ConsumedResources"] = {"RuntimeInSeconds": runtime}
    if top := best(doc, jobs):
        counted["BestTrainingJob"] = top
    if doc.get("WarmStartConfig", {}).get("WarmStartType") == "IdenticalDataAndAlgorithm":
        inherited = [job for parent in parents_of(doc) for job in children(aws, parent)]
        counted["OverallBestTrainingJob"] = best(doc, inherited + jobs)
    return counted


@operation("sagemaker", "ListHyperParameterTuningJobs")
def list_tuning_jobs(aws: Aws, request: Doc) -> Doc:
    """Return the summaries; AWS writes the ARN of one with capitals in lower case here."""
    with_defaults = {"SortBy": "Name", "SortOrder": "Ascending"} | request
    page = TUNING_JOB.list(aws, with_defaults)
    summaries = [_counted(aws, doc) for doc in page[TUNING_JOB.summaries]]
    member = "HyperParameterTuningJobArn"
    return page | {TUNING_JOB.summaries: [s | {member: s[member].lower()} for s in summaries]}


@operation("sagemaker", "ListTrainingJobsForHyperParameterTuningJob")
def list_training_jobs(aws: Aws, request: Doc) -> Doc:
    name = request["HyperParameterTuningJobName"]
    tuning_job = TUNING_JOB.get(aws, name)
    jobs = [summary(tuning_job, job) for job in children(aws, name)]
    jobs = paging.filtered(jobs, request, "TrainingJobName", "TrainingJobStatus")
    keys = {
        "Name": "TrainingJobName",
        "Status": "TrainingJobStatus",
        "FinalObjectiveMetricValue": "_",
    }
    if request.get("SortBy") == "FinalObjectiveMetricValue":
        final = "FinalHyperParameterTuningJobObjectiveMetric"
        jobs = [job | {"_": job[final]["Value"]} for job in jobs if final in job]
    ordered = paging.ordered(jobs, {"SortBy": "Name", "SortOrder": "Ascending"} | request, keys)
    page, token = paging.page(ordered, request)
    return {"TrainingJobSummaries": page, "NextToken": token}


@operation("sagemaker", "StopHyperParameterTuningJob")
async def stop_tuning_job(aws: Aws, request: Doc) -> Doc:
    """Stop a tuning job; ignore one that has ended, for which AWS documents no error."""
    name = request["HyperParameterTuningJobName"]
    job = TUNING_JOB.get(aws, name)
    if job["HyperParameterTuningJobStatus"] == "InProgress":
        aws.store.update(KIND, name, HyperParameterTuningJobStatus="Stopping")
        await aws.part(JobRunner).request_stop(KIND, name)
    return {}


@operation("sagemaker", "DeleteHyperParameterTuningJob")
def delete_tuning_job(aws: Aws, request: Doc) -> Doc:
    name = request["HyperParameterTuningJobName"]
    status = TUNING_JOB.get(aws, name)["HyperParameterTuningJobStatus"]
    if status in RUNNING:
        raise validation(f"The tuning job {name} is {status}. Stop it and wait until it has ended.")
    for child in aws.store.children("tuned", name):
        aws.store.unlink("tuned", name, child)
    return TUNING_JOB.delete(aws, name)


def _check(aws: Aws, request: Doc) -> None:
    if ("TrainingJobDefinition" in request) == ("TrainingJobDefinitions" in request):
        raise validation(
            "Give either TrainingJobDefinition or TrainingJobDefinitions, and not both."
        )
    if "Autotune" in request:
        raise validation("Autotune is not emulated by the embedded AWS: define the ranges.")
    config = request["HyperParameterTuningJobConfig"]
    _check_limits(config)
    for definition in definitions(request):
        _check_definition(request, definition)
    for parent in parents_of(request):
        status = TUNING_JOB.get(aws, parent)["HyperParameterTuningJobStatus"]
        if status in RUNNING:
            raise validation(f"Parent tuning job {parent} is {status}: wait until it has ended.")


def _check_limits(config: Doc) -> None:
    limits = config["ResourceLimits"]
    most, parallel = limits.get("MaxNumberOfTrainingJobs"), limits["MaxParallelTrainingJobs"]
    if most is not None and parallel > most:
        raise validation(
            f"MaxParallelTrainingJobs {parallel} exceeds MaxNumberOfTrainingJobs {most}."
        )
    if config["Strategy"] == "Hyperband":
        raise validation(
            "Strategy Hyperband is not emulated by the embedded AWS: use Bayesian, Random or Grid."
        )
    if "ConvergenceDetected" in config.get("TuningJobCompletionCriteria", {}):
        raise validation(
            "TuningJobCompletionCriteria.ConvergenceDetected is not emulated by the embedded AWS: "
            "use BestObjectiveNotImproving."
        )


def _check_definition(request: Doc, definition: Doc) -> None:
    config = request["HyperParameterTuningJobConfig"]
    if not (definition.get("TuningObjective") or config.get("HyperParameterTuningJobObjective")):
        raise validation("A tuning job needs an objective: set HyperParameterTuningJobObjective.")
    if not ("ResourceConfig" in definition or "HyperParameterTuningResourceConfig" in definition):
        raise validation("A training job definition needs a ResourceConfig.")
    _check_metric(request, definition)
    _check_ranges(config, definition)


def _check_metric(request: Doc, definition: Doc) -> None:
    """Refuse a metric that the built-in algorithm lacks, or that is not defined for an image."""
    specification = definition["AlgorithmSpecification"]
    if not (uri := specification.get("TrainingImage")):
        raise validation("AlgorithmSpecification needs a TrainingImage.")
    known = specification.get("MetricDefinitions") or image_for(uri).metric_definitions
    metric = objective_of(request, definition)["MetricName"]
    if metric not in {definition["Name"] for definition in known}:
        raise validation(
            f"The objective metric for the hyperparameter tuning job, [{metric}], isn't valid for "
            f"the [{uri}] algorithm. Choose a valid objective metric."
        )


def _check_ranges(config: Doc, definition: Doc) -> None:
    ranges = definition.get("HyperParameterRanges") or config.get("ParameterRanges", {})
    try:
        space = suggestions.parameters(ranges)
    except ValueError as error:
        raise validation(str(error)) from None
    if not space:
        raise validation("A tuning job needs at least one parameter range.")
    names = {parameter.name for parameter in space}
    if twice := sorted(names & set(definition.get("StaticHyperParameters", {}))):
        raise validation(f"Hyperparameters {twice} are both static and tuned: use each once.")
    if config["Strategy"] == "Grid" and not suggestions.is_grid(space):
        raise validation("Strategy Grid takes CategoricalParameterRanges only.")


resumable(KIND, lambda job: Tuning(job).work())
