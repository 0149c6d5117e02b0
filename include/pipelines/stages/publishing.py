"""Publish a REST API in front of a pipeline's endpoint."""

from __future__ import annotations

from typing import Any

from airflow.sdk import task
from prodml.operators.api import PublishApiOperator

from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.deployment import ApiPlan
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.deployment.request_schema import request_schema
from include.pipelines.evaluation.champion import champion_of
from include.pipelines.evaluation.contracts_of_versions import of_version
from include.pipelines.stages.references import called
from include.settings import settings


@task
def plan_api(*, params: Any) -> ApiPlan:
    """Return the endpoint, and the schema of what the model in production takes."""
    pipeline = find(params["pipeline"])
    settled(refuse_component)(pipeline)
    champion = champion_of(pipeline)
    contract = (of_version(champion) if champion else None) or pipeline.contract
    return {
        "endpoint": pipeline.endpoint,
        "schema": request_schema(contract, pipeline.schema.key),
    }


def refuse_component(pipeline: Pipeline) -> None:
    """Raise for a component: a request to it names it in a header, which the API does not send."""
    if pipeline.component:
        raise ValueError(
            f"{pipeline.name} is {pipeline.kind}, for which no API can be published. Serve it on "
            "instances or serverless, or call it by InvokeEndpoint."
        )


def publish_api() -> None:
    """Publish the API that the form states."""
    plan = called(plan_api)()
    PublishApiOperator(
        task_id="publish",
        endpoint=plan["endpoint"],
        schema=plan["schema"],
        role_arn=settings().api_role,
        **params.API,
    )
