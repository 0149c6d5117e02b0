"""The wiring of a drift check, and the event that only a retrain emits."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from include import assets
from include.pipelines import stages
from include.pipelines.churn import PIPELINE
from include.pipelines.drift import actions
from include.pipelines.stages.drift import alert, conclude
from include.pipelines.stages.shared import OUTCOME
from tests.include.pipelines.stages.conftest import Wired


def test_checks_wait_for_the_capture_without_holding_a_slot(wired: Wired) -> None:
    tasks = wired(stages.check_drift, PIPELINE)
    assert tasks["wait_for_capture"].mode == "reschedule"
    assert tasks["wait_for_capture"].downstream_task_ids == {"resolve_traffic", "resolve_labels"}


def test_each_version_of_an_endpoint_is_a_mapped_task_that_shows_its_name(wired: Wired) -> None:
    tasks = wired(stages.check_drift, PIPELINE)
    for task_id in ("check", "measure"):
        assert tasks[task_id].is_mapped
        assert tasks[task_id].partial_kwargs["map_index_template"] == OUTCOME


@pytest.mark.parametrize(("outcome", "shown"), [("", "churn 3"), ("ALERT", "ALERT churn 3")])
def test_the_map_index_gets_the_outcome_once_there_is_one(outcome: str, shown: str) -> None:
    template = SandboxedEnvironment(undefined=StrictUndefined).from_string(OUTCOME)
    version = "arn:model-package/churn/3"
    task = SimpleNamespace(endpoint="churn", model_package_arn=version, outcome=outcome)
    assert template.render(task=task) == shown


class Events:
    """The outlet events of a task instance: what was added, by Asset."""

    def __init__(self) -> None:
        self.added: dict[Any, list[Any]] = defaultdict(list)

    def __getitem__(self, key: Any) -> SimpleNamespace:
        return SimpleNamespace(
            add=lambda asset, extra: self.added[key].append((asset.name, extra)),
        )


@pytest.mark.parametrize(("action", "events"), [("retrain", 1), ("audit", 0), ("none", 0)])
def test_only_a_retrain_emits_the_asset(
    monkeypatch: pytest.MonkeyPatch, action: str, events: int
) -> None:
    verdict: Any = {"endpoint": "churn", "outcome": "ALERT", "columns": ["age"], "why": "it moved"}
    result: Any = {"action": action, "columns": ["age"], "endpoints": [verdict]}
    monkeypatch.setattr(actions, "conclude", lambda *arguments: result)
    outlets = Events()
    assert conclude.function("churn", [verdict], [], outlet_events=outlets) == result
    added = outlets.added[assets.drift_alert("churn")]
    expected = [(assets.drift("churn").name, {"action": "retrain", "columns": ["age"]})]
    assert added == expected[:events]


def verdict(endpoint: str, outcome: str, **facts: Any) -> Any:
    alerts = outcome == "ALERT"
    columns = ["age"] if alerts else []
    quality: dict[str, Any] = {"model_quality": None, "worse_metrics": [], "others": []}
    quality |= {"joint_drift": [], "worse_estimates": []}
    result = {"endpoint": endpoint, "outcome": outcome, "alerts": alerts, "columns": columns}
    return result | quality | {"action": "audit", "why": "No newer rows."} | facts


def test_an_alert_fails_its_marker_without_a_retry_where_it_is_asked_for() -> None:
    result: Any = {"endpoints": [verdict("calm", "OK"), verdict("churn", "ALERT")]}
    with pytest.raises(
        AirflowFailException, match=r"^churn: ALERT in age\. Action: audit\. No new"
    ):
        alert.function(result, params={"fail_on_alert": True})


def test_worse_answers_alone_fail_the_marker_too() -> None:
    result = verdict("churn", "OK", alerts=True, model_quality="ALERT", worse_metrics=["auc"])
    concluded: Any = {"endpoints": [result]}
    with pytest.raises(AirflowFailException, match="OK, model quality ALERT in auc"):
        alert.function(concluded, params={"fail_on_alert": True})


@pytest.mark.parametrize(
    ("outcome", "fail_on_alert", "logged"),
    [
        ("ALERT", False, "churn: ALERT in age."),
        ("OK", True, "No window alerts."),
    ],
)
def test_the_marker_passes_and_logs_otherwise(
    caplog: pytest.LogCaptureFixture, outcome: str, fail_on_alert: bool, logged: str
) -> None:
    with caplog.at_level("INFO"):
        result: Any = {"endpoints": [verdict("churn", outcome)]}
        alert.function(result, params={"fail_on_alert": fail_on_alert})
    assert logged in caplog.text
