"""
### Take endpoints down, and prove that nothing is left

By name, or all that carry a tag. For each, autoscaling is deregistered first, then the endpoint,
its configurations and its models go. The last look fails the run if any of them is still there.
Data, experiments and the registry stay: a retrain brings the endpoint back. A second run finds
nothing, and succeeds.
"""

from __future__ import annotations

from airflow.sdk import dag

from include.pipelines import params, stages
from include.pipelines.definition.pipeline import task_defaults


@dag(
    schedule=None,
    catchup=False,
    params=params.TEAR_DOWN,
    doc_md=__doc__,
    tags=["cost", "destructive"],
    default_args=task_defaults(),
)
def tear_down_endpoints() -> None:
    stages.tear_down()


tear_down_endpoints()
