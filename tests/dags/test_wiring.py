"""The wiring of every DAG; the test of each DAG has its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import signature
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import XComArg
from airflow.sdk.definitions.mappedoperator import MappedOperator
from prodml.notifications.receivers import receivers
from prodml.notifications.runs import run_failed

from include.settings import ROOT, settings


def test_a_part_of_a_result_is_pushed_by_itself(dags: dict[str, Any]) -> None:
    """`task.output["key"]` pulls the XCom of that key, which needs `multiple_outputs`."""
    pulled = {
        (dag.dag_id, source.task_id)
        for dag in dags.values()
        for task in dag.tasks
        for name in task.template_fields
        for source, key in XComArg.iter_xcom_references(getattr(task, name, None))
        if key != "return_value" and not getattr(source, "multiple_outputs", False)
    }
    assert pulled == set()


def test_every_result_that_a_task_takes_is_rendered(dags: dict[str, Any]) -> None:
    """In an attribute that is no template field, a result would stay a reference."""
    left = {
        (dag.dag_id, task.task_id, name)
        for dag in dags.values()
        for task in dag.tasks
        for name, value in vars(task).items()
        if not (name.startswith("_") or name in task.template_fields)
        and not isinstance(task, MappedOperator)
        and any(XComArg.iter_xcom_references(value))
    }
    assert left == set()


def test_every_task_works_in_the_region_that_the_images_are_of(dags: dict[str, Any]) -> None:
    """Not in that of the connection, which could be another one."""
    regions = [
        dag.default_args["region_name"] if isinstance(task, MappedOperator) else task.region_name
        for dag in dags.values()
        for task in dag.tasks
        if "region_name" in task.template_fields
    ]
    assert len(regions) > 20
    assert set(regions) == {settings().region}


def test_every_dag_notifies_of_its_failures_and_of_late_runs_where_people_are_named(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {dag.on_failure_callback for dag in dags.values()} == {None}
    assert {dag.deadline for dag in dags.values()} == {None}
    monkeypatch.setenv("PRODML_NOTIFY", "mailto:team@example.com")
    receivers.cache_clear()
    try:
        notifying = DagBag(str(ROOT / "dags")).dags.values()
    finally:
        monkeypatch.undo()
        receivers.cache_clear()
    assert len(notifying) == len(dags)
    assert {dag.on_failure_callback for dag in notifying} == {run_failed}
    late = {dag.dag_id for dag in notifying if dag.deadline}
    # A sweep of every few minutes is ended by its dagrun_timeout, and then sent as failed.
    swept = {dag.dag_id for dag in notifying if dag.dagrun_timeout}
    scheduled = {dag.dag_id for dag in notifying if dag.schedule is not None}
    assert late == scheduled - swept
    assert "retrain_churn" in late


def test_no_task_that_waits_for_aws_holds_a_slot(dags: dict[str, Any]) -> None:
    """Else four of them keep the sweep of lost jobs away, whatever Airflow's own default is."""
    deferrable_by_task = {
        f"{dag_id}.{task.task_id}": _deferrable(dag, task)
        for dag_id, dag in dags.items()
        for task in dag.tasks
        if _may_defer(getattr(task, "operator_class", type(task)))
    }
    assert {"retrain_churn.train", "retrain_churn.preprocess", "retrain_churn.deploy"} <= {
        *deferrable_by_task
    }
    assert [name for name, deferrable in deferrable_by_task.items() if not deferrable] == []


def _may_defer(operator: type) -> bool:
    return any("deferrable" in signature(base).parameters for base in operator.__mro__[:-1])


def _deferrable(dag: Any, task: Any) -> bool:
    """A mapped task takes its DAG's default arguments when it is unmapped."""
    if isinstance(task, MappedOperator):
        task = SimpleNamespace(**dag.default_args | task.partial_kwargs)
    return bool(task.deferrable)


PULLED = re.compile(r"xcom_pull\(task_ids='([^']+)'(?:, dag_id='([^']+)')?(?:, key='([^']+)')?")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def test_a_template_pulls_what_a_task_upstream_has_pushed(dags: dict[str, Any]) -> None:
    seen, wrong = set(), []
    for dag in dags.values():
        for task in dag.tasks:
            arguments = [getattr(task, name, None) for name in task.template_fields]
            given = [getattr(task, "partial_kwargs", {}), *arguments]
            before = {upstream.task_id for upstream in task.get_flat_relatives(upstream=True)}
            for text in _texts(given):
                for source, home, key in PULLED.findall(text):
                    seen.add((dag.dag_id, source))
                    pushed = source in before and home == dag.dag_id
                    whole = key in ("", "return_value")
                    if not pushed or not (whole or dag.get_task(source).multiple_outputs):
                        wrong.append(f"{dag.dag_id}.{task.task_id}: {source}, {key}")
    assert ("score_churn_batch", "resolve_partition") in seen
    assert wrong == []
