"""Check captured traffic against the baseline, labels against predictions, and act."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.providers.standard.sensors.date_time import DateTimeSensor
from airflow.sdk import chain, task
from prodml.exceptions import AlertError
from prodml.operators.drift import DriftCheckOperator, ModelQualityOperator
from prodml.results import Checked

from include import assets
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.drift import Conclusion, DriftQuestion, QualityQuestion
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.drift import actions, checks
from include.pipelines.stages.references import called, outputs
from include.pipelines.stages.shared import OUTCOME
from include.pipelines.training import requests

log = logging.getLogger(__name__)


@task
def resolve_traffic(pipeline: str, **context: Any) -> list[DriftQuestion]:
    """Plan one check for each endpoint and version that answered in the window."""
    return settled(checks.plan)(find(pipeline), context)


@task
def resolve_labels(pipeline: str, **context: Any) -> list[QualityQuestion]:
    """Plan the quality checks of earlier traffic whose labels have arrived."""
    return settled(checks.plan_quality)(find(pipeline), context)


@task
def conclude(
    pipeline: str,
    checks: Sequence[Checked],
    qualities: Sequence[Checked],
    *,
    outlet_events: Any,
    **context: Any,
) -> Conclusion:
    """Return the outcome and the action; only `retrain` emits the Asset that starts a retrain."""
    conclusion = settled(actions.conclude)(find(pipeline), context, list(checks), list(qualities))
    for verdict in conclusion["endpoints"]:
        facts = verdict["endpoint"], verdict["outcome"], verdict["columns"], verdict["why"]
        log.info("%s %s %s: %s", *facts)
    if conclusion["action"] == "retrain":
        extra = {key: value for key, value in conclusion.items() if key != "endpoints"}
        outlet_events[assets.drift_alert(pipeline)].add(assets.drift(pipeline), extra=extra)
    return conclusion


@task
def alert(verdict: Conclusion, *, params: Any) -> None:
    """Log each alert; fail where `fail_on_alert` asks for it, so that the run turns red."""
    alerts = [actions.sentence(one) for one in verdict["endpoints"] if one["alerts"]]
    if alerts and params["fail_on_alert"]:
        raise AlertError(" ".join(alerts))
    for sentence in alerts:
        log.warning("%s", sentence)
    if not alerts:
        log.info("No window alerts.")


def check_drift(pipeline: Pipeline) -> None:
    """Check every endpoint's traffic once its capture has arrived, conclude, and mark an alert."""
    captured = DateTimeSensor(
        task_id="wait_for_capture",
        target_time="{{ capture_arrives(dag_run, params) }}",
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
    )
    traffic = resolve_traffic(pipeline.name)
    labels = resolve_labels(pipeline.name)
    check = DriftCheckOperator.partial(
        task_id="check",
        map_index_template=OUTCOME,
        options=requests.drift_limits(pipeline),
        **requests.drift(pipeline),
    ).expand_kwargs(traffic)
    measure = ModelQualityOperator.partial(
        task_id="measure",
        map_index_template=OUTCOME,
        labels_uri=pipeline.uri("ground-truth"),
        problem=pipeline.problem,
        **requests.drift(pipeline),
    ).expand_kwargs(labels)
    chain(captured, [traffic, labels])
    outlets = [assets.drift_alert(pipeline.name)]
    concluded = called(conclude.override(outlets=outlets))(
        pipeline.name, outputs(DriftCheckOperator, check), outputs(ModelQualityOperator, measure)
    )
    alert(concluded)
