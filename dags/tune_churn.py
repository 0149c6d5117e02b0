"""
### Search for better hyperparameters, and deploy the best model if it beats the one in production

Trigger this DAG by hand, since a search costs many training jobs. SageMaker searches the space in
the pipeline's `search`, by a Bayesian, random or grid search; each training job is a trial. The
best one takes the same steps as the best candidate of `retrain_churn`: comparison on the holdout,
registration, approval.

A second run starts from the results of the last one (`warm_start`). Without it, a run over the same
window reuses its tuning job, unless `fresh` is set; a retry always adopts its own.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE


@dag(
    schedule=None,
    catchup=False,
    params=params.tune(PIPELINE),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["churn", "tuning"],
    default_args=PIPELINE.default_args() | params.JOBS,
)
def tune_churn() -> None:
    window, prepared = stages.prepare(PIPELINE)
    selection = stages.tune(PIPELINE, window, prepared)
    judged = stages.judge(PIPELINE, window, prepared, selection)
    stages.release(PIPELINE, judged, stages.register(PIPELINE, judged))


tune_churn()
