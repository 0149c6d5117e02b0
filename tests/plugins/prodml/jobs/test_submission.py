"""Create one job per task, adopt it, or use what an earlier run has made."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from prodml.aws.client import Aws
from prodml.exceptions import NoCapacityError, RequestRefusedError
from prodml.jobs.jobs import Jobs
from prodml.jobs.submission import Start
from prodml.naming import Identity, job_name, request_hash
from prodml.vocabulary import PROCESSING, Json

from include.local_aws.testing import Server
from tests.plugins.runs import ROLE, SKLEARN, processing_request

CREATE = "CreateProcessingJob"
NO_QUOTA = {"operation": CREATE, "error": "ResourceLimitExceeded", "status": 400}


@pytest.fixture(scope="module")
def jobs() -> Jobs:
    return Jobs(Aws(), PROCESSING)


@pytest.fixture
def start(jobs: Jobs, unique: str) -> Start:
    identity = Identity("airflow", "pipeline", unique, "task")
    return Start(jobs, identity, request_hash(unique))


def _request(start: Start, *command: str) -> Json:
    application = {"ImageUri": SKLEARN, "ContainerEntrypoint": list(command)}
    tags = start.identity.tags(1, start.digest)
    common = {"RoleArn": ROLE, "AppSpecification": application, "Tags": tags}
    return processing_request() | common


def test_a_running_job_is_adopted_and_a_stopped_one_followed_by_the_next(
    start: Start, jobs: Jobs
) -> None:
    announced: list[str] = []
    announcing = replace(start, announce=announced.append)
    request = _request(start, "sleep", "600")
    first = announcing.job(request)
    assert first == job_name(start.identity, start.digest)
    assert announcing.job(request) == first
    jobs.stop(first, "a test")
    second = announcing.job(request)
    jobs.stop(second, "a test")
    assert second == f"{first}-2"
    assert announced == [first, first, first, second]


def test_a_completed_job_of_the_same_request_is_used_by_another_run(
    start: Start, jobs: Jobs
) -> None:
    assert start.completed_before() is None
    name = start.job(_request(start, "true"))
    assert jobs.status(jobs.wait(name, 0.1)) == "Completed"
    later = replace(start, identity=replace(start.identity, run="a later run"))
    completed = later.completed_before()
    assert completed
    assert completed[0] == name
    assert replace(later, usable=lambda _: False).completed_before() is None
    other = replace(later.identity, deployment="another Airflow")
    assert replace(later, identity=other).completed_before() is None
    assert start.job(_request(start, "true")) == name
    again = replace(start, usable=lambda _: False).job(_request(start, "true"))
    assert again == f"{name}-2"  # what the first one made is not there any more


def test_the_next_instance_type_is_asked_for_where_there_is_no_quota(
    start: Start, jobs: Jobs, server: Server
) -> None:
    wider = replace(start, instance_types=["ml.c5.xlarge"])
    with server.faults(NO_QUOTA | {"count": 1}):
        name = wider.job(_request(start, "true"))
    cluster = jobs.describe(name)["ProcessingResources"]["ClusterConfig"]
    assert cluster["InstanceType"] == "ml.c5.xlarge"


def test_no_instance_type_at_all_is_named_with_what_to_do(start: Start, server: Server) -> None:
    wider = replace(start, instance_types=["ml.c5.xlarge"])
    tried = r"no capacity of \['ml.m5.large', 'ml.c5.xlarge'\] for processing job .* Set other"
    with server.faults(NO_QUOTA), pytest.raises(NoCapacityError, match=tried):
        wider.job(_request(start, "true"))


@pytest.mark.parametrize("role", ["not the ARN of a role", "short"])
def test_a_wrong_request_is_refused_by_the_name_of_its_job(role: str, start: Start) -> None:
    """By AWS, or already by botocore."""
    name = job_name(start.identity, start.digest)
    refusal = f"AWS refused to create processing job '{name}'.* Correct the request"
    with pytest.raises(RequestRefusedError, match=re.compile(refusal, re.DOTALL)):
        start.job(_request(start, "true") | {"RoleArn": role})


@pytest.mark.parametrize(
    ("reason", "used", "last"),
    [
        ("CapacityError: no room", "ml.m5.large", False),
        ("CapacityError: no room", "ml.c5.xlarge", True),
        ("AlgorithmError: exit code 1", "ml.m5.large", True),
        ("CapacityError: no room", "ml.p3.2xlarge", True),
    ],
)
def test_only_a_lack_of_room_leads_to_the_next_type(
    reason: str, used: str, last: bool, start: Start
) -> None:
    wider = replace(start, instance_types=["ml.c5.xlarge"])
    description = {
        "ProcessingJobStatus": "Failed",
        "FailureReason": reason,
        "ProcessingResources": {"ClusterConfig": {"InstanceType": used}},
    }
    assert wider.is_last_type(description, processing_request()) is last
