"""
### Take the endpoint down, and prove that nothing is left

Autoscaling is deregistered first, then the endpoint, its configurations and its models go. The last
look fails the run if anything of them is still there. Data, experiments and the registry stay: a
retrain brings the endpoint back. A second run finds nothing, and succeeds.
"""

from __future__ import annotations

from airflow.sdk import chain, dag
from prodml.operators.deletion import DeleteEndpointOperator

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE


@dag(
    schedule=None,
    catchup=False,
    params=params.TEAR_DOWN_ONE,
    doc_md=__doc__,
    tags=["churn", "destructive"],
    default_args=PIPELINE.default_args(),
)
def tear_down_churn() -> None:
    chain(stages.confirmed(), DeleteEndpointOperator(task_id="delete_endpoint"))


tear_down_churn()
