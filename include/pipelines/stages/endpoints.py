"""Try, compare and delete endpoints: load test, contest, tear-down, reaper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import task
from prodml.endpoints.rollout import CONTESTS
from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.asking import AskEndpointOperator
from prodml.operators.comparison import CompareVariantsOperator
from prodml.operators.component_deletion import DeleteComponentOperator
from prodml.operators.contest import FindContestOperator, PromoteWinnerOperator
from prodml.operators.deletion import DeleteEndpointOperator
from prodml.operators.endpoint import EndpointOperator
from prodml.operators.load_testing import LoadTestOperator

from include.jobs.tabular.records import JSON
from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.deployment import LoadPlan
from include.pipelines.data import runs
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import refuse_direction
from include.pipelines.deployment import lifetimes
from include.pipelines.evaluation.champion import champion_of
from include.pipelines.evaluation.contracts_of_versions import smoke_record
from include.pipelines.stages.references import called, output
from include.pipelines.stages.serving import announce_chosen


@task
def endpoint_of(*, params: Any) -> str:
    """Return the endpoint of the form's pipeline, after checking its metric and direction."""
    settled(refuse_direction)(params["metric"], params["direction"])
    pipeline = find(params["pipeline"])
    settled(refuse_no_contest)(pipeline)
    return pipeline.endpoint


@task
def plan_load(**context: Any) -> LoadPlan:
    """Return the endpoint, a test request, and the prefix of the report."""
    pipeline = find(context["params"]["pipeline"])
    prefix = runs.run_prefix(context, pipeline.name)
    return {
        "endpoint": pipeline.endpoint,
        "component": context["params"]["component"] or pipeline.component_name,
        "payload": smoke_record(pipeline, champion_of(pipeline)),
        "output_uri": f"{prefix}/load_test",
    }


@task
def confirmed(*, params: Any) -> None:
    """Refuse to delete anything without the form's confirmation."""
    settled(lifetimes.confirm)(params)


@task
def chosen_endpoints(*, params: Any) -> list[str]:
    """Return the endpoints to delete; nothing is deleted without confirmation."""
    return settled(lifetimes.chosen)(params)


@task
def expired_endpoints() -> list[str]:
    """Return the endpoints whose lifetime is over."""
    return settled(lifetimes.expired)(datetime.now(UTC))


def ask() -> None:
    """Send the record of the form to the DAG's endpoint."""
    AskEndpointOperator(
        task_id="ask",
        payload="{{ params.record | tojson }}",
        variant="{{ params.variant }}",
    )


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


def refuse_no_contest(pipeline: Pipeline) -> None:
    """Raise for a pipeline whose serving kind has no A/B or shadow test."""
    if not CONTESTS & {*pipeline.strategies}:
        raise ValueError(
            f"{pipeline.name} is {pipeline.kind}, which has no A/B or shadow test to end. Choose "
            "another pipeline."
        )


def measure_load() -> None:
    """Send requests at rising rates, and report the result."""
    plan = called(plan_load)()
    LoadTestOperator(
        task_id="load_test",
        endpoint=plan["endpoint"],
        component=plan["component"],
        payload=plan["payload"],
        content_type=JSON,
        output_uri=plan["output_uri"],
        **params.LOAD,
    )


def delete_served(pipeline: Pipeline) -> EndpointOperator:
    """Delete the pipeline's endpoint; or its component, and the endpoint after the last one."""
    if pipeline.component:
        return DeleteComponentOperator(task_id="delete_component")
    return DeleteEndpointOperator(task_id="delete_endpoint")


def tear_down() -> None:
    """Delete the endpoints that the form names, once it confirms it."""
    delete_endpoints(called(chosen_endpoints)())


def delete_endpoints(endpoints: Sequence[str], **arguments: Any) -> None:
    """Delete each endpoint with its scaling, configurations and models."""
    DeleteEndpointOperator.partial(
        task_id="delete_endpoint", map_index_template="{{ task.endpoint }}", **arguments
    ).expand(endpoint=endpoints)


def reap_endpoints() -> None:
    """Delete the endpoints whose lifetime is over, checked again just before."""
    delete_endpoints(called(expired_endpoints)(), pre_execute=lifetimes.leave_prolonged)
