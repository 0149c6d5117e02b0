"""
### Let SageMaker Autopilot search for the model, and deploy its best candidate if it is better

Trigger this DAG by hand, since an AutoML job costs many training jobs: at most `max_candidates`, in
at most `max_seconds`. It gets the training and validation rows of `retrain_churn`, encoded by the
pipeline's own preprocessing, and searches by the score that the holdout is judged by. Its
candidates are trials of the pipeline's experiment, so the leaderboard ranks them with the
pipeline's own candidates of earlier runs. The best one takes the same steps as the best candidate
of `retrain_churn`: comparison on the holdout, registration, approval, deployment.

A second run over the same window reuses its AutoML job, unless `fresh` is set; a retry always
adopts its own. The data sets need 500 rows to train on.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE


@dag(
    schedule=None,
    catchup=False,
    params=params.automl(PIPELINE),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["churn", "automl"],
    default_args=PIPELINE.default_args() | params.JOBS,
)
def automl_churn() -> None:
    window, prepared = stages.prepare(PIPELINE)
    selection = stages.automate(PIPELINE, window, prepared)
    judged = stages.judge(PIPELINE, window, prepared, selection)
    stages.release(PIPELINE, judged, stages.register(PIPELINE, judged))


automl_churn()
