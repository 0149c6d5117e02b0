"""Define the SageMaker terms that the operators use, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
DEFAULT_VARIANT = "AllTraffic"
TEST_TRAFFIC = "prodml-test-"  # prefix of the InferenceId of test requests
HOURS_A_MONTH = 730  # in prices of storage
ENDPOINT_METRICS = "AWS/SageMaker"  # the namespace of endpoint metrics


def dimensions(named: Mapping[str, str]) -> list[dict[str, str]]:
    """Return dimensions as CloudWatch takes them."""
    return [{"Name": name, "Value": value} for name, value in named.items()]


class JobStatus(StrEnum):
    """The statuses of a job."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


class EndpointStatus(StrEnum):
    """The final statuses of an endpoint; all others are transitional."""

    IN_SERVICE = "InService"
    FAILED = "Failed"
    OUT_OF_SERVICE = "OutOfService"
    ROLLBACK_FAILED = "UpdateRollbackFailed"


class Direction(StrEnum):
    """The direction in which a metric is better."""

    MAXIMIZE = "Maximize"
    MINIMIZE = "Minimize"


class Approval(StrEnum):
    """The approval statuses of a registered model."""

    APPROVED = "Approved"
    REJECTED = "Rejected"
    PENDING = "PendingManualApproval"


class DriftOutcome(StrEnum):
    """The outcomes of a drift check; no data, and data of another contract, are not no drift."""

    OK = "OK"
    WARN = "WARN"
    ALERT = "ALERT"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
    NO_DATA = "NO_DATA"
    NOT_COMPARABLE = "NOT_COMPARABLE"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Resource:
    """A resource with a page in SageMaker's console."""

    noun: str  # "TrainingJob": the operations are CreateTrainingJob, DescribeTrainingJob, ...
    console: str  # its part of the console's URL

    @property
    def words(self) -> str:
        """Return words for messages, such as `training job`."""
        return _split(self.noun, " ")

    def method(self, verb: str) -> str:
        """Return boto3's method, such as describe_training_job for `describe`."""
        return f"{verb}_{_split(self.noun, '_')}" + ("s" if verb == "list" else "")


@dataclass(frozen=True)
class Kind(Resource):
    """A resource to wait for: its names in SageMaker, and its final statuses."""

    settled: frozenset[str]
    log_group: str
    instances: tuple[str, ...] = ()  # the path of the instances in the create request
    name_limit: int = 63

    @property
    def name_key(self) -> str:
        return f"{self.noun}Name"

    @property
    def status_member(self) -> str:
        return f"{self.noun}Status"

    @property
    def ended(self) -> str:
        """Return the member with the time when a job ended."""
        return f"{self.noun.removesuffix('Job')}EndTime"

    def resources(self, document: Json) -> Json:
        """Return the part of a create request or a description that states the instances."""
        for member in self.instances:
            document = document.get(member, {})
        return document

    def on_instance_type(self, request: Json, instance_type: str | None) -> Json:
        """Return a create request that runs on *instance_type*; None leaves it unchanged."""
        return _with(request, self.instances, instance_type) if instance_type else request


def _with(request: Json, path: Sequence[str], instance_type: str) -> Json:
    if not path:
        return request | {"InstanceType": instance_type}
    first, *rest = path
    return request | {first: _with(request.get(first, {}), rest, instance_type)}


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
INFERENCE_COMPONENT = Kind(
    "InferenceComponent",
    "endpoints",
    frozenset({"InService", "Failed"}),
    f"{_LOGS}/InferenceComponents",
)
MODEL = Resource("Model", "models")
ENDPOINT_CONFIG = Resource("EndpointConfig", "endpointConfig")

JOBS = (TRAINING, PROCESSING, TRANSFORM, TUNING)
KINDS = {kind.noun: kind for kind in (*JOBS, ENDPOINT, INFERENCE_COMPONENT)}
