"""The gate between a registered version and its deployment."""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import task
from prodml.notifications.outbox import post
from prodml.notifications.version_events import Undecided
from prodml.operators.approval import ApproveModelPackageOperator
from prodml.rendered import truth
from prodml.run_notes import leave

from include.pipelines import params
from include.pipelines.contracts.evaluation import Verdict
from include.pipelines.evaluation.decision import Outcome

log = logging.getLogger(__name__)


@task.short_circuit
def accepted(verdict: Verdict, model_package_arn: str, *, params: Any) -> bool:
    """End the run here, successfully, for a model that did not win the comparison.

    One that could not be compared waits for a person, and `auto_approve` does not let it pass.
    """
    outcome, reason = verdict["outcome"], verdict["decision"]
    log.info("%s", reason)
    leave(reason)
    unasked = outcome == Outcome.NOT_COMPARABLE and truth(params["auto_approve"])
    if unasked:
        leave("It was not approved by auto_approve, since it was not compared.")
    if unasked or outcome == Outcome.NOT_SURE:
        post(Undecided(model_package_arn=model_package_arn, outcome=outcome, reason=reason))
    return not unasked and outcome in (Outcome.ACCEPTED, Outcome.NOT_COMPARABLE)


def approve(model_package_arn: str, subject: str, scores: str) -> ApproveModelPackageOperator:
    """A person, or the form's `auto_approve`, sets the version's approval status."""
    return ApproveModelPackageOperator(
        task_id="approve",
        model_package_arn=model_package_arn,
        subject=subject,
        body=scores,
        **params.GATE,
    )
