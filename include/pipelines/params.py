"""The Trigger forms: typed, with ranges, so that the form refuses what cannot work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Param

from include.pipelines.pipeline import DIRECTIONS, Pipeline
from include.settings import settings

# No rule asks for more alerts than it looks at windows: `3 of 2` is refused by the form.
K_OF_N = "^(" + "|".join(f"[1-{n}] of {n}" for n in range(1, 10)) + ")$"


def _day(description: str) -> Param:
    return Param(None, type=["null", "string"], format="date", description=description)


def _moment(description: str) -> Param:
    return Param(None, type=["null", "string"], format="date-time", description=description)


def retrain(pipeline: Pipeline) -> dict[str, Param]:
    """The form of a retraining DAG, with the pipeline's own ways to judge as defaults."""
    return {
        "window_end": _day(
            "First day after the data to train on. Empty: the run's interval, else the newest "
            "slice."
        ),
        "window_slices": Param(
            8,
            type="integer",
            minimum=2,
            maximum=52,
            description="Weeks of data; the last is held out.",
        ),
        "metric": Param(
            pipeline.metric,
            type="string",
            enum=pipeline.metrics,
            description="What the best trial is best at.",
        ),
        "direction": Param(pipeline.direction, type="string", enum=list(DIRECTIONS)),
        "min_gain": Param(
            pipeline.min_gain,
            type="number",
            minimum=0,
            description=f"How much better in {pipeline.judged_by} on the holdout than production a "
            "model must be to replace it.",
        ),
        "max_cost": Param(
            10.0,
            type="number",
            minimum=0,
            description="US dollars that the run's jobs may cost at most; a run whose bound is "
            "above is refused before any job is started.",
        ),
        **APPROVAL,
        "fresh": Param(
            False,
            type="boolean",
            description="Do all work again, though another run has done the same already.",
        ),
        "follow_logs": Param(
            True, type="boolean", description="Copy the log of running jobs into the tasks' logs."
        ),
        **CAPACITY,
    }


APPROVAL = {
    "auto_approve": Param(
        True,
        type="boolean",
        description="Deploy what passes without asking. Untick to be asked in Required Actions.",
    ),
    "approval_hours": Param(
        24,
        type="number",
        minimum=0.001,
        maximum=168,
        description="Hours to wait for an answer; no answer rejects the model.",
    ),
}
CAPACITY = {
    "min_instances": Param(1, type="integer", minimum=1, maximum=10),
    "max_instances": Param(2, type="integer", minimum=1, maximum=20),
    "target_invocations": Param(
        settings().target_invocations,
        type="number",
        minimum=1,
        maximum=100_000,
        description="Invocations per instance and minute that autoscaling holds.",
    ),
}
# The form's values as operators take them.
JOBS = {"fresh": "{{ params.fresh }}", "follow_logs": "{{ params.follow_logs }}"}
SELECTION = {"metric": "{{ params.metric }}", "direction": "{{ params.direction }}"}
SCALING: dict[str, Any] = {
    "min_capacity": "{{ params.min_instances }}",
    "max_capacity": "{{ params.max_instances }}",
    "target": "{{ params.target_invocations }}",
}
GATE = {"auto_approve": "{{ params.auto_approve }}", "hours": "{{ params.approval_hours }}"}


def deploy(pipelines: Sequence[str]) -> dict[str, Param]:
    """The form of deploy_model."""
    return {
        "pipeline": Param(pipelines[0], type="string", enum=list(pipelines)),
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
            "pin is released.",
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
        **CAPACITY,
    }


SCORE = {
    "slice": _day("A day of the week to score. Empty: the run's interval, else the newest slice."),
}
CHECK = {
    "window_start": _moment("First moment of the traffic to check. Empty: the run's interval."),
    "window_end": _moment("First moment after it."),
    "alerts_of_windows": Param(
        "2 of 3",
        type="string",
        pattern=K_OF_N,
        description="How many of the last windows must alert before anything follows.",
    ),
    "endpoints": Param(
        [], type="array", items={"type": "string"}, description="Empty: the pipeline's own."
    ),
    "baseline": Param(
        "training",
        type="string",
        enum=["training", "rolling", "same_hour_of_week"],
        description="What traffic is compared with. Earlier windows count once three were calm.",
    ),
    "cooldown_hours": Param(
        24,
        type="number",
        minimum=0,
        maximum=720,
        description="After an alert has started a retrain, how long no other one does.",
    ),
    "label_delay_hours": Param(
        168,
        type="number",
        minimum=0,
        maximum=8760,
        description="How long after an answer its label is known.",
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
