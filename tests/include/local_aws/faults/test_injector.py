"""Injected faults, as unmodified clients see them."""

from __future__ import annotations

import json
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from include.local_aws.testing import Faults, Server, running_server
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
THROTTLED = ("ThrottlingException", "An injected fault.")


def test_before_nothing_is_done_and_the_count_runs_out(
    asked: Faults, client: Any, unique: Unique
) -> None:
    name = unique("twice")
    asked.operation("CreateExperiment", "ThrottlingException", count=2)
    for _ in range(2):
        assert refusal(client.create_experiment, ExperimentName=name) == THROTTLED
    listed = client.list_experiments()["ExperimentSummaries"]
    assert name not in [experiment["ExperimentName"] for experiment in listed]
    client.create_experiment(ExperimentName=name)
    assert [fault["hits"] for fault in asked.all()] == [2]


def test_after_the_work_is_done_and_its_answer_lost(
    asked: Faults, client: Any, unique: Unique
) -> None:
    name = unique("accepted")
    asked.operation("CreateExperiment", "InternalFailure", when="after", count=1)
    assert refusal(client.create_experiment, ExperimentName=name)[0] == "InternalFailure"
    assert client.describe_experiment(ExperimentName=name)["ExperimentName"] == name


def test_connection_may_break_after_the_work(asked: Faults, client: Any, unique: Unique) -> None:
    name = unique("broken")
    asked.operation("CreateExperiment", "ConnectionClosed", when="after", count=1)
    with pytest.raises(ConnectionClosedError):
        client.create_experiment(ExperimentName=name)
    assert client.describe_experiment(ExperimentName=name)["ExperimentName"] == name


def test_delay_alone_is_late_but_right(asked: Faults, client: Any) -> None:
    asked.operation("ListExperiments", delay_ms=300)
    began = time.monotonic()
    assert client.list_experiments(MaxResults=1)
    assert time.monotonic() - began >= 0.3


def test_probability_lets_some_through(asked: Faults, client: Any) -> None:
    asked.operation("ListModels", "ThrottlingException", probability=0.5)
    outcomes = set()
    for _ in range(60):
        try:
            client.list_models()
            outcomes.add("answered")
        except client.exceptions.ClientError:
            outcomes.add("throttled")
    assert outcomes == {"answered", "throttled"}


@pytest.mark.parametrize("when", ["before", "after"])
def test_s3_fails_with_its_own_errors(
    asked: Faults, faulty: Server, unique: Unique, when: str
) -> None:
    s3, bucket = faulty.client("s3", s3={"addressing_style": "path"}), unique("slow")
    s3.create_bucket(Bucket=bucket)
    asked.operation("PutObject", "SlowDown", when=when)
    code, _ = refusal(s3.put_object, Bucket=bucket, Key="a/b", Body=b"x" * 100_000)
    assert code == "SlowDown"
    objects = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    assert [item["Key"] for item in objects] == ({"before": [], "after": ["a/b"]}[when])


def test_query_and_runtime_requests_are_distinguished(asked: Faults, faulty: Server) -> None:
    asked.operation("GetCallerIdentity", "ThrottlingException", count=1)
    asked.operation("InvokeEndpoint", "ServiceUnavailable")
    sts = faulty.client("sts")
    assert refusal(sts.get_caller_identity)[0] == "ThrottlingException"
    assert sts.get_caller_identity()["Account"] == "000000000000"
    invoke = faulty.client("sagemaker-runtime").invoke_endpoint
    assert refusal(invoke, EndpointName="a", Body=b"1")[0] == "ServiceUnavailable"


def test_deleted_faults_are_not_injected(asked: Faults, client: Any) -> None:
    asked.operation("ListModels", "ThrottlingException")
    asked.clear()
    assert asked.all() == []
    client.list_models()


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"operation": "InventMachine", "error": "X"}, "InventMachine"),
        ({"operation": "ListModels"}, "delay_ms"),
        ({"operation": "ListModels", "error": "X", "when": "during"}, "when"),
        ({"operation": "ListModels", "error": "X", "probability": 2}, "probability"),
        ({"operation": "ListModels", "error": "X", "colour": "red"}, "colour"),
        ({"resource": "training-job", "event": "explode"}, "explode"),
        ({"resource": "toaster", "event": "fail"}, "resource"),
        ({"resource": "training-job", "event": "fail", "name": "("}, "name"),
        ({"event": "fail"}, "resource"),
        ([], "dictionary"),
    ],
)
def test_bad_fault_is_refused_with_its_member(asked: Faults, fault: Any, named: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        asked._call("POST", fault)
    assert caught.value.code == 400
    assert named in json.load(caught.value)["message"]
    assert asked.all() == []


def test_restart_ends_every_fault(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        Faults(server.url).operation("ListModels", "ThrottlingException")
    with running_server(tmp_path) as server:
        assert Faults(server.url).all() == []
