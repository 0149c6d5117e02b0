"""The words of SageMaker that these operators use, each spelled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
TEST_TRAFFIC = "prodml-test-"  # begins the InferenceId of requests that no caller sent
ENDPOINT_METRICS = "AWS/SageMaker"  # the namespace of what SageMaker measures of endpoints


def dimensions(named: Mapping[str, str]) -> list[dict[str, str]]:
    """As CloudWatch takes them."""
    return [{"Name": name, "Value": value} for name, value in named.items()]


class JobStatus(StrEnum):
    """Where a job can be."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


class EndpointStatus(StrEnum):
    """Where an endpoint can come to rest; every other status passes."""

    IN_SERVICE = "InService"
    FAILED = "Failed"
    OUT_OF_SERVICE = "OutOfService"
    ROLLBACK_FAILED = "UpdateRollbackFailed"


class Direction(StrEnum):
    """Which way a metric is better."""

    MAXIMIZE = "Maximize"
    MINIMIZE = "Minimize"


class Approval(StrEnum):
    """What may be done with a registered model."""

    APPROVED = "Approved"
    REJECTED = "Rejected"
    PENDING = "PendingManualApproval"


class DriftOutcome(StrEnum):
    """What a drift check can say; having seen no data is not the same as having seen no drift."""

    OK = "OK"
    WARN = "WARN"
    ALERT = "ALERT"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
    NO_DATA = "NO_DATA"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Resource:
    """What SageMaker's console has a page for."""

    noun: str  # "TrainingJob": the operations are CreateTrainingJob, DescribeTrainingJob, ...
    console: str  # the resource's part of the console's address

    @property
    def words(self) -> str:
        """`training job`, for messages."""
        return _split(self.noun, " ")

    def method(self, verb: str) -> str:
        """`describe` becomes boto3's describe_training_job, and `list` list_training_jobs."""
        return f"{verb}_{_split(self.noun, '_')}" + ("s" if verb == "list" else "")


@dataclass(frozen=True)
class Kind(Resource):
    """A resource that takes time: how SageMaker names it, and which statuses end the wait."""

    settled: frozenset[str]
    log_group: str
    instances: tuple[str, ...] = ()  # where the create request says which instances it wants
    name_limit: int = 63

    @property
    def name_key(self) -> str:
        return f"{self.noun}Name"

    @property
    def status_member(self) -> str:
        return f"{self.noun}Status"

    @property
    def ended(self) -> str:
        """The member that says when a job ended."""
        return f"{self.noun.removesuffix('Job')}EndTime"


def _split(noun: str, by: str) -> str:
    return "".join(f"{by}{c.lower()}" if c.isupper() else c for c in noun).lstrip(by)


JOB_ENDS = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED})
_LOGS = "/aws/sagemaker"

TRAINING = Kind(
    "TrainingJob", "jobs", JOB_ENDS, f"{_LOGS}/TrainingJobs", instances=("ResourceConfig",)
)
PROCESSING = Kind(
    "ProcessingJob",
    "processing-jobs",
    JOB_ENDS,
    f"{_LOGS}/ProcessingJobs",
    instances=("ProcessingResources", "ClusterConfig"),
)
TRANSFORM = Kind(
    "TransformJob",
    "transform-jobs",
    JOB_ENDS,
    f"{_LOGS}/TransformJobs",
    instances=("TransformResources",),
)
TUNING = Kind(
    "HyperParameterTuningJob",
    "hyper-tuning-jobs",
    JOB_ENDS,
    f"{_LOGS}/TrainingJobs",
    instances=("TrainingJobDefinition", "ResourceConfig"),
    name_limit=32,
)
ENDPOINT = Kind("Endpoint", "endpoints", frozenset(EndpointStatus), f"{_LOGS}/Endpoints")
MODEL = Resource("Model", "models")
ENDPOINT_CONFIG = Resource("EndpointConfig", "endpointConfig")

JOBS = (TRAINING, PROCESSING, TRANSFORM, TUNING)
KINDS = {kind.noun: kind for kind in (*JOBS, ENDPOINT)}
