"""
### Delete the endpoint, and verify that nothing is left

Deregisters autoscaling, then deletes the endpoint, its configurations and its models. The run fails
if any of them still exists at the end. Data, experiments and the registry stay, so that a retrain
can create the endpoint again. A second run has nothing to delete, and succeeds.
"""

from __future__ import annotations

from airflow.sdk import chain, dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE


@dag(
    schedule=None,
    catchup=False,
    params=params.TEAR_DOWN_ONE,
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["churn", "destructive"],
    default_args=PIPELINE.default_args(),
)
def tear_down_churn() -> None:
    chain(stages.confirmed(), stages.delete_served(PIPELINE))


tear_down_churn()
