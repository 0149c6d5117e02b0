"""Deploy the version that a run has approved, and announce what serves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from airflow.sdk import chain, task
from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.autoscaling import AutoscalingOperator
from prodml.operators.component import ComponentAutoscalingOperator, DeployComponentOperator
from prodml.operators.deployment import DeployEndpointOperator
from prodml.operators.ledger import LedgerOperator
from prodml.operators.lineage import LineageOperator
from prodml.operators.smoke import SmokeTestOperator
from prodml.vocabulary import Json

from include import assets
from include.jobs.tabular.records import JSON
from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import BINARY
from include.pipelines.deployment import pins, versions
from include.pipelines.evaluation import champion
from include.pipelines.stages.groups import group
from include.pipelines.stages.judging import Gated, Judged
from include.pipelines.stages.references import output, task_of
from include.pipelines.training.prices import prices


@task
def unpinned(pipeline: str) -> None:
    """A pinned version stays in production, and the run ends here, successfully."""
    pins.leave_pinned(find(pipeline))


@task
def announce(pipeline: str, deployed: Mapping[str, object], *, outlet_events: Any) -> Json:
    """Announce the model in service to other DAGs; one in an A/B test is not announced yet."""
    event = settled(champion.deployed_event)(deployed)
    outlet_events[assets.model(pipeline)].extra = event
    return event


@task(task_id="announce", outlets=[assets.MODEL_DEPLOYED])
def announce_chosen(
    pipeline: str,
    deployed: Mapping[str, object] | None,
    hosted: Mapping[str, object] | None = None,
    *,
    outlet_events: Any,
) -> Json:
    """The same for a pipeline that a form has chosen, and the task of its serving kind."""
    event = settled(champion.deployed_event)(deployed or hosted or {})
    outlet_events[assets.MODEL_DEPLOYED].add(assets.model(pipeline), extra=event)
    return event


def release(pipeline: Pipeline, judged: Judged, approved: Gated) -> None:
    """Deploy an approved model, unless another version is pinned; record what the run did."""
    with group("release_model", "Release", "Deployed under alarms, scaled, and asked once"):
        watch = EndpointAlarmsOperator(task_id="watch", multiple_outputs=True, **params.ALARMS)
        deploy = _deployment(pipeline, approved.model_package_arn, output(watch)["alarms"])
        autoscale = _autoscaling(pipeline)
        smoke_test = SmokeTestOperator(
            task_id="smoke_test",
            payload=pipeline.smoke_record(),
            content_type=JSON,
            **_bounds(pipeline),
        )
        chain(approved.gate, unpinned(pipeline.name), watch, deploy, autoscale, smoke_test)
    _record(pipeline, judged, deploy, smoke_test)


def _deployment(
    pipeline: Pipeline, package: str, alarms: list[str]
) -> DeployEndpointOperator | DeployComponentOperator:
    """Return the task that deploys by the pipeline's serving kind, unless a version is pinned."""
    same: dict[str, Any] = {
        "task_id": "deploy",
        "model_package_arn": package,
        "order_by": "window_end",
        "allow_older": "{{ params.allow_older }}",
        "before_update": partial(pins.leave_pinned, pipeline),
        "rollback_alarms": alarms,
        "smoke_payload": pipeline.smoke_record(),
        "smoke_content_type": JSON,
        "max_active_tis_per_dag": 1,
        **params.ROLLOUT,
    }
    if pipeline.component:
        return DeployComponentOperator(
            component=pipeline.group, needs=pipeline.component, hosts=pipeline.hosts, **same
        )
    instances = versions.serving_instances(pipeline)
    return DeployEndpointOperator(data_capture_uri=pipeline.capture, **instances, **same)


def _autoscaling(pipeline: Pipeline) -> AutoscalingOperator:
    if pipeline.component:
        return ComponentAutoscalingOperator(task_id="autoscale", needs=pipeline.component)
    how = {} if pipeline.serverless else params.scaling(*pipeline.scaling)
    return AutoscalingOperator(task_id="autoscale", serverless=pipeline.serverless, **how)


def _record(
    pipeline: Pipeline,
    judged: Judged,
    deploy: DeployEndpointOperator | DeployComponentOperator,
    released: SmokeTestOperator,
) -> None:
    """Announce the deployed model; keep the lineage of the best trial and the cost of the run."""
    with group("record_run", "Record", "The Asset, the lineage and the cost of the run"):
        announced = announce.override(outlets=[assets.model(pipeline.name)])
        lineage = LineageOperator(
            task_id="lineage",
            trial=f"{judged.best['trial']}",
            output_uri=f"{judged.window['artifacts']}/lineage.csv",  # as `candidate_lineage`
        )
        ledger = LedgerOperator(
            task_id="ledger",
            output_uri=judged.window["prefix"],
            prices=prices().hourly,
            storage_price=prices().storage,
            trigger_rule="none_skipped",  # failed jobs cost too; an idle run has none
        )
        chain([task_of(judged.scored), judged.evaluate], ledger)
        chain(released, [announced(pipeline.name, output(deploy)), lineage])


def _bounds(pipeline: Pipeline) -> dict[str, Any]:
    """Return the bounds of a valid answer; a binary model answers with a probability."""
    return {"lower": 0.0, "upper": 1.0} if pipeline.problem == BINARY else {}
