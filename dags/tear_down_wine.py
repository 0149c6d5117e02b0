"""
### Delete the endpoint of wine, and verify that nothing is left

Data, experiments and the registry stay, so that a retrain can create the endpoint again.
"""

from __future__ import annotations

from airflow.sdk import chain, dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.wine import PIPELINE


@dag(
    schedule=None,
    catchup=False,
    params=params.TEAR_DOWN_ONE,
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["wine", "destructive"],
    default_args=PIPELINE.default_args(),
)
def tear_down_wine() -> None:
    chain(stages.confirmed(), stages.delete_served(PIPELINE))


tear_down_wine()
