"""One task has one job: created, adopted, or used again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.exceptions import NoCapacityError, RequestRefusedError
from prodml.jobs.jobs import Jobs
from prodml.jobs.submission import Start
from prodml.naming import Identity, request_hash
from prodml.vocabulary import PROCESSING

from include.local_aws.testing import Server
from tests.plugins.runs import ROLE, processing_request

COMMAND = ["python3", "-c", "print(1)"]


def request(**more: Any) -> dict[str, Any]:
    asked = processing_request() | {"RoleArn": ROLE} | more
    asked["AppSpecification"] = asked["AppSpecification"] | {"ContainerEntrypoint": COMMAND}
    return asked


def start(run: str, digest: str = "d" * 64, **arguments: Any) -> Start:
    identity = Identity("airflow", "dag", run, "task")
    return Start(Jobs(Aws(), PROCESSING), identity, digest, **arguments)


def digest_of(unique: str) -> str:
    return request_hash([unique])


def tagged(mine: Start) -> dict[str, Any]:
    return request(Tags=mine.identity.tags(1, mine.digest))


def test_a_second_try_adopts_the_job_of_the_first(unique: str) -> None:
    announced: list[str] = []
    mine = start(unique, digest_of(unique), announce=announced.append)
    name = mine.job(tagged(mine))
    assert mine.job(tagged(mine)) == name
    assert announced == [name, name]
    mine.jobs.wait(name, 0.1)
    assert mine.job(tagged(mine)) == name
    gone = start(unique, digest_of(unique), usable=lambda _: False)
    assert gone.job(tagged(mine)) == f"{name}-2"  # what the first made is not there any more


def test_another_run_uses_a_completed_job_of_the_same_request(unique: str) -> None:
    mine, other = (start(f"{unique}-{run}", digest_of(unique)) for run in "ab")
    assert other.completed_before() is None
    name = mine.job(tagged(mine))
    mine.jobs.wait(name, 0.1)
    found = other.completed_before()
    assert found is not None
    assert found[0] == name
    foreign = replace(other, identity=replace(other.identity, deployment="prod"))
    assert foreign.completed_before() is None
    assert start(unique, request_hash("other")).completed_before() is None


def test_a_request_that_aws_refuses_is_refused_once(unique: str) -> None:
    mine = start(unique, digest_of(unique))
    with pytest.raises(RequestRefusedError, match="Correct the request"):
        mine.job(request(RoleArn="no-arn"))


def test_the_next_type_is_tried_where_the_first_has_no_room(unique: str, server: Server) -> None:
    mine = start(unique, digest_of(unique), instance_types=["ml.c5.xlarge"])
    fault = {"operation": "CreateProcessingJob", "error": "ResourceLimitExceeded", "count": 1}
    with server.faults(fault):
        name = mine.job(tagged(mine))
    cluster = mine.jobs.describe(name)["ProcessingResources"]["ClusterConfig"]
    assert cluster["InstanceType"] == "ml.c5.xlarge"
    alone = start(f"{unique}-alone", digest_of(unique))
    with server.faults(fault), pytest.raises(NoCapacityError, match="ask for a higher quota"):
        alone.job(tagged(alone))
