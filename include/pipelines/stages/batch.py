"""Score a file in batch, with one checked prediction per row."""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import chain, task
from prodml.exceptions import AlertError
from prodml.notifications.endpoint_events import DriftAlert
from prodml.notifications.outbox import post
from prodml.operators.drift import DriftCheckOperator
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.results import Checked, Transformed
from prodml.run_notes import leave
from prodml.vocabulary import DriftOutcome

from include.jobs.tabular.outputs import RECORDS
from include.pipelines.adapters.outcomes import settled
from include.pipelines.batch import scoring
from include.pipelines.contracts.batch import Scored, ScoringPlan
from include.pipelines.data.runs import run_type
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.stages.references import called, output, task_of
from include.pipelines.stages.shared import OUTCOME
from include.pipelines.training import requests

# The first column, the key, is not sent to the model; the output has the key and the answer.
KEY_AND_ANSWER = {"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"}
log = logging.getLogger(__name__)


@task
def resolve_partition(pipeline: str, **context: Any) -> ScoringPlan:
    """Return the partition to score, and the model that scores it."""
    return settled(scoring.plan)(find(pipeline), context)


@task
def verify_predictions(plan: ScoringPlan, transformed: Transformed, checked: Checked) -> Scored:
    """Check that each row has one prediction; return `rows_in`, `rows_out`, `output`."""
    return settled(scoring.verify)(plan, transformed, checked)


@task
def alert(plan: ScoringPlan, checked: Checked, *, params: Any, **context: Any) -> None:
    """Note the outcome of the file's check; fail on an ALERT where `fail_on_alert` asks for it."""
    outcome = scoring.outcome_of(plan, checked)
    leave(outcome)
    if checked["outcome"] == DriftOutcome.ALERT and run_type(context) != "backfill":
        columns, subject = scoring.moved(checked), f"file {plan['name']}"
        post(DriftAlert(subject=subject, columns=columns, action="reported", reason=outcome))
    if checked["outcome"] == DriftOutcome.ALERT and params["fail_on_alert"]:
        raise AlertError(outcome)
    log.info("%s", outcome)


def score(pipeline: Pipeline) -> None:
    """Score a partition's records; SageMaker takes each key off, and joins it to the answer."""
    plan = called(resolve_partition)(pipeline.name)
    prepare = ProcessingJobOperator(
        task_id="prepare_records", fresh=True, **requests.records(pipeline, plan)
    )
    records, scores = f"{plan['prefix']}/{RECORDS}/", f"{plan['prefix']}/scores/"
    transform = BatchTransformOperator(
        task_id="transform",
        containers=plan["containers"],
        fresh=True,  # a score file is what the run is for: it lies below the run's own prefix
        input_uri=records,
        output_uri=scores,
        strategy="MultiRecord",
        split_type="Line",
        config={"DataProcessing": KEY_AND_ANSWER},
        **requests.transform(pipeline),
    )
    check = DriftCheckOperator(
        task_id="check_drift",
        data_uri=records,
        answers_uri=scores,
        baseline_uri=plan["baseline"],
        predictions_uri=plan["holdout_scores"],
        calibration_uri=plan["calibration"],
        options=requests.drift_limits(pipeline),
        output_uri=f"{plan['prefix']}/drift/",
        model_package_arn=plan["model_package_arn"],
        map_index_template=OUTCOME,
        **requests.drift(pipeline),
    )
    chain(task_of(plan), prepare, transform, check)
    alert(plan, output(check))
    verify_predictions(plan, output(transform), output(check))
