"""
### Copy a version from the registry of another account, such as that of staging

Trigger this DAG in the Airflow of the account that the version shall be deployed in. Its model,
preprocessing, baseline, model metrics and holdout scores are copied with their digests checked;
metadata, scores and the trial that it is from are kept. Only an approved version is copied. The
copy waits for an approval in this account: deploy it by `deploy_model`.

A second run with the same version changes nothing.
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
    params=params.import_version(catalog.names()),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["deployment"],
    default_args=task_defaults(),
)
def import_model() -> None:
    stages.import_version()


import_model()
