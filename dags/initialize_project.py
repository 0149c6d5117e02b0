"""
### Create what every pipeline needs

Creates the bucket, and each pipeline's experiment and model package group, and checks the execution
role, which only an administrator creates on AWS. Run it once; a second run changes nothing.
"""

from __future__ import annotations

from airflow.sdk import chain, dag
from prodml.notifications.runs import on_failure
from prodml.operators.project import (
    CheckRoleOperator,
    EnsureBucketOperator,
    EnsureExperimentOperator,
    EnsureModelPackageGroupOperator,
)

from include.pipelines.definition import catalog
from include.pipelines.definition.pipeline import task_defaults
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
        CheckRoleOperator(task_id="check_role", role_arn=S.role_arn),
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
