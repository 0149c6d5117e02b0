"""Everything that changes or tries an endpoint: release, deploy, contest, load, deletion."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from typing import Any

from airflow.sdk import chain, task
from prodml.endpoints.rollout import CONTESTS, Strategy
from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.approval import ApproveModelPackageOperator
from prodml.operators.autoscaling import AutoscalingOperator
from prodml.operators.comparison import CompareVariantsOperator
from prodml.operators.contest import FindContestOperator, PromoteWinnerOperator
from prodml.operators.deletion import DeleteEndpointOperator
from prodml.operators.deployment import DeployEndpointOperator
from prodml.operators.lineage import LineageOperator
from prodml.operators.load_testing import LoadTestOperator
from prodml.operators.smoke import SmokeTestOperator
from prodml.run_notes import leave
from prodml.vocabulary import Json

from include import assets
from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.data import runs
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import BINARY, refuse_direction
from include.pipelines.deployment import lifetimes, pins, versions
from include.pipelines.evaluation import champion
from include.pipelines.stages.shared import Wire
from include.pipelines.training import requests

log = logging.getLogger(__name__)


@task.short_circuit
def accepted(verdict: Json) -> bool:
    """A model that lost the comparison ends the run here, successfully."""
    log.info("%s", verdict["decision"])
    leave(verdict["decision"])
    return bool(verdict["approval"] != "Rejected")


@task
def unpinned(pipeline: str) -> None:
    """A pinned version stays in production, and the run ends here, successfully."""
    pins.leave_pinned(find(pipeline))


@task
def resolve_version(*, params: Any) -> Json:
    """The version to deploy; a pin that is to be released goes first."""
    pipeline = find(params["pipeline"])
    if params["release_pin"]:
        log.info("Released %s of %s", pins.release(pipeline), pipeline.name)
    return settled(versions.plan)(params)


@task
def endpoint_of(*, params: Any) -> str:
    """The endpoint of the form's pipeline, once its metric and direction agree."""
    settled(refuse_direction)(params["metric"], params["direction"])
    return find(params["pipeline"]).endpoint


@task
def plan_load(**context: Any) -> Json:
    """The endpoint of the form's pipeline, a request for it, and where the report goes."""
    pipeline = find(context["params"]["pipeline"])
    prefix = runs.run_prefix(context, pipeline.name)
    return {
        "endpoint": pipeline.endpoint,
        "payload": pipeline.smoke_row(),
        "output_uri": f"{prefix}/load_test",
    }


@task
def hold(plan: Json, *, params: Any) -> Json | None:
    """Pin the version before it is deployed: nothing may come in between."""
    if not params["pin"]:
        return None
    contest = Strategy(params["rollout"]) in CONTESTS
    return pins.hold(find(plan["pipeline"]), plan["version"], contest)


@task(trigger_rule="one_failed")
def undo_hold(held: Json | None) -> None:
    """A version that did not come into service is not pinned."""
    if held:
        pins.undo(find(held["pipeline"]), held)


@task
def announce(pipeline: str, deployed: Json, *, outlet_events: Any) -> Json:
    """Tell other DAGs which model serves now; one that still has to win a contest does not."""
    event = settled(champion.deployed_event)(deployed)
    outlet_events[assets.model(pipeline)].extra = event
    return event


@task(task_id="announce", outlets=[assets.MODEL_DEPLOYED])
def announce_chosen(pipeline: str, deployed: Json, *, outlet_events: Any) -> Json:
    """The same for a pipeline that a form has chosen."""
    event = settled(champion.deployed_event)(deployed)
    outlet_events[assets.MODEL_DEPLOYED].add(assets.model(pipeline), extra=event)
    return event


