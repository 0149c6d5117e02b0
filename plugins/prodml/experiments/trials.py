"""Create experiments, trials and their components once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from math import isnan, nan
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.retries import get_or_create, with_retries
from prodml.exceptions import ProdmlError
from prodml.experiments.analytics import job_of
from prodml.experiments.components import record_component
from prodml.experiments.ranking import MODEL, STOPPED_BY, UNUSABLE, USABLE
from prodml.experiments.search import searched_rows
from prodml.vocabulary import Json

log = logging.getLogger(__name__)
LONGEST = 2500  # characters of a parameter


def ensure_trial(sagemaker: Any, experiment: str, trial: str) -> None:
    """Create the trial in this experiment; trial names are unique in an account."""
    if get_or_create(sagemaker.create_trial, TrialName=trial, ExperimentName=experiment):
        return
    owner = with_retries(sagemaker.describe_trial, TrialName=trial)["ExperimentName"]
    if owner != experiment:
        raise ProdmlError(
            f"Trial {trial!r} belongs to experiment {owner!r}, not to {experiment!r}. "
            "Use another trial name."
        )


def associate(sagemaker: Any, trial: str, components: list[str]) -> None:
    """Associate *components* with *trial*; a repeated call changes nothing."""
    for component in components:
        with_retries(
            sagemaker.associate_trial_component, TrialName=trial, TrialComponentName=component
        )


def component_of(sagemaker: Any, source_arn: str) -> str | None:
    """Return the component that SageMaker made for a job, or None."""
    listed = with_retries(sagemaker.list_trial_components, SourceArn=source_arn)
    names = [summary["TrialComponentName"] for summary in listed["TrialComponentSummaries"]]
    return names[0] if names else None


def adopt_job(
    sagemaker: Any,
    experiment: str,
    job: Json,
    display_name: str,
    shared: Sequence[str],
) -> None:
    """Make a trial of a training *job* that another job has started.

    :param job: A summary or a description, with TrainingJobName and TrainingJobArn.
    :param shared: Trial components that the trial shares with others.
    """
    trial = job["TrainingJobName"]
    ensure_trial(sagemaker, experiment, trial)
    component = component_of(sagemaker, job["TrainingJobArn"])
    associate(sagemaker, trial, [c for c in (component, *shared) if c])
    if component:
        with_retries(
            sagemaker.update_trial_component,
            TrialComponentName=component,
            DisplayName=display_name,
        )


def record_stop(sagemaker: Any, source_arn: str, reason: str, is_usable: bool) -> None:
    """Record in the component of a job which rule stopped it, and whether its model is usable."""
    if component := component_of(sagemaker, source_arn):
        facts = {STOPPED_BY: reason[:LONGEST], MODEL: USABLE if is_usable else UNUSABLE}
        with_retries(
            sagemaker.update_trial_component,
            TrialComponentName=component,
            Parameters={name: {"StringValue": value} for name, value in facts.items()},
        )


def measured(aws: Aws, experiment: str, metric: str, statistic: str) -> dict[str, float]:
    """Return a statistic of *metric* by job name, as far as SageMaker's search has it.

    The rows are those of ExperimentAnalytics, whose import takes seconds of CPU time.
    """
    column = f"{metric} - {statistic}"
    rows = searched_rows(aws, experiment, [metric])
    values = {job_of(row["TrialComponentName"]): float(row.get(column, nan)) for row in rows}
    known = {job: value for job, value in values.items() if not isnan(value)}
    if not known:
        log.info("SageMaker's search has no %s of experiment %s yet", metric, experiment)
    return known


def mark_selected(sagemaker: Any, trial: str, decision: Json) -> str:
    """Record the decision as a component of the winning *trial*."""
    name = f"{trial[:110]}-selection"
    record_component(sagemaker, name, "Selection", decision)
    associate(sagemaker, trial, [name])
    return name
