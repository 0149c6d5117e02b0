"""Build the request of a tuning job from a search space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from prodml.aws.retries import visible
from prodml.aws.tags import visible_tags
from prodml.naming import Identity, identity_of, job_stem, owner_key
from prodml.vocabulary import Json

from include.pipelines.adapters.aws import client
from include.pipelines.definition.search_space import GRID, Search
from include.settings import settings

NAME, CONFIG = "HyperParameterTuningJobName", "HyperParameterTuningJobConfig"
MOST = 50  # tuning jobs, newest first, among which the last one of ours is sought


def request(search: Search, params: Mapping[str, Any], training: Json) -> Json:
    """Return CreateHyperParameterTuningJob around *training*, the candidate's CreateTrainingJob."""
    strategy = params["strategy"]
    limits = {"MaxParallelTrainingJobs": min(params["max_parallel"], search.jobs(params))}
    if strategy != GRID:
        limits["MaxNumberOfTrainingJobs"] = params["max_jobs"]
    definition = dict(training)
    static = definition.pop("HyperParameters").items()
    searched = search.searched(strategy)
    definition["StaticHyperParameters"] = {k: v for k, v in static if k not in searched}
    return {
        "HyperParameterTuningJobConfig": {
            "Strategy": strategy,
            "HyperParameterTuningJobObjective": objective(params),
            "ResourceLimits": limits,
            "ParameterRanges": _choices(searched) if strategy == GRID else _ranges(searched),
            "TrainingJobEarlyStoppingType": "Auto" if params["early_stopping"] else "Off",
        },
        "TrainingJobDefinition": definition,
    }


def objective(params: Mapping[str, Any]) -> Json:
    return {"Type": params["direction"], "MetricName": params["metric"]}


def _choices(grid: Mapping[str, Sequence[object]]) -> Json:
    choices = [{"Name": name, "Values": [str(v) for v in values]} for name, values in grid.items()]
    return {"CategoricalParameterRanges": choices}


def _ranges(ranges: Mapping[str, tuple[float, float]]) -> Json:
    request: Json = {"IntegerParameterRanges": [], "ContinuousParameterRanges": []}
    for name, (low, high) in ranges.items():
        whole = isinstance(low, int) and isinstance(high, int)
        kind = "IntegerParameterRanges" if whole else "ContinuousParameterRanges"
        request[kind].append({"Name": name, "MinValue": str(low), "MaxValue": str(high)})
    return request


def last_job(dag: str, run: str, wanted: Json) -> list[str]:
    """Return the newest tuning job of another run of this DAG with the same objective, if any."""
    sagemaker = client("sagemaker")
    pages = sagemaker.get_paginator("list_hyper_parameter_tuning_jobs").paginate(
        NameContains=job_stem(dag),
        SortBy="CreationTime",
        SortOrder="Descending",
        StatusEquals="Completed",
        PaginationConfig={"PageSize": 100},
    )
    names = (s[NAME] for page in pages for s in page["HyperParameterTuningJobSummaries"])
    for name in islice(filter(owner_key, names), MOST):
        # Another team's job may be named so, and a policy may deny to describe it.
        job = visible(sagemaker.describe_hyper_parameter_tuning_job, **{NAME: name})
        if job and job[CONFIG].get("HyperParameterTuningJobObjective") == wanted:
            # Not the list's ARN: ListTags refuses it where the name has capitals (boto3 #4606).
            owner = identity_of(visible_tags(sagemaker, job["HyperParameterTuningJobArn"]))
            if _is_of_another_run(owner, dag, run):
                return [name]
    return []


def _is_of_another_run(owner: Identity | None, dag: str, run: str) -> bool:
    mine = owner is not None and (owner.deployment, owner.dag) == (settings().deployment, dag)
    return mine and owner is not None and owner.run != run
