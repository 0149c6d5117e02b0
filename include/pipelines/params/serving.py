"""The forms of DAGs for endpoints: deploy, promote, try under load, tear down."""

from __future__ import annotations

import json
from collections.abc import Sequence

from airflow.sdk import Param

from include.pipelines.definition.pipeline import AT_ONCE, Pipeline
from include.pipelines.params.fields import (
    APPROVAL_HOURS,
    AUTO_APPROVE,
    LIMITS,
    Fields,
    autoscaling,
    direction,
    rollout,
    section,
)


def _one_of(pipelines: Sequence[str]) -> Param:
    return Param(pipelines[0], type="string", enum=list(pipelines), title="Pipeline")


def deploy(pipelines: Sequence[str]) -> Fields:
    """Return the form of deploy_model."""
    return {
        "pipeline": _one_of(pipelines),
        "version": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            title="Version",
            description="The version of the model package group to put into production.",
        ),
        "pin": Param(
            True,
            type="boolean",
            title="Pin the version",
            description="Keep it there: retrains register their models but deploy none, until the "
            "pin is released. Not in a contest, and not if the deployment fails.",
        ),
        "release_pin": Param(
            False,
            type="boolean",
            title="Release the pin",
            description="Let retrains deploy again. Without a version, that is all that happens.",
        ),
        "auto_approve": AUTO_APPROVE,
        **section("Approval", {"approval_hours": APPROVAL_HOURS}),
        **section(
            "Lifetime",
            {
                "hours_to_live": Param(
                    None,
                    type=["null", "number"],
                    exclusiveMinimum=0,
                    title="Hours to live",
                    description="Hours after which reap_endpoints takes the endpoint down. "
                    "Empty: never.",
                ),
            },
        ),
        **rollout(AT_ONCE),
        **autoscaling(),
    }


def import_version(pipelines: Sequence[str]) -> Fields:
    """Return the form of import_model."""
    return {
        "pipeline": _one_of(pipelines),
        "source": Param(
            None,
            type=["null", "string"],
            pattern=r"^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package/[^/]+/\d+$",
            title="Version",
            description="The ARN of the approved version to copy.",
        ),
        "source_conn_id": Param(
            "aws_source",
            type="string",
            minLength=1,
            title="Connection",
            description="The Airflow connection of the account that it is registered in, such as "
            "a role there that this Airflow may assume.",
        ),
    }


def promote(pipelines: Sequence[str]) -> Fields:
    """Return the form of promote_winner."""
    return {
        "pipeline": _one_of(pipelines),
        "metric": Param(
            "errors",
            type="string",
            pattern="^(errors|latency|[^:]+:[^:]+)$",
            title="Metric",
            description="What the winner is better at: errors (percent), latency (ms), or a "
            "CloudWatch metric as Namespace:Name, with the dimensions EndpointName and "
            "VariantName.",
        ),
        "direction": direction("Minimize"),
        "hours": Param(
            24,
            type="number",
            minimum=0,
            maximum=720,
            title="Duration in hours",
            description="How long the contest must have lasted, from its deployment on.",
        ),
        **section("Decision", DECISION),
        **section("Alarms", LIMITS),
    }


DECISION = {
    "min_gain": Param(
        None,
        type=["null", "number"],
        title="Least gain",
        description="How much better the challenger must be, in the metric's unit; below 0, "
        "how much worse it may be. Empty: 0, and for errors max_error_percent worse.",
    ),
    "confidence": Param(
        0.95,
        type="number",
        minimum=0,
        maximum=0.999,
        anyOf=[{"const": 0}, {"exclusiveMinimum": 0.5}],
        title="Confidence",
        description="How sure the difference must be; while it is not, the test continues, "
        "and the run is skipped: trigger again later. 0 compares the means alone.",
    ),
    "min_requests": Param(
        100,
        type="integer",
        minimum=0,
        title="Fewest requests",
        description="Requests that each must have answered; with fewer, the test continues.",
    ),
}


def ask(pipeline: Pipeline) -> Fields:
    """Return the form of ask_<pipeline>, with an example and a description of each column.

    It refuses no value: the endpoint does, and the model in production may be of an older schema.
    """
    contract = pipeline.contract
    return {
        "record": Param(
            json.loads(contract.record()),
            type="object",
            properties=contract.described(),
            title="Record",
            description="A raw record. It is kept with the run in Airflow's database, and in the "
            "data capture: send no real person's data.",
        ),
        "variant": Param(
            None,
            type=["null", "string"],
            title="Variant",
            description="The variant to ask. Empty: SageMaker chooses by the weights.",
        ),
    }


def load_test(pipelines: Sequence[str]) -> Fields:
    """Return the form of load_test_endpoint."""
    return {
        "pipeline": _one_of(pipelines),
        "rates": Param(
            [5, 10, 20, 40, 80, 160],
            type="array",
            minItems=1,
            items={"type": "number", "exclusiveMinimum": 0},
            title="Requests a second",
            description="Rates that are tried one after another.",
        ),
        "step_seconds": Param(
            30,
            type="number",
            exclusiveMinimum=0,
            maximum=600,
            title="Seconds of each rate",
        ),
        **section("What to ask", LOAD_AIM),
        **section("Limits and proposal", LOAD_LIMITS),
    }


def _named(title: str, description: str) -> Param:
    return Param(None, type=["null", "string"], title=title, description=description)


LOAD_AIM = {
    "variant": _named("Variant", "The variant to ask. Empty: SageMaker chooses by the weights."),
    "target_model": _named(
        "Target model",
        "Of a multi-model endpoint, the archive to ask, by its name below the model's prefix.",
    ),
    "component": _named(
        "Inference component",
        "The component to ask, by whose copies the target is proposed. Empty: that of the "
        "pipeline, if it is served by one.",
    ),
}

LOAD_LIMITS = {
    "max_p99_ms": Param(
        200,
        type="number",
        exclusiveMinimum=0,
        title="p99 in milliseconds",
        description="Milliseconds that 99 percent of the requests may take.",
    ),
    "max_error_percent": Param(
        0,
        type="number",
        minimum=0,
        maximum=100,
        title="Failed answers in percent",
        description="Percent of the requests that may fail.",
    ),
    "share": Param(
        0.7,
        type="number",
        exclusiveMinimum=0,
        maximum=1,
        title="Share to propose",
        description="The part of the sustained rate that the report proposes.",
    ),
}


def _confirm(description: str) -> Param:
    return Param(False, type="boolean", title="Confirm", description=description)


TEAR_DOWN_ONE = {
    "confirm": _confirm("Tick to delete the endpoint, its configs and its models."),
}

TEAR_DOWN = {
    "endpoints": Param(
        [],
        type="array",
        items={"type": "string"},
        title="Endpoints",
        description="Endpoints by name, one a line.",
    ),
    "tag": Param(
        None,
        type=["null", "string"],
        title="Tag",
        description="Or all endpoints that carry this tag, as key=value.",
    ),
    "confirm": _confirm("Tick to delete the endpoints, their configs and their models."),
}
