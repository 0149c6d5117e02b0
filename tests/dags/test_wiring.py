"""What holds for the wiring of every DAG; each DAG's own is in the test of its file."""

from __future__ import annotations

from inspect import signature
from types import SimpleNamespace
from typing import Any

from airflow.sdk import XComArg
from airflow.sdk.definitions.mappedoperator import MappedOperator


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


def test_no_task_that_waits_for_aws_holds_a_slot(dags: dict[str, Any]) -> None:
    """Else four of them keep the sweep of lost jobs away, whatever Airflow's own default is."""
    found = {
        f"{dag_id}.{task.task_id}": _deferrable(dag, task)
        for dag_id, dag in dags.items()
        for task in dag.tasks
        if _may_defer(getattr(task, "operator_class", type(task)))
    }
    assert {"retrain_churn.train", "retrain_churn.preprocess", "retrain_churn.deploy"} <= {*found}
    assert [name for name, deferrable in found.items() if not deferrable] == []


def _may_defer(operator: type) -> bool:
    return any("deferrable" in signature(base).parameters for base in operator.__mro__[:-1])


def _deferrable(dag: Any, task: Any) -> bool:
    """A mapped task takes its DAG's default arguments when it is unmapped."""
    if isinstance(task, MappedOperator):
        task = SimpleNamespace(**dag.default_args | task.partial_kwargs)
    return bool(task.deferrable)
