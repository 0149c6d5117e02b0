"""Describe a job of any kind by what the pages show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from prodml.aws.tags import by_key
from prodml.jobs.billing import Rates, billed_seconds, started
from prodml.naming import Identity, deployment_stem, identity_of, is_own
from prodml.vocabulary import (
    JOB_RUNS,
    KINDS,
    PROCESSING,
    TRAINING,
    TRANSFORM,
    TUNING,
    Json,
    Kind,
)

BILLED = (TRAINING, PROCESSING, TRANSFORM)  # any other job starts jobs of these kinds


class Place(NamedTuple):
    """The deployment whose jobs are ours, and the S3 address of its pipelines' data."""

    deployment: str
    root: str

    def pipeline(self, uri: str) -> str:
        """Return the pipeline that writes to *uri*: the first folder below the root; or empty."""
        inside = uri.removeprefix(f"{self.root.rstrip('/')}/")
        return inside.partition("/")[0] if inside != uri else ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job with its owner; *limit* is the most seconds that each instance may be billed.

    *message* is why it failed, or what a processing job has written as its exit message.
    """

    kind: Kind
    name: str
    arn: str
    owner: Identity | None
    pipeline: str
    status: str
    progress: str
    message: str
    created: datetime
    started: datetime | None
    ended: datetime | None
    modified: datetime
    billed: int
    limit: int | None
    instance_type: str
    instances: int
    volume_gb: int
    spot: bool

    @property
    def running(self) -> bool:
        """Return whether the job has not ended."""
        return self.status in JOB_RUNS

    def seconds(self, now: datetime) -> int:
        """Return the seconds for which each instance is billed; of a running job, those so far."""
        if self.running and self.started:
            return max(1, round((now - self.started).total_seconds()))
        return self.billed

    def usd(self, rates: Rates, now: datetime) -> float | None:
        """Return the cost, that of a running job so far; None for a type without a price."""
        return self._usd(rates, self.seconds(now))

    def usd_at_most(self, rates: Rates) -> float | None:
        """Return the cost if the job runs until its limit; None without a limit or a price."""
        return None if self.limit is None else self._usd(rates, self.limit)

    def _usd(self, rates: Rates, seconds: int) -> float | None:
        if self.kind not in BILLED:
            return 0.0
        hourly = rates.hourly(self.instance_type, self.volume_gb)
        return None if hourly is None else hourly * self.instances * seconds / 3600


def job_of(kind: Kind, described: Json, place: Place, owner: Identity | None = None) -> Job | None:
    """Return the job that is *described* by SageMaker's search; None if it is not ours.

    :param owner: The owner of a job that has no tags.
    """
    name = described[kind.name_key]
    owner = identity_of(by_key(described.get("Tags", []))) or owner
    if not (owner.deployment == place.deployment if owner else _has_own_name(name, place)):
        return None
    resources = kind.resources(described)
    status = described[kind.status_member]
    condition = described.get("StoppingCondition", {})
    return Job(
        kind=kind,
        name=name,
        arn=described[f"{kind.noun}Arn"],
        owner=owner,
        pipeline=place.pipeline(_output(kind, described)),
        status=status,
        progress=_progress(kind, described),
        message=described.get("FailureReason") or described.get("ExitMessage") or "",
        created=described["CreationTime"].astimezone(UTC),
        started=_utc(_started(kind, described)),
        ended=_utc(described.get(kind.ended)),
        modified=_modified(kind, described).astimezone(UTC),
        billed=billed_seconds(kind, described),
        limit=condition.get("MaxRuntimeInSeconds"),
        instance_type=resources.get("InstanceType", ""),
        instances=resources.get("InstanceCount", 0),
        volume_gb=resources.get("VolumeSizeInGB", 0),
        spot=described.get("EnableManagedSpotTraining", False),
    )


def source_of(component: Json) -> tuple[Kind, Json] | None:
    """Return the kind and the description of the job of a trial component; None without one."""
    detail: Json = component.get("SourceDetail", {})
    return next(((KINDS[noun], detail[noun]) for noun in KINDS if detail.get(noun)), None)


def _progress(kind: Kind, described: Json) -> str:
    """Return how far the job is: its secondary status, or the training jobs of a tuning job."""
    if kind is not TUNING:
        return kind.progress(described)
    limits = described.get("HyperParameterTuningJobConfig", {}).get("ResourceLimits", {})
    ended = described.get("TrainingJobStatusCounters", {}).get("Completed", 0)
    return f"{ended} of {limits.get('MaxNumberOfTrainingJobs', '?')} training jobs completed"


def _started(kind: Kind, described: Json) -> datetime | None:
    """Return when the job started: one that starts others begins as it is created."""
    begin: datetime | None = described["CreationTime"]
    return started(kind, described) if kind in BILLED else begin


def _utc(moment: datetime | None) -> datetime | None:
    return moment and moment.astimezone(UTC)


def _modified(kind: Kind, described: Json) -> datetime:
    """Return when the job changed last; a transform job does not state it."""
    members = ("LastModifiedTime", kind.ended, "CreationTime")
    moments: list[datetime] = [described[name] for name in members if described.get(name)]
    return moments[0]


def _has_own_name(name: str, place: Place) -> bool:
    return name.startswith(deployment_stem(place.deployment)) and is_own(name)


def _output(kind: Kind, described: Json) -> str:
    """Return the first S3 address that a described job writes to."""
    if kind is PROCESSING:
        outputs = described.get("ProcessingOutputConfig", {}).get("Outputs", [])
        addresses = (output.get("S3Output", {}).get("S3Uri", "") for output in outputs)
        return next(filter(None, addresses), "")
    if kind is TRANSFORM:
        return str(described["TransformOutput"]["S3OutputPath"])
    trained = described
    if kind is TUNING:
        several = described.get("TrainingJobDefinitions") or [{}]
        trained = described.get("TrainingJobDefinition") or several[0]
    return str(trained.get("OutputDataConfig", {}).get("S3OutputPath", ""))
