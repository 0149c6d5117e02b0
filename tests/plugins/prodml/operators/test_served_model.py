"""The variant that a deployment serves: on instances, or without any."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.endpoints.serverless import Serverless
from prodml.exceptions import InvalidInputError
from prodml.operators.served_model import ServedModelOperator
from structlog.testing import capture_logs


def served(**arguments: Any) -> ServedModelOperator:
    return ServedModelOperator(task_id="s", endpoint="e", model_package_arn="arn", **arguments)


def test_serverless_variant_of_a_tasks_result_is_read() -> None:
    operator = served(serverless={"memory_mb": 4096})
    assert operator.as_serverless(Rollout()) == Serverless(memory_mb=4096)
    assert served().as_serverless(Rollout(Strategy.ROLLING)) is None


def test_rendered_variant_is_refused_what_a_stated_one_is() -> None:
    """Arguments of a mapping are templates until the task runs."""
    operator = served(serverless={"memory_mb": 4096}, data_capture_uri="s3://b/c")
    with pytest.raises(InvalidInputError, match="data_capture_uri: a serverless variant has none"):
        operator.as_serverless(Rollout())
    with pytest.raises(InvalidInputError, match="rollout is rolling"):
        served(serverless={"memory_mb": 4096}).as_serverless(Rollout(Strategy.ROLLING))
    with pytest.raises(InvalidInputError, match="data_capture_uri"):
        served(serverless=Serverless(), data_capture_uri="s3://b/c")


def test_instances_of_the_variant_are_those_that_autoscaling_decided() -> None:
    variants = [{"VariantName": "AllTraffic", "DesiredInstanceCount": 3}]
    operator = served(instance_count="2")
    assert operator.running({"ProductionVariants": variants}) == 3
    assert operator.running({"ProductionVariants": []}) == 2
    assert served(variant="Other").running({"ProductionVariants": variants}) == 1


def test_each_doubt_is_a_line_of_the_log() -> None:
    with capture_logs() as lines:
        served().warn(Rollout(Strategy.CANARY, alarms=["a"], wait=60).doubts(1))
    assert [line["log_level"] for line in lines] == ["warning", "warning"]
    assert "give it two" in str(lines[0])
    assert "rollout_wait is 60 s" in str(lines[1])
