"""The members of an AutoML job, as both versions of the API state them.

A job is stored as CreateAutoMLJobV2 takes it, since DescribeAutoMLJobV2 answers both versions; one
of the first version keeps its own members next to these.
"""

from __future__ import annotations

from ...core.store import Doc
from . import ensembling

PROBLEM = "AutoMLProblemTypeConfig"
MOST_CANDIDATES = 100  # of a job without MaxCandidates
VALIDATION_FRACTION = 0.2
ALGORITHMS = ("xgboost", "linear-learner", "mlp")  # of AWS's mode HYPERPARAMETER_TUNING


def second_version(request: Doc) -> Doc:
    """Return CreateAutoMLJob's *request* with the members of the second version."""
    config: Doc = request.get("AutoMLJobConfig", {})
    tabular = {
        "CandidateGenerationConfig": config.get("CandidateGenerationConfig"),
        "CompletionCriteria": config.get("CompletionCriteria"),
        "FeatureSpecificationS3Uri": config.get("CandidateGenerationConfig", {}).get(
            "FeatureSpecificationS3Uri"
        ),
        "Mode": config.get("Mode"),
        "GenerateCandidateDefinitionsOnly": request.get("GenerateCandidateDefinitionsOnly"),
        "ProblemType": request.get("ProblemType"),
        "TargetAttributeName": request["InputDataConfig"][0]["TargetAttributeName"],
        "SampleWeightAttributeName": request["InputDataConfig"][0].get("SampleWeightAttributeName"),
    }
    members = {
        "AutoMLJobInputDataConfig": request["InputDataConfig"],
        PROBLEM: {"TabularJobConfig": _given(tabular)},
        "SecurityConfig": config.get("SecurityConfig"),
        "DataSplitConfig": config.get("DataSplitConfig"),
    }
    return request | _given(members)


def _given(members: Doc) -> Doc:
    return {name: value for name, value in members.items() if value is not None}


def tabular(job: Doc) -> Doc:
    config: Doc = job[PROBLEM]["TabularJobConfig"]
    return config


def is_ensembling(job: Doc) -> bool:
    return tabular(job).get("Mode") == ensembling.MODE


def known_algorithms(job: Doc) -> tuple[str, ...]:
    """Return the algorithms that candidates of the job's mode can have."""
    return ensembling.ALGORITHMS if is_ensembling(job) else ALGORITHMS


def most_candidates(job: Doc) -> int:
    """Return the number of candidates of a job whose time is enough."""
    most: int = criteria(job).get("MaxCandidates", MOST_CANDIDATES)
    return min(most, ensembling.MOST_TRIALS) if is_ensembling(job) else most


def criteria(job: Doc) -> Doc:
    limits: Doc = tabular(job).get("CompletionCriteria", {})
    return limits


def channel(job: Doc, kind: str) -> Doc | None:
    """Return the channel of that ChannelType, `training` unless stated; None without one."""
    channels = job["AutoMLJobInputDataConfig"]
    return next((c for c in channels if c.get("ChannelType", "training") == kind), None)


def algorithms(job: Doc) -> list[str]:
    """Return the algorithms of the candidates, each once."""
    configs = tabular(job).get("CandidateGenerationConfig", {}).get("AlgorithmsConfig", [])
    given = [name for config in configs for name in config["AutoMLAlgorithms"]]
    known = known_algorithms(job)
    return [name for name in known if name in given] or list(known)


def place(job: Doc, *parts: str) -> str:
    """Return an S3 address below the job's output."""
    output = job["OutputDataConfig"]["S3OutputPath"].rstrip("/")
    return "/".join([output, job["AutoMLJobName"], *parts])
