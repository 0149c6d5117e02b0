"""
### End a contest: compare two models behind one endpoint, and give the better one everything

`retrain_<model>` or `deploy_model` with the rollout `ab` or `shadow` leaves the new version beside
the one in production. This DAG waits until the contest has lasted `hours`, compares what CloudWatch
has noted of both, and leaves the winner alone in service, with the instances and the autoscaling of
before. An alarm on the challenger, or too many failed answers, ends the contest at once. A promoted
challenger is told to other DAGs by the Asset of its model, as after a deployment.

A second run finds no contest and is skipped; it makes nothing. With fewer than `min_requests` for
either of them, or while it is not sure by `confidence` which is better, the run is skipped too, and
the contest goes on: trigger it again later. `compare` says what is known so far.
"""

from __future__ import annotations

from airflow.sdk import dag

from include.pipelines import params, stages
from include.pipelines.definition import catalog
from include.pipelines.definition.pipeline import task_defaults


@dag(
    schedule=None,
    catchup=False,
    params=params.promote(catalog.names()),
    doc_md=__doc__,
    tags=["deployment"],
    default_args=task_defaults(),
)
def promote_winner() -> None:
    stages.end_contest()


promote_winner()
