"""Refuse AutoML jobs that AWS refuses, and members that are not emulated, by name."""

from __future__ import annotations

from ...core.store import Doc
from ...wire.errors import AwsError, validation
from . import settings
from .objectives import check_objective

CONTENT_TYPES = ("text/csv;header=present", "x-application/vnd.amazon+parquet")
FEATURES = ("FeatureSpecificationS3Uri", "SampleWeightAttributeName")


def check(job: Doc) -> None:
    """Refuse a job, in the form of :mod:`.settings`, before it is stored; raise AwsError."""
    for problem in job[settings.PROBLEM]:
        if problem != "TabularJobConfig":
            raise _not_emulated(problem, "Use TabularJobConfig")
    if not job[settings.PROBLEM]:
        raise validation(f"{settings.PROBLEM} must have one problem type: set TabularJobConfig.")
    if "AutoMLComputeConfig" in job:
        raise _not_emulated("AutoMLComputeConfig", "Remove it")
    _check_tabular(job)
    _check_channels(job["AutoMLJobInputDataConfig"])
    metric = job.get("AutoMLJobObjective", {}).get("MetricName")
    check_objective(settings.tabular(job).get("ProblemType"), metric)


def _check_tabular(job: Doc) -> None:
    config = settings.tabular(job)
    if config.get("GenerateCandidateDefinitionsOnly"):
        raise _not_emulated("GenerateCandidateDefinitionsOnly", "Set it to false")
    for member in FEATURES:
        if member in config:
            raise _not_emulated(member, "Remove it")
    for given in config.get("CandidateGenerationConfig", {}).get("AlgorithmsConfig", []):
        for name in given["AutoMLAlgorithms"]:
            if name not in settings.known_algorithms(job):
                raise _unknown(name, job)
    fraction = job.get("DataSplitConfig", {}).get(
        "ValidationFraction", settings.VALIDATION_FRACTION
    )
    if not 0 < fraction < 1:
        raise validation(f"ValidationFraction {fraction} must be more than 0 and less than 1.")


def _check_channels(channels: list[Doc]) -> None:
    kinds = [channel.get("ChannelType", "training") for channel in channels]
    if "training" not in kinds:
        raise validation("The input has no channel with ChannelType training. Add one.")
    if repeated := next((kind for kind in kinds if kinds.count(kind) > 1), None):
        raise validation(f"The input has two channels with ChannelType {repeated}. Remove one.")
    targets = {channel.get("TargetAttributeName") for channel in channels}
    if len(targets) > 1:
        raise validation("Both channels must have the same TargetAttributeName.")
    for channel in channels:
        source = channel.get("DataSource", {}).get("S3DataSource")
        if source is None:
            raise validation("A channel needs a DataSource with an S3DataSource.")
        if source["S3DataType"] == "AugmentedManifestFile":
            raise _not_emulated("S3DataType AugmentedManifestFile", "Use S3Prefix or ManifestFile")
        given = channel.get("ContentType", CONTENT_TYPES[0])
        if given.replace(" ", "") not in CONTENT_TYPES:
            raise validation(
                f"ContentType {given} is not supported for tabular data. "
                f"Use {' or '.join(CONTENT_TYPES)}."
            )


def _unknown(algorithm: str, job: Doc) -> AwsError:
    mode = "ENSEMBLING" if settings.is_ensembling(job) else "HYPERPARAMETER_TUNING"
    return validation(
        f"The algorithm {algorithm} is not supported in mode {mode}. "
        f"Use one of: {', '.join(settings.known_algorithms(job))}."
    )


def _not_emulated(what: str, remedy: str) -> AwsError:
    return validation(f"{what} is not emulated by the embedded AWS. {remedy}.")
