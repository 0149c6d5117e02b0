"""Copy a version from the registry of another account."""

from __future__ import annotations

from typing import Any

from airflow.sdk import task
from prodml.operators.copying import CopyModelPackageOperator

from include.jobs.tabular.answers import VERSION
from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.deployment import ImportPlan
from include.pipelines.deployment import imports
from include.pipelines.stages.references import called


@task
def plan_import(*, params: Any) -> ImportPlan:
    """Return the group of the copy, and the prefix of what it needs."""
    return settled(imports.plan)(params)


def import_version() -> None:
    """Copy the version that the form names; the copy waits for an approval."""
    plan = called(plan_import)()
    CopyModelPackageOperator(
        task_id="copy",
        multiple_outputs=True,
        group=plan["group"],
        output_uri=plan["output_uri"],
        version_variable=VERSION,
        **params.SOURCE,
    )
