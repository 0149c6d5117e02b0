"""Everything that changes or tries an endpoint: release, deploy, contest, load, deletion."""

from __future__ import annotations

from functools import partial
from typing import Any

from airflow.sdk import chain
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

from include import assets
from include.pipelines import lifetimes, params, pins, requests, tasks
from include.pipelines.pipeline import Pipeline
from include.pipelines.scoring import BINARY
from include.pipelines.stages.wires import Wire


def release(pipeline: Pipeline, verdict: Wire, registered: Wire) -> None:
    """An accepted and approved model goes into production unless another one is pinned there."""
    arn = registered["model_package_arn"]
    gate = approve(arn, f"Deploy the new {pipeline.name} model?", verdict)
    chain(registered, tasks.accepted(verdict), gate)
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
    announce = tasks.announce.override(outlets=[assets.model(pipeline.name)])
    announced = announce(pipeline.name, deploy.output)
    lineage = LineageOperator(
        task_id="lineage",
        trial=requests.BEST_TRIAL,
        output_uri=f"{requests.PREFIX}/lineage.csv",
    )
    chain(gate, tasks.unpinned(pipeline.name), watch, deploy, autoscale, smoke_test)
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
    held = tasks.hold(plan)
    announced = tasks.announce_chosen(plan["pipeline"], deploy.output)
    chain(gate, held, watch, tasks.postpone_expiry(plan), deploy)
    chain(deploy, tasks.set_expiry(plan), autoscale, smoke_test, announced)
    chain(deploy, tasks.undo_hold(held))


def end_contest() -> None:
    """The challenger watched, compared with the model in production, and the better one alone."""
    endpoint = tasks.endpoint_of()
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
    tasks.announce_chosen("{{ params.pipeline }}", promote.output)


def measure_load() -> None:
    """Real requests at rising rates; their table, picture and proposal."""
    plan = tasks.plan_load()
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
    delete_endpoints(tasks.expired_endpoints(), pre_execute=lifetimes.leave_prolonged)
