"""
### Find out how many requests an instance can take

By hand, before autoscaling gets a number. Real requests go to the pipeline's endpoint, at one rate
after another, until p99 or the errors are more than allowed. 70 % of the best rate, per instance
and minute, is what the task proposes as `target_invocations`; a table and a picture show why.

The endpoint's callers share it with the test: choose the hour, or test a copy. A second run
measures again and overwrites nothing: its report lies below its own prefix.
"""

from __future__ import annotations

from airflow.sdk import dag

from include.pipelines import params, stages
from include.pipelines.definition import catalog
from include.pipelines.definition.pipeline import task_defaults


@dag(
    schedule=None,
    catchup=False,
    params=params.load_test(catalog.names()),
    doc_md=__doc__,
    tags=["scaling"],
    default_args=task_defaults() | {"retries": 0},
)
def load_test_endpoint() -> None:
    stages.measure_load()


load_test_endpoint()
