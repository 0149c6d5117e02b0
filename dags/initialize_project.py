"""
### Create what every pipeline needs

Checks the account, and names the fix of what is wrong; then creates the bucket, and each pipeline's
experiment and model package group. Run it once; a second run changes nothing.
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

from include.pipelines.definition import catalog
from include.pipelines.definition.pipeline import task_defaults
from include.preflight import POLICIES, used_images
from include.settings import settings

S = settings()
NAMES = [catalog.find(name).endpoint for name in catalog.names()]


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
            instance_types=S.instance_types,
            images=used_images(S),
            policies=str(POLICIES),
        ),
        EnsureBucketOperator(task_id="create_bucket", bucket=S.bucket),
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
