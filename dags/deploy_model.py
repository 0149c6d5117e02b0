"""
### Deploy any registered version of a model, and pin it

Trigger this DAG when the newest model misbehaves, or when a version waits for approval. The version
is pinned: no retrain replaces it until this DAG runs with `release_pin`. An approved version is
deployed at once; a pending one needs an approval, unless `auto_approve` is set; a rejected one is
refused.

A second run with the same version changes nothing. The Asset of the pipeline's model notifies other
DAGs of the deployment, at least once.
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
    params=params.deploy(catalog.names()),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["deployment", "on-call"],
    default_args=task_defaults(),
)
def deploy_model() -> None:
    stages.deploy_version()


deploy_model()
