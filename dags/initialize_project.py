"""
### Create what every pipeline needs

Checks the account, and names the fix of what is wrong; then creates the bucket, and each pipeline's
experiment and model package group. Sets the bucket's lifecycle rules, by which captured traffic and
the data of runs expire; rules of others stay. Run it once, and after a change of a retention; a
second run changes nothing.
"""

from __future__ import annotations

from airflow.sdk import chain, dag
from prodml.notifications.runs import on_failure
from prodml.operators.preflight import PreflightOperator
from prodml.operators.project import (
    EnsureBucketOperator,
    EnsureExperimentOperator,
    EnsureModelPackageGroupOperator,
)
from prodml.operators.retention import EnsureRetentionOperator

from include.pipelines.data import retention
from include.pipelines.definition import catalog
from include.pipelines.definition.pipeline import task_defaults
from include.preflight import POLICIES, used_images, used_quotas
from include.settings import settings

S = settings()
NAMES = [catalog.find(name).group for name in catalog.names()]


@dag(
    schedule=None,
    catchup=False,
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["setup"],
    default_args=task_defaults(),
)
def initialize_project() -> None:
    chain(
        PreflightOperator(
            task_id="check_account",
            bucket=S.bucket,
            role_arn=S.role_arn,
            region=S.region,
            quotas=used_quotas(),
            images=used_images(S),
            policies=str(POLICIES),
            landing=S.landing,
        ),
        EnsureBucketOperator(task_id="create_bucket", bucket=S.bucket),
        EnsureRetentionOperator(
            task_id="set_retention",
            bucket=S.bucket,
            days=retention.days(S),
            kept=retention.kept(),
        ),
        [
            EnsureExperimentOperator.partial(
                task_id="create_experiment", map_index_template="{{ task.experiment }}"
            ).expand(experiment=NAMES),
            EnsureModelPackageGroupOperator.partial(
                task_id="create_model_package_group", map_index_template="{{ task.group }}"
            ).expand(group=NAMES),
        ],
    )


initialize_project()
