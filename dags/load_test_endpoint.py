"""
### Measure how many requests an instance sustains

Trigger this DAG before you set a target for autoscaling. It sends real requests to the pipeline's
endpoint at rising rates, until p99 or the error rate exceeds its limit. It proposes 70 % of the
highest sustained rate, per instance and minute, as `target_invocations`; the report shows why.

Other callers of the endpoint notice the load: run it at a quiet hour, or test a copy. A second run
measures again; its report has its own prefix.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.definition import catalog
from include.pipelines.definition.pipeline import task_defaults


@dag(
    schedule=None,
    catchup=False,
    params=params.load_test(catalog.names()),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["scaling"],
    default_args=task_defaults() | {"retries": 0},
)
def load_test_endpoint() -> None:
    stages.measure_load()


load_test_endpoint()
