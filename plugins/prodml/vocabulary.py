"""Define the SageMaker terms that the operators use, each once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
DEFAULT_VARIANT = "AllTraffic"
TEST_TRAFFIC = "prodml-test-"  # prefix of the InferenceId of test requests
LONG_NAME = 63  # characters of the longest name of most jobs
VERSIONED = ("create", "describe")  # the verbs that a newer version of an API has anew
WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # of AutoMLJob: Auto, ML, Job
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
    name_limit: int = LONG_NAME
    version: str = ""  # of the operations that create and describe it, such as V2
    end_member: str = ""  # the member with the time of the end, where it is not as of other jobs

    @property
    def name_key(self) -> str:
        return f"{self.noun}Name"

    @property
    def status_member(self) -> str:
        return f"{self.noun}Status"

    @property
    def ended(self) -> str:
        """Return the member with the time when a job ended."""
        return self.end_member or f"{self.noun.removesuffix('Job')}EndTime"

    @property
    def create_operation(self) -> str:
        return f"Create{self.noun}{self.version}"

    @property
    def has_room(self) -> bool:
        """Return whether a name has room for the deployment."""
        return self.name_limit >= LONG_NAME

    def method(self, verb: str) -> str:
        """Return boto3's method, of the version of the API that the kind names."""
        suffix = f"_{self.version.lower()}" if self.version and verb in VERSIONED else ""
        return super().method(verb) + suffix

    def progress(self, description: Json) -> str:
        """Return the secondary status; empty without one."""
        member = f"{self.noun}SecondaryStatus"
        return str(description.get("SecondaryStatus") or description.get(member) or "")

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
    return WORDS.sub(by, noun).lower()


JOB_ENDS = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED})
JOB_RUNS = frozenset(JobStatus) - JOB_ENDS
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
AUTOML = Kind(
    "AutoMLJob",
    "jobs",
    JOB_ENDS,
    f"{_LOGS}/ProcessingJobs",
    name_limit=32,
    version="V2",
    end_member="EndTime",
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

JOBS = (TRAINING, PROCESSING, TRANSFORM, TUNING, AUTOML)
KINDS = {kind.noun: kind for kind in (*JOBS, ENDPOINT, INFERENCE_COMPONENT)}
