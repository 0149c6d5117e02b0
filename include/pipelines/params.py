"""The Trigger forms: typed, with ranges, so that the form refuses what cannot work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Param
from prodml.reports.ranking import STATISTICS
from prodml.rollout import Rollout, Strategy
from prodml.scaling import Policy, Scaling, Schedule, TargetTracking

from include.pipelines.pipeline import AT_ONCE, DIRECTIONS, Pipeline
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
        **rollout(pipeline.rollout),
        "insist": INSIST,
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
        description="Invocations per instance and minute that autoscaling holds; "
        "load_test_endpoint proposes a number.",
    ),
    "scale_out_cooldown": Param(
        300,
        type="integer",
        minimum=0,
        maximum=86_400,
        description="Seconds to wait after instances were added.",
    ),
    "scale_in_cooldown": Param(
        300,
        type="integer",
        minimum=0,
        maximum=86_400,
        description="Seconds to wait after instances were removed.",
    ),
    "disable_scale_in": Param(False, type="boolean", description="Never remove instances."),
}
# The form's values as operators take them.
JOBS = {"fresh": "{{ params.fresh }}", "follow_logs": "{{ params.follow_logs }}"}
SELECTION = {
    "metric": "{{ params.metric }}",
    "direction": "{{ params.direction }}",
    "statistic": "{{ params.statistic }}",
}


def scaling(*more: Policy | Schedule) -> dict[str, Any]:
    """The form's target tracking and the bounds, with what a pipeline states beside it."""
    by_form = TargetTracking(
        target="{{ params.target_invocations }}",
        scale_out_cooldown="{{ params.scale_out_cooldown }}",
        scale_in_cooldown="{{ params.scale_in_cooldown }}",
        disable_scale_in="{{ params.disable_scale_in }}",
    )
    schedules = [part for part in more if isinstance(part, Schedule)]
    policies = [part for part in more if not isinstance(part, Schedule)]
    return {
        "min_capacity": "{{ params.min_instances }}",
        "max_capacity": "{{ params.max_instances }}",
        "scaling": Scaling([by_form, *policies], schedules),
    }


ROLLOUT = {name: f"{{{{ params.{name} }}}}" for name in ("rollout", "rollout_step", "rollout_wait")}
ALARMS = {name: f"{{{{ params.{name} }}}}" for name in ("max_error_percent", "max_latency_ms")}
VERDICT = {
    name: f"{{{{ params.{name} }}}}"
    for name in ("metric", "direction", "min_gain", "hours", "min_requests", "max_error_percent")
}
LOAD: dict[str, Any] = {
    "rates": "{{ params.rates | join(' ') }}",
    **{
        name: f"{{{{ params.{name} }}}}"
        for name in ("step_seconds", "max_p99_ms", "max_error_percent", "share")
    },
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
        **rollout(AT_ONCE),
        **CAPACITY,
    }


def promote(pipelines: Sequence[str]) -> dict[str, Param]:
    """The form of promote_winner."""
    return {
        "pipeline": Param(pipelines[0], type="string", enum=list(pipelines)),
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
            0.0,
            type="number",
            description="How much better the challenger must be; below 0, how much worse it may "
            "be.",
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
        "pipeline": Param(pipelines[0], type="string", enum=list(pipelines)),
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


def rollout(default: Rollout) -> dict[str, Param]:
    """How a model reaches production; :class:`Rollout` checks what no single field can."""
    return {
        "rollout": Param(
            default.strategy.value,
            type="string",
            enum=[strategy.value for strategy in Strategy],
            description="All at once or in steps, each taken back by an alarm; ab and shadow put "
            "the model beside the one in production, until promote_winner ends the contest.",
        ),
        "rollout_step": Param(
            default.step,
            type="integer",
            minimum=1,
            maximum=100,
            description="Percent: of the fleet that a step moves, or of the requests in a contest.",
        ),
        "rollout_wait": Param(
            default.wait,
            type="integer",
            minimum=0,
            maximum=3600,
            description="Seconds after each step in which an alarm takes the update back.",
        ),
        **LIMITS,
    }


LIMITS = {
    "max_error_percent": Param(
        1.0,
        type="number",
        exclusiveMinimum=0,
        maximum=100,
        description="Percent of answers in a minute that may fail before an alarm fires.",
    ),
    "max_latency_ms": Param(
        None,
        type=["null", "number"],
        exclusiveMinimum=0,
        description="Mean latency of the model in a minute at which an alarm fires. Empty: none.",
    ),
}
INSIST = Param(
    False,
    type="boolean",
    description="Deploy though the model in production has learned from later rows.",
)


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
