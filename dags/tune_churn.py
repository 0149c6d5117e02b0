"""
### Search for better hyperparameters, and put what is found into production if it is better

By hand: a search costs many training jobs. SageMaker looks where the pipeline's `search` says, by a
Bayesian or random search or over a grid, each training job a trial. The best one takes the same
path as the best candidate of `retrain_churn`: comparison on the holdout, registration, approval.

A second run begins with what the last one found (`warm_start`). Without it, a run over the same
window adopts the tuning job that has searched it, unless `fresh` is ticked; so does a retry.
"""

from __future__ import annotations

from airflow.sdk import dag

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE


@dag(
    schedule=None,
    catchup=False,
    params=params.tune(PIPELINE),
    doc_md=__doc__,
    tags=["churn", "tuning"],
    default_args=PIPELINE.default_args() | params.JOBS,
)
def tune_churn() -> None:
    window, prepared = stages.prepare(PIPELINE)
    best = stages.tune(PIPELINE, window, prepared)
    stages.release(PIPELINE, stages.judge(PIPELINE, window, prepared, best))


tune_churn()
