"""Everything that changes or tries an endpoint: release, deploy, contest, load, deletion."""

from __future__ import annotations

import logging
from collections.abc import Sequence
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
from prodml.results import Deployed, Promoted
from prodml.run_notes import leave
from prodml.vocabulary import Json

from include import assets
from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts import Hold, LoadPlan, Verdict, VersionPlan
from include.pipelines.data import runs
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import BINARY, refuse_direction
from include.pipelines.deployment import lifetimes, pins, versions
from include.pipelines.evaluation import champion
from include.pipelines.stages.references import called, output, task_of
from include.pipelines.stages.training import Judged

log = logging.getLogger(__name__)


@task.short_circuit
def accepted(verdict: Verdict) -> bool:
    """A model that lost the comparison ends the run here, successfully."""
    log.info("%s", verdict["decision"])
    leave(verdict["decision"])
    return bool(verdict["approval"] != "Rejected")


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
def endpoint_of(*, params: Any) -> str:
    """The endpoint of the form's pipeline, once its metric and direction agree."""
    settled(refuse_direction)(params["metric"], params["direction"])
    return find(params["pipeline"]).endpoint


@task
def plan_load(**context: Any) -> LoadPlan:
    """The endpoint of the form's pipeline, a request for it, and where the report goes."""
    pipeline = find(context["params"]["pipeline"])
    prefix = runs.run_prefix(context, pipeline.name)
    return {
        "endpoint": pipeline.endpoint,
        "payload": pipeline.smoke_row(),
        "output_uri": f"{prefix}/load_test",
    }


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
    """Tell other DAGs which model serves now; one that still has to win a contest does not."""
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
    """When the reaper takes the endpoint down, if ever."""
    return lifetimes.set_expiry(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


@task
def postpone_expiry(plan: VersionPlan, *, params: Any) -> str | None:
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


def release(pipeline: Pipeline, judged: Judged) -> None:
    """An accepted and approved model goes into production unless another one is pinned there."""
    arn, verdict = judged.registered["model_package_arn"], judged.verdict
    gate = approve(arn, f"Deploy the new {pipeline.name} model?", verdict["scorecards"])
    chain(task_of(judged.registered), accepted(verdict), gate)
    watch = EndpointAlarmsOperator(task_id="watch", multiple_outputs=True, **params.ALARMS)
    deploy = DeployEndpointOperator(
        task_id="deploy",
        model_package_arn=arn,
        data_capture_uri=pipeline.uri("capture"),
        order_by="window_end",
        allow_older="{{ params.allow_older }}",
        before_update=partial(pins.leave_pinned, pipeline),
        rollback_alarms=output(watch)["alarms"],
        smoke_payload=pipeline.smoke_row(),
        max_active_tis_per_dag=1,
        **params.ROLLOUT,
    )
    autoscale = AutoscalingOperator(task_id="autoscale", **params.scaling(*pipeline.scaling))
    smoke_test = SmokeTestOperator(
        task_id="smoke_test",
        payload=pipeline.smoke_row(),
        **_bounds(pipeline),
    )
    told = announce.override(outlets=[assets.model(pipeline.name)])
    announced = told(pipeline.name, output(deploy))
    lineage = LineageOperator(
        task_id="lineage",
        trial=f"{judged.best['trial']}",
        output_uri=f"{judged.window['prefix']}/lineage.csv",  # as `candidate_lineage`
    )
    chain(gate, unpinned(pipeline.name), watch, deploy, autoscale, smoke_test)
    chain(smoke_test, [announced, lineage])


def _bounds(pipeline: Pipeline) -> dict[str, Any]:
    """Return the bounds of a valid answer; a binary model answers with a probability."""
    return {"lower": 0.0, "upper": 1.0} if pipeline.problem == BINARY else {}


def approve(model_package_arn: str, subject: str, scores: str) -> ApproveModelPackageOperator:
    """Somebody, or the form's `auto_approve`, sets the version's approval status."""
    return ApproveModelPackageOperator(
        task_id="approve",
        model_package_arn=model_package_arn,
        subject=subject,
        body=scores,
        **params.GATE,
    )


def deploy_version() -> None:
    """The chosen version, approved and pinned, goes into production, is scaled and asked once."""
    plan = called(resolve_version)()
    gate = approve(plan["model_package_arn"], "Deploy this version?", plan["scorecards"])
    watch = EndpointAlarmsOperator(
        task_id="watch", multiple_outputs=True, endpoint=plan["endpoint"], **params.ALARMS
    )
    deploy = DeployEndpointOperator(
        task_id="deploy",
        endpoint=plan["endpoint"],
        model_package_arn=plan["model_package_arn"],
        data_capture_uri=plan["capture"],
        rollback_alarms=output(watch)["alarms"],
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
    held = called(hold)(plan)
    announced = announce_chosen(plan["pipeline"], output(deploy))
    chain(gate, task_of(held), watch, postpone_expiry(plan), deploy)
    chain(deploy, set_expiry(plan), autoscale, smoke_test, announced)
    chain(deploy, undo_hold(held))


def end_contest() -> None:
    """The challenger watched, compared with the model in production, and the better one alone."""
    endpoint = called(endpoint_of)()
    contest = FindContestOperator(task_id="find_contest", endpoint=endpoint, multiple_outputs=True)
    watch = EndpointAlarmsOperator(
        task_id="watch",
        multiple_outputs=True,
        endpoint=endpoint,
        variant=output(contest)["challenger"],
        **params.ALARMS,
    )
    compare = CompareVariantsOperator(
        task_id="compare",
        endpoint=endpoint,
        alarms=output(watch)["alarms"],
        multiple_outputs=True,
        **params.VERDICT,
    )
    promote = PromoteWinnerOperator(
        task_id="promote",
        endpoint=endpoint,
        winner=output(compare)["winner"],
        contest_config=output(compare)["config"],
    )
    announce_chosen("{{ params.pipeline }}", output(promote))


def measure_load() -> None:
    """Real requests at rising rates; their table, picture and proposal."""
    plan = called(plan_load)()
    LoadTestOperator(
        task_id="load_test",
        endpoint=plan["endpoint"],
        payload=plan["payload"],
        output_uri=plan["output_uri"],
        **params.LOAD,
    )


def tear_down() -> None:
    """Delete the endpoints that the form names, once it confirms it."""
    delete_endpoints(called(chosen_endpoints)())


def delete_endpoints(endpoints: Sequence[str], **how: Any) -> None:
    """Each with its scaling, its configurations and its models."""
    DeleteEndpointOperator.partial(
        task_id="delete_endpoint", map_index_template="{{ task.endpoint }}", **how
    ).expand(endpoint=endpoints)


def reap_endpoints() -> None:
    """Those whose time is over, each looked at again just before it goes."""
    delete_endpoints(called(expired_endpoints)(), pre_execute=lifetimes.leave_prolonged)
