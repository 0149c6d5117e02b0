"""
### Let SageMaker Autopilot search for a model of digits

Trigger this DAG by hand, since an AutoML job costs many training jobs: at most `max_candidates`, in
at most `max_seconds`. It searches on the rows of `retrain_digits`,
and needs 500 to train on. Its best candidate takes the same steps as that of a retrain.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.digits import PIPELINE


@dag(
    schedule=None,
    catchup=False,
    params=params.automl(PIPELINE),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["digits", "automl"],
    default_args=PIPELINE.default_args() | params.JOBS,
)
def automl_digits() -> None:
    window, prepared = stages.prepare(PIPELINE)
    selection = stages.automate(PIPELINE, window, prepared)
    judged = stages.judge(PIPELINE, window, prepared, selection)
    stages.release(PIPELINE, judged, stages.register(PIPELINE, judged))


automl_digits()
