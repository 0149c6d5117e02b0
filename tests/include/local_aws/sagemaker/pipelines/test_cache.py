"""The results that a step takes over from earlier executions."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.sagemaker.pipelines.cache import reused, signature
from include.local_aws.sagemaker.pipelines.kinds import KINDS
from tests.include.local_aws.sagemaker.pipelines.definitions import processing
from tests.include.local_aws.sagemaker.pipelines.executions import PIPELINE, stored

DIGEST = "d1"
CACHE = {"Enabled": True, "ExpireAfter": "PT1H"}


def succeeded(aws: Aws, identity: str, **members: Any) -> str:
    """Store an execution whose step A has succeeded now; return its ARN."""
    state = {
        "StepStatus": "Succeeded",
        "Signature": DIGEST,
        "EndTime": aws.clock.now(),
        "Metadata": {"ProcessingJob": {"Arn": identity}},
        "AttemptCount": 3,
    }
    return stored(aws, processing("A", ""), identity=identity, Steps={"A": state | members}).arn


def takes_over(aws: Aws, config: Any = CACHE, digest: str = DIGEST) -> dict[str, Any] | None:
    """Return the state of step A of a new execution; None if it has to run."""
    step = processing("A", "", CacheConfig=config)
    execution = stored(aws, step, identity=f"new-{len(aws.store.list('pipeline-execution'))}")
    is_hit = reused(execution, execution.definition.steps["A"], digest)
    return execution.step("A") if is_hit else None


def test_the_newest_result_of_the_same_arguments_is_taken_over(aws: Aws) -> None:
    succeeded(aws, "first")
    second = succeeded(aws, "second")
    assert takes_over(aws) == {
        "StepStatus": "Succeeded",
        "EndTime": aws.clock.now(),
        "CacheHitResult": {"SourcePipelineExecutionArn": second},
        "Metadata": {"ProcessingJob": {"Arn": "second"}},
    }


def test_a_result_expires(aws: Aws) -> None:
    succeeded(aws, "first")
    clock = aws.clock
    assert isinstance(clock, ManualClock)
    clock.advance(3600)
    assert takes_over(aws)
    clock.advance(1)
    assert takes_over(aws) is None
    assert takes_over(aws, {"Enabled": True}), "without ExpireAfter, it never does"


@pytest.mark.parametrize("config", [None, {"Enabled": False}, {"ExpireAfter": "PT1H"}])
def test_a_step_without_a_cache_runs(aws: Aws, config: Any) -> None:
    succeeded(aws, "first")
    assert takes_over(aws, config) is None


@pytest.mark.parametrize(
    "members",
    [
        {"StepStatus": "Failed"},
        {"Signature": "d2"},
        {"CacheHitResult": {"SourcePipelineExecutionArn": "other"}},
    ],
)
def test_another_result_is_not_taken_over(aws: Aws, members: dict[str, Any]) -> None:
    succeeded(aws, "first", **members)
    assert takes_over(aws) is None


def test_a_result_of_another_pipeline_is_not_taken_over(aws: Aws) -> None:
    arn = succeeded(aws, "first")
    aws.store.update("pipeline-execution", arn, PipelineArn=f"{PIPELINE}-2")
    assert takes_over(aws) is None


def test_the_arguments_that_aws_names_decide_in_any_order() -> None:
    kind = KINDS["Processing"]
    arguments = {"Environment": {"A": "1", "B": "2"}, "RoleArn": "r"}
    same = {"RoleArn": "other", "Environment": {"B": "2", "A": "1"}}
    assert signature(kind, arguments) == signature(kind, same)
    assert signature(kind, arguments) != signature(kind, {"Environment": {"A": "1"}})


def test_of_a_step_without_such_a_list_all_arguments_decide() -> None:
    config = KINDS["EndpointConfig"]
    for kind in (None, config):
        assert signature(kind, {"A": 1, "B": 2}) == signature(kind, {"B": 2, "A": 1})
        assert signature(kind, {"A": 1}) != signature(kind, {"A": 1, "B": 2})
