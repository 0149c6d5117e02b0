"""The forms of DAGs for endpoints: deploy, promote, try under load, tear down."""

from __future__ import annotations

from collections.abc import Sequence

from airflow.sdk import Param

from include.pipelines.definition.pipeline import AT_ONCE, DIRECTIONS
from include.pipelines.params.fields import APPROVAL, CAPACITY, LIMITS, rollout


def _one_of(pipelines: Sequence[str]) -> Param:
    return Param(pipelines[0], type="string", enum=list(pipelines))


def deploy(pipelines: Sequence[str]) -> dict[str, Param]:
    """The form of deploy_model."""
    return {
        "pipeline": _one_of(pipelines),
        "version": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            description="The version of the model package group to put into production.",
        ),
        "pin": Param(
            True,
            type="boolean",
            description="Keep it there: retrains register their models but deploy none, until the "
            "pin is released. Not in a contest, and not if the deployment fails.",
        ),
        "release_pin": Param(
            False,
            type="boolean",
            description="Release the pin. Without a version, that is all that happens.",
        ),
        "hours_to_live": Param(
            None,
            type=["null", "number"],
            exclusiveMinimum=0,
            description="Hours after which reap_endpoints takes the endpoint down. Empty: never.",
        ),
        **APPROVAL,
        **rollout(AT_ONCE),
        **CAPACITY,
    }


def promote(pipelines: Sequence[str]) -> dict[str, Param]:
    """The form of promote_winner."""
    return {
        "pipeline": _one_of(pipelines),
        "metric": Param(
            "errors",
            type="string",
            pattern="^(errors|latency|[^:]+:[^:]+)$",
            description="What the winner is better at: errors (percent), latency (ms), or a "
            "CloudWatch metric as Namespace:Name, with the dimensions EndpointName and "
            "VariantName.",
        ),
        "direction": Param("Minimize", type="string", enum=list(DIRECTIONS)),
        "min_gain": Param(
            None,
            type=["null", "number"],
            description="How much better the challenger must be, in the metric's unit; below 0, "
            "how much worse it may be. Empty: 0, and for errors max_error_percent worse.",
        ),
        "confidence": Param(
            0.95,
            type="number",
            minimum=0,
            maximum=0.999,
            anyOf=[{"const": 0}, {"exclusiveMinimum": 0.5}],
            description="How sure the difference must be; while it is not, the contest goes on, "
            "and the run is skipped: trigger again later. 0 compares the means alone.",
        ),
        "hours": Param(
            24,
            type="number",
            minimum=0,
            maximum=720,
            description="How long the contest must have lasted, from its deployment on.",
        ),
        "min_requests": Param(
            100,
            type="integer",
            minimum=0,
            description="Requests that each must have answered; with fewer, the contest goes on.",
        ),
        **LIMITS,
    }


def load_test(pipelines: Sequence[str]) -> dict[str, Param]:
    """The form of load_test_endpoint."""
    return {
        "pipeline": _one_of(pipelines),
        "rates": Param(
            [5, 10, 20, 40, 80, 160],
            type="array",
            minItems=1,
            items={"type": "number", "exclusiveMinimum": 0},
            description="Requests a second, tried one after another.",
        ),
        "step_seconds": Param(
            30, type="number", exclusiveMinimum=0, maximum=600, description="Length of each rate."
        ),
        "max_p99_ms": Param(
            200,
            type="number",
            exclusiveMinimum=0,
            description="Milliseconds that 99 percent of the requests may take.",
        ),
        "max_error_percent": Param(
            0, type="number", minimum=0, maximum=100, description="Percent that may fail."
        ),
        "share": Param(
            0.7,
            type="number",
            exclusiveMinimum=0,
            maximum=1,
            description="Which part of the sustained rate to propose.",
        ),
    }


TEAR_DOWN_ONE = {
    "confirm": Param(
        False,
        type="boolean",
        description="Tick to delete the endpoint, its configs and its models.",
    ),
}

TEAR_DOWN = {
    "endpoints": Param(
        [], type="array", items={"type": "string"}, description="Endpoints by name, one a line."
    ),
    "tag": Param(
        None,
        type=["null", "string"],
        description="Or all endpoints that carry this tag, as key=value.",
    ),
    "confirm": Param(
        False,
        type="boolean",
        description="Tick to delete the endpoints, their configs and their models.",
    ),
}
