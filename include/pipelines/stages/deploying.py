"""Deploy a version that a person chose, by the serving kind of its pipeline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import chain, task
from prodml.endpoints.rollout import CONTESTS, Strategy
from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.autoscaling import AutoscalingOperator
from prodml.operators.component import ComponentAutoscalingOperator, DeployComponentOperator
from prodml.operators.deployment import DeployEndpointOperator
from prodml.operators.smoke import SmokeTestOperator
from prodml.run_notes import leave

from include.jobs.tabular.records import JSON
from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.deployment import Hold, VersionPlan
from include.pipelines.definition.catalog import find
from include.pipelines.deployment import lifetimes, pins, versions
from include.pipelines.stages.approval import approve
from include.pipelines.stages.groups import group
from include.pipelines.stages.references import called, output, task_of
from include.pipelines.stages.serving import announce_chosen

ONE_KIND = "none_failed_min_one_success"  # after the tasks of both kinds, one of which is skipped
DEPLOYMENTS = ("deploy", "deploy_component")


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


@task.branch
def choose_kind(plan: VersionPlan) -> str:
    """Return the task that deploys by the pipeline's serving kind."""
    return DEPLOYMENTS[plan["component"] is not None]


@task(trigger_rule=ONE_KIND)
def set_expiry(plan: VersionPlan, *, params: Any) -> str | None:
    """Return the time at which the endpoint will be deleted, or None."""
    return lifetimes.set_expiry(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


@task
def postpone_expiry(plan: VersionPlan, *, params: Any) -> str | None:
    """No reaper comes while the endpoint is being updated."""
    return lifetimes.postpone(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


def deploy_version() -> None:
    """Deploy the chosen version, approved and pinned; scale the endpoint and ask it once."""
    with group("choose_version", "Choose version", "A registered version, and its approval"):
        plan = called(resolve_version)()
        gate = approve(plan["model_package_arn"], "Deploy this version?", plan["scorecards"])
    place: dict[str, Any] = {"endpoint": plan["endpoint"], "component": plan["component"]}
    with group("set_safeguards", "Safeguards", "Pin, alarms, and no end of life meanwhile"):
        held = called(hold)(plan)
        watch = EndpointAlarmsOperator(
            task_id="watch", multiple_outputs=True, **place, **params.ALARMS
        )
        postponed = postpone_expiry(plan)
        chain(gate, task_of(held), watch, postponed)
    with group("deploy_version", "Deploy", "The update, and the pin's return where it fails"):
        deploy, deploy_component = _deployments(plan, output(watch)["alarms"])
        chain(postponed, choose_kind(plan), [deploy, deploy_component], undo_hold(held))
    with group("configure_endpoint", "Configure", "End of life and autoscaling"):
        autoscale = AutoscalingOperator(
            task_id="autoscale",
            endpoint=plan["endpoint"],
            serverless=plan["serverless"],
            prune=False,  # a pipeline's own policies are known to its own DAGs alone
            **params.scaling(),
        )
        scale_component = ComponentAutoscalingOperator(
            task_id="scale_component", needs=plan["needs"] or {}, **place
        )
        expiry = set_expiry(plan)
        chain([deploy, deploy_component], expiry)
        chain([expiry, deploy], autoscale)
        chain([expiry, deploy_component], scale_component)
    with group("verify_endpoint", "Verify", "One request, and the Asset for other DAGs"):
        smoke_test = SmokeTestOperator(
            task_id="smoke_test",
            payload=plan["payload"],
            content_type=JSON,
            trigger_rule=ONE_KIND,
            **place,
        )
        announced = announce_chosen.override(trigger_rule=ONE_KIND)
        results = (output(deploy), output(deploy_component))
        chain([autoscale, scale_component], smoke_test, announced(plan["pipeline"], *results))


def _deployments(
    plan: VersionPlan, alarms: list[str]
) -> tuple[DeployEndpointOperator, DeployComponentOperator]:
    """Return the tasks that deploy the plan's version by each serving kind."""
    same: dict[str, Any] = {
        "endpoint": plan["endpoint"],
        "model_package_arn": plan["model_package_arn"],
        "rollback_alarms": alarms,
        "smoke_payload": plan["payload"],
        "smoke_content_type": JSON,
        "max_active_tis_per_dag": 1,
        **params.ROLLOUT,
    }
    to_variant, to_component = DEPLOYMENTS
    return (
        DeployEndpointOperator(
            task_id=to_variant,
            data_capture_uri=plan["capture"],
            instance_type=plan["instance_type"],
            instance_count=plan["instance_count"],
            volume_gb=plan["volume_gb"],
            serverless=plan["serverless"],
            **same,
        ),
        DeployComponentOperator(
            task_id=to_component,
            component=f"{plan['component']}",
            needs=plan["needs"] or {},
            hosts=plan["hosts"],
            **same,
        ),
    )
