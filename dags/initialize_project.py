"""
### Make ready what every pipeline needs

The bucket, the execution role (checked, never made: on AWS an administrator does that), the
experiment and the model package group. Run it once, or again: what is there stays as it is.
"""

from __future__ import annotations

from airflow.sdk import chain, dag
from prodml.operators.project import (
    CheckRoleOperator,
    EnsureBucketOperator,
    EnsureExperimentOperator,
    EnsureModelPackageGroupOperator,
)

from include.pipelines.churn import NAME
from include.settings import settings

S = settings()
DEFAULTS = {"retries": 2, "aws_conn_id": S.aws_conn_id, "deployment": S.deployment}


@dag(schedule=None, catchup=False, doc_md=__doc__, tags=["setup"], default_args=DEFAULTS)
def initialize_project() -> None:
    chain(
        CheckRoleOperator(task_id="check_role", role_arn=S.role_arn),
        EnsureBucketOperator(task_id="create_bucket", bucket=S.bucket),
        [
            EnsureExperimentOperator(task_id="create_experiment", experiment=NAME),
            EnsureModelPackageGroupOperator(task_id="create_model_package_group", group=NAME),
        ],
    )


initialize_project()
