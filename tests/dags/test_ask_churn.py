"""The DAG that sends a record of a form to the churn endpoint."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from include.pipelines.churn import PIPELINE
from tests.dags.shapes import defaults, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["ask_churn"]


def test_it_runs_by_hand_at_once_and_asks_one_time(dag: Any) -> None:
    assert wires(dag) == {"ask": set()}
    assert dag.timetable.can_be_scheduled is False
    assert dag.is_paused_upon_creation is False
    assert dag.get_task("ask").retries == 0


def test_it_asks_the_pipelines_endpoint_alone(dag: Any) -> None:
    """Airflow's permission for the DAG is one to ask this model, and no other."""
    assert dag.get_task("ask").endpoint == PIPELINE.endpoint
    assert [name for name in dag.params if name not in ("record", "variant")] == []


def test_the_form_has_an_example_and_describes_its_columns(dag: Any) -> None:
    assert defaults(dag, "record", "variant") == (json.loads(PIPELINE.smoke_record()), None)
    columns = dag.params.get_param("record").schema["properties"]
    assert list(columns) == list(PIPELINE.schema.inputs)
    assert columns["area_code"] == {"description": "a category", "examples": ["408", "415", "510"]}
    assert columns["voice_mail_plan"]["examples"] == ["no", "yes"]
    assert columns["account_length"] == {"description": "a number"}


def test_each_pipeline_with_an_endpoint_has_one(dags: dict[str, Any]) -> None:
    def of(prefix: str) -> set[str]:
        return {name.removeprefix(prefix) for name in dags if name.startswith(prefix)}

    assert of("ask_") == of("retrain_")


def test_the_record_is_sent_as_json_with_its_texts_and_numbers(dag: Any) -> None:
    record = {"state": 'a "quoted" <name>', "account_length": 1.5, "voice_mail_plan": None}
    task = copy.copy(dag.get_task("ask"))
    task.render_template_fields({"params": {"record": record, "variant": "Challenger"}})
    assert (json.loads(task.payload), task.variant) == (record, "Challenger")
