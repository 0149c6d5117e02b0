"""
### Delete endpoints, and verify that nothing is left

Deletes endpoints by name, or all with a tag. For each, deregisters autoscaling, then deletes the
endpoint, its configurations and its models. The run fails if any of them still exists at the end.
Data, experiments and the registry stay, so that a retrain can create the endpoint again. A second
run has nothing to delete, and succeeds.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.definition.pipeline import task_defaults


@dag(
    schedule=None,
    catchup=False,
    params=params.TEAR_DOWN,
    on_failure_callback=on_failure(),
    is_paused_upon_creation=False,  # Studio relies on it
    doc_md=__doc__,
    tags=["cost", "destructive"],
    default_args=task_defaults(),
)
def tear_down_endpoints() -> None:
    stages.tear_down()


tear_down_endpoints()
