"""Build the request of a tuning job from a search space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prodml.aws.tags import tags_of
from prodml.naming import identity_of
from prodml.vocabulary import Json

from include.pipelines.adapters.aws import client
from include.pipelines.definition.search_space import GRID, Search
from include.settings import settings

LOOKED_AT = 50  # tuning jobs, newest first, among which the last one of ours is sought


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
    newest = sagemaker.list_hyper_parameter_tuning_jobs(
        SortBy="CreationTime",
        SortOrder="Descending",
        StatusEquals="Completed",
        MaxResults=LOOKED_AT,
    )
    for summary in newest["HyperParameterTuningJobSummaries"]:
        arn, name = (summary[f"HyperParameterTuningJob{end}"] for end in ("Arn", "Name"))
        owner = identity_of(tags_of(sagemaker, arn))
        if not owner or (owner.deployment, owner.dag) != (settings().deployment, dag):
            continue
        config = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        asked = config["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
        if owner.run != run and asked == wanted:
            return [name]
    return []
