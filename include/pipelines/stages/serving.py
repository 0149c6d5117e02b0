"""Deploy a version: the one that a run has approved, or one that a person chose."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from airflow.sdk import chain, task
from prodml.endpoints.rollout import CONTESTS, Strategy
from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.autoscaling import AutoscalingOperator
from prodml.operators.deployment import DeployEndpointOperator
from prodml.operators.ledger import LedgerOperator
from prodml.operators.lineage import LineageOperator
from prodml.operators.smoke import SmokeTestOperator
from prodml.results import Deployed, Promoted
from prodml.run_notes import leave
from prodml.vocabulary import Json

from include import assets
from include.jobs.tabular.records import JSON
from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.deployment import Hold, VersionPlan
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import BINARY
from include.pipelines.deployment import lifetimes, pins, versions
from include.pipelines.evaluation import champion
from include.pipelines.stages.approval import approve
from include.pipelines.stages.groups import group
from include.pipelines.stages.judging import Gated, Judged
from include.pipelines.stages.references import called, output, task_of
from include.pipelines.training.prices import prices


@task
def unpinned(pipeline: str) -> None:
    """A pinned version stays in production, and the run ends here, successfully."""
    pins.leave_pinned(find(pipeline))


@task
def resolve_version(*, params: Any) -> VersionPlan:
    """The version to deploy; a pin that is to be released goes first."""
    pipeline = find(params["pipeline"])
    if params["release_pin"] and (version := pins.release(pipeline)) is not None:
        leave(f"Version {version} of {pipeline.name} is no longer pinned.")
    return settled(versions.plan)(params)


@task
def hold(plan: VersionPlan, *, params: Any) -> Hold | None:
    """Pin the version before it is deployed: nothing may come in between."""
    if not params["pin"]:
        return None
    contest = Strategy(params["rollout"]) in CONTESTS
    held = pins.hold(find(plan["pipeline"]), plan["version"], contest)
    if held:
        leave(f"Version {held['version']} of {held['pipeline']} is pinned.")
    return held


@task(trigger_rule="one_failed")
def undo_hold(held: Hold | None) -> None:
    """A version that did not come into service is not pinned."""
    if held:
        pins.undo(find(held["pipeline"]), held)


@task
def announce(pipeline: str, deployed: Deployed | Promoted, *, outlet_events: Any) -> Json:
    """Announce the model in service to other DAGs; one in an A/B test is not announced yet."""
    event = settled(champion.deployed_event)(deployed)
    outlet_events[assets.model(pipeline)].extra = event
    return event


@task(task_id="announce", outlets=[assets.MODEL_DEPLOYED])
def announce_chosen(pipeline: str, deployed: Deployed | Promoted, *, outlet_events: Any) -> Json:
    """The same for a pipeline that a form has chosen."""
    event = settled(champion.deployed_event)(deployed)
    outlet_events[assets.MODEL_DEPLOYED].add(assets.model(pipeline), extra=event)
    return event


@task
def set_expiry(plan: VersionPlan, *, params: Any) -> str | None:
    """Return the time at which the endpoint will be deleted, or None."""
    return lifetimes.set_expiry(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


@task
def postpone_expiry(plan: VersionPlan, *, params: Any) -> str | None:
    """No reaper comes while the endpoint is being updated."""
    return lifetimes.postpone(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


def release(pipeline: Pipeline, judged: Judged, approved: Gated) -> None:
    """Deploy an approved model, unless another version is pinned; record what the run did."""
    with group("release_model", "Release", "Deployed under alarms, scaled, and asked once"):
        watch = EndpointAlarmsOperator(task_id="watch", multiple_outputs=True, **params.ALARMS)
        deploy = DeployEndpointOperator(
            task_id="deploy",
            model_package_arn=approved.model_package_arn,
            data_capture_uri=pipeline.capture,
            order_by="window_end",
            allow_older="{{ params.allow_older }}",
            before_update=partial(pins.leave_pinned, pipeline),
            rollback_alarms=output(watch)["alarms"],
            smoke_payload=pipeline.smoke_record(),
            smoke_content_type=JSON,
            max_active_tis_per_dag=1,
            **versions.serving_instances(pipeline),
            **params.ROLLOUT,
        )
        autoscale = AutoscalingOperator(
            task_id="autoscale",
            serverless=pipeline.serverless,
            **params.scaling(*pipeline.scaling),
        )
        smoke_test = SmokeTestOperator(
            task_id="smoke_test",
            payload=pipeline.smoke_record(),
            content_type=JSON,
            **_bounds(pipeline),
        )
        chain(approved.gate, unpinned(pipeline.name), watch, deploy, autoscale, smoke_test)
    _record(pipeline, judged, deploy, smoke_test)


def _record(
    pipeline: Pipeline, judged: Judged, deploy: DeployEndpointOperator, released: SmokeTestOperator
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


def deploy_version() -> None:
    """Deploy the chosen version, approved and pinned; scale the endpoint and ask it once."""
    with group("choose_version", "Choose version", "A registered version, and its approval"):
        plan = called(resolve_version)()
        gate = approve(plan["model_package_arn"], "Deploy this version?", plan["scorecards"])
    endpoint = plan["endpoint"]
    with group("set_safeguards", "Safeguards", "Pin, alarms, and no end of life meanwhile"):
        held = called(hold)(plan)
        watch = EndpointAlarmsOperator(
            task_id="watch", multiple_outputs=True, endpoint=endpoint, **params.ALARMS
        )
        postponed = postpone_expiry(plan)
        chain(gate, task_of(held), watch, postponed)
    with group("deploy_version", "Deploy", "The update, and the pin's return where it fails"):
        deploy = DeployEndpointOperator(
            task_id="deploy",
            endpoint=endpoint,
            model_package_arn=plan["model_package_arn"],
            data_capture_uri=plan["capture"],
            rollback_alarms=output(watch)["alarms"],
            smoke_payload=plan["payload"],
            instance_type=plan["instance_type"],
            instance_count=plan["instance_count"],
            volume_gb=plan["volume_gb"],
            serverless=plan["serverless"],
            smoke_content_type=JSON,
            max_active_tis_per_dag=1,
            **params.ROLLOUT,
        )
        chain(postponed, deploy, undo_hold(held))
    with group("configure_endpoint", "Configure", "End of life and autoscaling"):
        autoscale = AutoscalingOperator(
            task_id="autoscale",
            endpoint=endpoint,
            serverless=plan["serverless"],
            prune=False,  # a pipeline's own policies are known to its own DAGs alone
            **params.scaling(),
        )
        chain(deploy, set_expiry(plan), autoscale)
    with group("verify_endpoint", "Verify", "One request, and the Asset for other DAGs"):
        smoke_test = SmokeTestOperator(
            task_id="smoke_test",
            endpoint=endpoint,
            payload=plan["payload"],
            content_type=JSON,
        )
        chain(autoscale, smoke_test, announce_chosen(plan["pipeline"], output(deploy)))
