"""
### Ask the model of wine one record

Sends a raw record to the endpoint as callers do, and returns the answer with its time and variant,
or why the model refused the record. The form has an example; Studio has a field for each column.
Drift checks leave the request out.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.wine import PIPELINE


@dag(
    schedule=None,
    catchup=False,
    params=params.ask(PIPELINE),
    on_failure_callback=on_failure(),
    is_paused_upon_creation=False,  # Studio relies on it
    doc_md=__doc__,
    tags=["wine", "ask"],
    default_args=PIPELINE.default_args() | {"retries": 0},
)
def ask_wine() -> None:
    stages.ask()


ask_wine()
