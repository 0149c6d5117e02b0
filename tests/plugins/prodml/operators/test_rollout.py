"""The order of versions, the strategy and the deadline of any deployment."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from prodml.endpoints.rollout import Strategy
from prodml.exceptions import DeploymentError, InvalidInputError
from prodml.operators import rollout as rollout_module
from prodml.operators.rollout import RolloutOperator
from prodml.triggers.job import OVERDUE
from structlog.testing import capture_logs

from include.local_aws.testing import Server
from tests.plugins.conftest import register
from tests.plugins.runs import Ti, deploying, run


def rollout(**arguments: Any) -> RolloutOperator:
    return RolloutOperator(task_id="r", endpoint="e", model_package_arn="arn", **arguments)


def test_a_newer_version_in_service_stays(
    endpoint: str, trained: dict[str, Any], sagemaker: Any, ti: Ti
) -> None:
    """A backfill, or a run that took longer than the next one, deploys nothing."""
    weeks = ("2024-01-08", "2024-01-15", "2024-01-22")
    old, now, new = (
        register(sagemaker, trained["container"], CustomerMetadataProperties={"window_end": week})
        for week in weeks
    )
    run(deploying(endpoint, now, order_by="window_end"), ti)
    with pytest.raises(AirflowSkipException, match="2024-01-15, this one 2024-01-08"):
        run(deploying(endpoint, old, order_by="window_end"), ti)
    assert run(deploying(endpoint, new, order_by="window_end"), ti)["changed"]
    assert run(deploying(endpoint, old, order_by="window_end", allow_older="True"), ti)["changed"]


def test_rendered_arguments_are_the_strategy() -> None:
    chosen = rollout(rollout="canary", rollout_step="20", rollout_wait="60").chosen_rollout()
    assert (chosen.strategy, chosen.step, chosen.wait) == (Strategy.CANARY, 20, 60)
    with pytest.raises(InvalidInputError, match="Use 1 to 50 %"):
        rollout(rollout="canary", rollout_step="80").chosen_rollout()


def test_alarm_that_already_fires_watches_no_update(
    server: Server, unique: str, connection: None
) -> None:
    """The deployment may be what ends it, and would be rolled back at once."""
    cloudwatch = server.client("cloudwatch")
    names = [f"{unique}-{state}" for state in ("OK", "ALARM")]
    for name, state in zip(names, ("OK", "ALARM"), strict=True):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="tests",
            MetricName="errors",
            Statistic="Sum",
            Period=3600,
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="ignore",
        )
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")
    with capture_logs() as lines:
        chosen = rollout(rollout="canary", rollback_alarms=names).chosen_rollout()
    assert chosen.alarms == names[:1]
    assert "cannot roll this update back" in str(lines)


def test_empty_response_to_the_test_request_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollout_module, "send", lambda *_: {"Body": io.BytesIO(b" \n")})
    with pytest.raises(DeploymentError, match="returned an empty response"):
        rollout(smoke_payload="ping").refuse_unanswered()


def test_trigger_waits_until_the_execution_timeout() -> None:
    before = datetime.now(UTC)
    limited = rollout(execution_timeout=timedelta(hours=1)).trigger("Endpoint", "e", {"a": 1})
    assert limited.until is not None
    left = datetime.fromisoformat(limited.until) - before
    assert timedelta(hours=1) <= left < timedelta(hours=1, minutes=5)
    assert rollout().trigger("Endpoint", "e", {}).until is None


def test_overdue_update_says_how_to_wait_longer() -> None:
    operator = rollout(execution_timeout=timedelta(hours=1))
    operator.refuse_overdue({"status": "InService"}, "Endpoint e")
    with pytest.raises(DeploymentError, match=r"Endpoint e is still .* raise execution_timeout"):
        operator.refuse_overdue({"status": OVERDUE}, "Endpoint e")


def test_version_without_an_order_is_not_compared() -> None:
    """No request is sent for the version, which does not exist."""
    rollout().skip_if_older("Endpoint e", ["arn of no version"])
    rollout(order_by="window_end", allow_older="True").skip_if_older("Endpoint e", ["arn"])
