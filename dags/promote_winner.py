"""
### End an A/B or shadow test: compare two models on one endpoint, and keep the better one

`retrain_<model>` or `deploy_model` with the rollout `ab` or `shadow` adds the new version to the
endpoint of the one in production. This DAG waits until the test has lasted `hours`, compares the
CloudWatch metrics of both, and leaves the winner alone in service, with the instances and the
autoscaling from before. An alarm on the challenger, or too many errors, ends the test at once. The
Asset of the model notifies other DAGs of a promoted challenger, as after a deployment.

Without a test the run is skipped. It is also skipped, and the test continues, with fewer than
`min_requests` for either model, or while the difference is not significant at `confidence`: trigger
it again later. The task `compare` logs the numbers so far.
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
    params=params.promote(catalog.names()),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["deployment"],
    default_args=task_defaults(),
)
def promote_winner() -> None:
    stages.end_contest()


promote_winner()