@task
def set_expiry(plan: Json, *, params: Any) -> str | None:
    """When the reaper takes the endpoint down, if ever."""
    return lifetimes.set_expiry(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


@task
def postpone_expiry(plan: Json, *, params: Any) -> str | None:
    """No reaper comes while the endpoint is being updated."""
    return lifetimes.postpone(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


@task
def confirmed(*, params: Any) -> None:
    """Nothing is deleted by a stray click."""
    settled(lifetimes.confirm)(params)


@task
def chosen_endpoints(*, params: Any) -> list[str]:
    """Which endpoints to take down; nothing is deleted by a stray click."""
    return settled(lifetimes.chosen)(params)


@task
def expired_endpoints() -> list[str]:
    """Which endpoints have outlived their time."""
    return settled(lifetimes.expired)(datetime.now(UTC))


def release(pipeline: Pipeline, verdict: Wire, registered: Wire) -> None:
    """An accepted and approved model goes into production unless another one is pinned there."""
    arn = registered["model_package_arn"]
    gate = approve(arn, f"Deploy the new {pipeline.name} model?", verdict)
    chain(registered, accepted(verdict), gate)
    watch = EndpointAlarmsOperator(task_id="watch", multiple_outputs=True, **params.ALARMS)
    deploy = DeployEndpointOperator(
        task_id="deploy",
        model_package_arn=arn,
        data_capture_uri=pipeline.uri("capture"),
        order_by="window_end",
        allow_older="{{ params.allow_older }}",
        before_update=partial(pins.leave_pinned, pipeline),
        rollback_alarms=watch.output["alarms"],
        smoke_payload=pipeline.smoke_row(),
        max_active_tis_per_dag=1,
        **params.ROLLOUT,
    )
    autoscale = AutoscalingOperator(task_id="autoscale", **params.scaling(*pipeline.scaling))
    smoke_test = SmokeTestOperator(
        task_id="smoke_test",
        payload=pipeline.smoke_row(),
        **({"lower": 0.0, "upper": 1.0} if pipeline.problem == BINARY else {}),
    )
    told = announce.override(outlets=[assets.model(pipeline.name)])
    announced = told(pipeline.name, deploy.output)
    lineage = LineageOperator(
        task_id="lineage",
        trial=requests.BEST_TRIAL,
        output_uri=f"{requests.PREFIX}/lineage.csv",
    )
    chain(gate, unpinned(pipeline.name), watch, deploy, autoscale, smoke_test)
    chain(smoke_test, [announced, lineage])


def approve(model_package_arn: Wire, subject: str, verdict: Wire) -> ApproveModelPackageOperator:
    """Somebody, or the form's `auto_approve`, sets the version's approval status."""
    return ApproveModelPackageOperator(
        task_id="approve",
        model_package_arn=model_package_arn,
        subject=subject,
        body=verdict["scorecards"],
        **params.GATE,
    )


def deploy_version(plan: Wire) -> None:
    """The chosen version, approved and pinned, goes into production, is scaled and asked once."""
    gate = approve(plan["model_package_arn"], "Deploy this version?", plan)
    watch = EndpointAlarmsOperator(
        task_id="watch", multiple_outputs=True, endpoint=plan["endpoint"], **params.ALARMS
    )
    deploy = DeployEndpointOperator(
        task_id="deploy",
        endpoint=plan["endpoint"],
        model_package_arn=plan["model_package_arn"],
        data_capture_uri=plan["capture"],
        rollback_alarms=watch.output["alarms"],
        smoke_payload=plan["payload"],
        max_active_tis_per_dag=1,
        **params.ROLLOUT,
    )
    autoscale = AutoscalingOperator(
        task_id="autoscale",
        endpoint=plan["endpoint"],
        prune=False,  # a pipeline's own policies are known to its own DAGs alone
        **params.scaling(),
    )
    smoke_test = SmokeTestOperator(
        task_id="smoke_test", endpoint=plan["endpoint"], payload=plan["payload"]
    )
    held = hold(plan)
    announced = announce_chosen(plan["pipeline"], deploy.output)
    chain(gate, held, watch, postpone_expiry(plan), deploy)
    chain(deploy, set_expiry(plan), autoscale, smoke_test, announced)
    chain(deploy, undo_hold(held))


def end_contest() -> None:
    """The challenger watched, compared with the model in production, and the better one alone."""
    endpoint = endpoint_of()
    contest = FindContestOperator(task_id="find_contest", endpoint=endpoint, multiple_outputs=True)
    watch = EndpointAlarmsOperator(
        task_id="watch",
        multiple_outputs=True,
        endpoint=endpoint,
        variant=contest.output["challenger"],
        **params.ALARMS,
    )
    compare = CompareVariantsOperator(
        task_id="compare",
        endpoint=endpoint,
        alarms=watch.output["alarms"],
        multiple_outputs=True,
        **params.VERDICT,
    )
    promote = PromoteWinnerOperator(
        task_id="promote",
        endpoint=endpoint,
        winner=compare.output["winner"],
        contest_config=compare.output["config"],
    )
    announce_chosen("{{ params.pipeline }}", promote.output)


def measure_load() -> None:
    """Real requests at rising rates; their table, picture and proposal."""
    plan = plan_load()
    LoadTestOperator(
        task_id="load_test",
        endpoint=plan["endpoint"],
        payload=plan["payload"],
        output_uri=plan["output_uri"],
        **params.LOAD,
    )


def delete_endpoints(endpoints: Wire, **how: Any) -> None:
    """Each with its scaling, its configurations and its models."""
    DeleteEndpointOperator.partial(
        task_id="delete_endpoint", map_index_template="{{ task.endpoint }}", **how
    ).expand(endpoint=endpoints)


def reap_endpoints() -> None:
    """Those whose time is over, each looked at again just before it goes."""
    delete_endpoints(expired_endpoints(), pre_execute=lifetimes.leave_prolonged)
