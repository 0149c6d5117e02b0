"""The gate between a registered version and its deployment."""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import task
from prodml.operators.approval import ApproveModelPackageOperator
from prodml.rendered import truth
from prodml.run_notes import leave

from include.pipelines import params
from include.pipelines.contracts import Verdict
from include.pipelines.evaluation.decision import Outcome

log = logging.getLogger(__name__)


@task.short_circuit
def accepted(verdict: Verdict, *, params: Any) -> bool:
    """A model that did not win the comparison ends the run here, successfully.

    One that could not be compared waits for a person, and `auto_approve` does not let it pass.
    """
    log.info("%s", verdict["decision"])
    leave(verdict["decision"])
    if verdict["outcome"] != Outcome.NOT_COMPARABLE:
        return verdict["outcome"] == Outcome.ACCEPTED
    if unasked := truth(params["auto_approve"]):
        leave("It was not approved by auto_approve, since it was not compared.")
    return not unasked


def approve(model_package_arn: str, subject: str, scores: str) -> ApproveModelPackageOperator:
    """A person, or the form's `auto_approve`, sets the version's approval status."""
    return ApproveModelPackageOperator(
        task_id="approve",
        model_package_arn=model_package_arn,
        subject=subject,
        body=scores,
        **params.GATE,
    )
