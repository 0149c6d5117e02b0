"""Fields that several forms have."""

from __future__ import annotations

from airflow.sdk import Param
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.experiments.ranking import STATISTICS

from include.settings import settings


def day(description: str) -> Param:
    return Param(None, type=["null", "string"], format="date", description=description)


def moment(description: str) -> Param:
    return Param(None, type=["null", "string"], format="date-time", description=description)


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


def _kept(kind: str, least: int, most: int, what: str, first: float) -> Param:
    """A field that is empty to keep what is registered."""
    described = f"{what} Empty: what is registered; the first time {first}."
    return Param(None, type=["null", kind], minimum=least, maximum=most, description=described)


CAPACITY = {
    "min_instances": _kept("integer", 1, 10, "The fewest instances.", 1),
    "max_instances": _kept(
        "integer", 1, 20, "The most instances; fewer than run now ends some at once.", 2
    ),
    "target_invocations": _kept(
        "number",
        1,
        100_000,
        "Invocations per instance and minute that autoscaling holds; "
        "load_test_endpoint proposes a number.",
        settings().target_invocations,
    ),
    "scale_out_cooldown": _kept(
        "integer", 0, 86_400, "Seconds to wait after instances were added.", 300
    ),
    "scale_in_cooldown": _kept(
        "integer", 0, 86_400, "Seconds to wait after instances were removed.", 300
    ),
    "disable_scale_in": Param(
        "as it is",
        type="string",
        enum=["as it is", "yes", "no"],
        description="Never remove instances. As it is: what is registered; the first time no.",
    ),
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

ALLOW_OLDER = Param(
    False,
    type="boolean",
    description="Deploy though the model in production has learned from later rows.",
)


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
