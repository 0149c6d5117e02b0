"""The gate between a registered version and its deployment."""

from __future__ import annotations

import logging

from airflow.sdk import task
from prodml.operators.approval import ApproveModelPackageOperator
from prodml.run_notes import leave

from include.pipelines import params
from include.pipelines.contracts import Verdict
from include.pipelines.evaluation.decision import Outcome

log = logging.getLogger(__name__)


@task.short_circuit
def accepted(verdict: Verdict) -> bool:
    """A model that did not win the comparison ends the run here, successfully."""
    log.info("%s", verdict["decision"])
    leave(verdict["decision"])
    return verdict["outcome"] == Outcome.ACCEPTED


def approve(model_package_arn: str, subject: str, scores: str) -> ApproveModelPackageOperator:
    """A person, or the form's `auto_approve`, sets the version's approval status."""
    return ApproveModelPackageOperator(
        task_id="approve",
        model_package_arn=model_package_arn,
        subject=subject,
        body=scores,
        **params.GATE,
    )
