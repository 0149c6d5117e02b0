"""The DAGs whose updates of an endpoint are rolled back, and the stock weekly retraining."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG

from chaos.dags import broken_deployments
from chaos.dags.broken_deployments import deploy, train


def dag_of(task: Any) -> DAG:
    dag = task.dag
    assert isinstance(dag, DAG)
    return dag


def test_stock_retraining_deploys_after_its_job() -> None:
    assert train.downstream_task_ids == {"deploy"}
    assert deploy.upstream_task_ids == {"train"}
    assert dag_of(train).dag_id == dag_of(deploy).dag_id == "retrain_stock"
    assert (train.retries, deploy.retries) == (2, 2)


def test_stock_retraining_does_not_catch_up_on_the_weeks_before() -> None:
    assert dag_of(train).catchup is False
    assert dag_of(train).is_paused_upon_creation is False


def test_update_names_the_configuration_that_it_creates() -> None:
    created = deploy.config["EndpointConfig"]["EndpointConfigName"]
    assert deploy.config["Endpoint"]["EndpointConfigName"] == created
    assert "{{ ds_nodash }}" in created  # each week's is another
    assert deploy.config["EndpointConfig"]["ProductionVariants"] == [broken_deployments.VARIANT]
