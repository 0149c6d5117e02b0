"""The Trigger forms: typed, with ranges, so that the form refuses what cannot work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Param
from prodml.reports.ranking import STATISTICS

from include.pipelines.pipeline import DIRECTIONS, Pipeline
from include.pipelines.search import STRATEGIES
from include.pipelines.studies import Study
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
        "statistic": STATISTIC,
        "min_gain": Param(
            pipeline.min_gain,
            type="number",
            minimum=0,
            description=f"How much better in {pipeline.judged_by} on the holdout than production a "
            "model must be to replace it.",
        ),
        "max_cost": MAX_COST,
        **APPROVAL,
        **WORK,
        **CAPACITY,
    }


def tune(pipeline: Pipeline) -> dict[str, Param]:
    """The form of a tuning DAG: how to search, and all that a retrain asks."""
    search, _ = pipeline.searched
    combinations = search.jobs({"strategy": "Grid"})
    return {
        "strategy": Param(
            "Bayesian",
            type="string",
            enum=list(STRATEGIES),
            description=f"Grid tries all {combinations} combinations of the pipeline's grid.",
        ),
        "max_jobs": Param(
            8, type="integer", minimum=1, maximum=500, description="Training jobs, but for a grid."
        ),
        "max_parallel": Param(
            2,
            type="integer",
            minimum=1,
            maximum=10,
            description="Training jobs at a time; a Bayesian search learns more from fewer.",
        ),
        "early_stopping": Param(
            True,
            type="boolean",
            description="Stop a training job that is worse than the median of those before it.",
        ),
        "warm_start": Param(
            True,
            type="boolean",
            description="Begin with what the last run's tuning job has found, if there is one.",
        ),
        **retrain(pipeline),
    }


def study(study: Study, trials: Sequence[dict[str, Any]]) -> dict[str, Param]:
    """The form of an experiment's DAG; *trials* are tried unless it says otherwise."""
    return {
        "trials": Param(
            list(trials),
            type="array",
            minItems=1,
            maxItems=50,
            items={"type": "object", "additionalProperties": {"type": ["number", "string"]}},
            description="One set of hyperparameters a trial; they win over those below.",
        ),
        **{name: HYPERPARAMETERS[name] for name in study.shared},
        "data_uri": Param(
            settings().mnist_uri,
            type="string",
            pattern="^(s3://.+)?$",
            description="An S3 prefix with MNIST's .npy files. Empty: the 5,000 images that the "
            "project ships are uploaded.",
        ),
        "metric": Param("test:loss", type="string", enum=sorted(study.metrics)),
        "direction": Param("Minimize", type="string", enum=list(DIRECTIONS)),
        "statistic": STATISTIC,
        "max_cost": MAX_COST,
        **WORK,
    }


HYPERPARAMETERS = {
    "epochs": Param(3, type="integer", minimum=1, maximum=1000),
    "dropout": Param(0.2, type="number", minimum=0, exclusiveMaximum=1),
    "optimizer": Param("adam", type="string", enum=["adam", "sgd"]),
    "backend": Param(
        "gloo",
        type="string",
        enum=["gloo", "nccl"],
        description="How several instances talk: gloo between CPUs, nccl between GPUs.",
    ),
}
STATISTIC = Param(
    "Last",
    type="string",
    enum=list(STATISTICS),
    description="Which of the metric's values counts; all epochs have one.",
)
MAX_COST = Param(
    10.0,
    type="number",
    minimum=0,
    description="US dollars that the run's jobs may cost at most; a run whose bound is above is "
    "refused before any job is started.",
)
INSTANCES = Param(
    1,
    type="integer",
    minimum=1,
    maximum=8,
    description="Instances of each trial; from two on, they train one network together.",
)
WORK = {
    "fresh": Param(
        False,
        type="boolean",
        description="Do all work again, though another run has done the same already.",
    ),
    "follow_logs": Param(
        True, type="boolean", description="Copy the log of running jobs into the tasks' logs."
    ),
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
SELECTION = {
    "metric": "{{ params.metric }}",
    "direction": "{{ params.direction }}",
    "statistic": "{{ params.statistic }}",
}
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
