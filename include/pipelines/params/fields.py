"""Fields that several forms have, and the folded sections that a form puts them into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from airflow.sdk import Param
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.experiments.ranking import STATISTICS

from include.pipelines.definition.pipeline import DIRECTIONS
from include.settings import settings

Fields = dict[str, Param]


def section(title: str, fields: Mapping[str, Param]) -> Fields:
    """Return *fields* as a section of the form, folded until a person opens it."""
    return {
        name: Param(field.value, field.description, schema=field.schema | {"section": title})
        for name, field in fields.items()
    }


def instant(title: str, description: str) -> Param:
    """Return a field for a day or a time that may stay empty; a day is its first instant."""
    forms = [{"type": "null"}, {"format": "date"}, {"format": "date-time"}]
    about = f"{description} Write 2024-01-31, or 2024-01-31T06:00:00Z."
    return Param(None, about, schema={"type": ["null", "string"], "anyOf": forms, "title": title})


def moment(title: str, description: str) -> Param:
    """Return a field for a time that may stay empty."""
    return Param(
        None, type=["null", "string"], format="date-time", title=title, description=description
    )


def direction(default: str) -> Param:
    """Return the field that says whether more of a metric is better."""
    return Param(default, type="string", enum=list(DIRECTIONS), title="Better is")


STATISTIC = Param(
    "Last",
    type="string",
    enum=list(STATISTICS),
    title="Statistic of the metric",
    description="The value of a metric that counts, of those of all epochs.",
)

MAX_COST = Param(
    10.0,
    type="number",
    minimum=0,
    title="Budget in US dollars",
    description="The most that the run's jobs may cost. A run that could cost more is refused "
    "before any job is started.",
)


def instances(count: int) -> Param:
    """Return the field for the instances of each trial, *count* unless the form says otherwise."""
    return Param(
        count,
        type="integer",
        minimum=1,
        maximum=8,
        title="Instances of each trial",
        description="From two on, they train one network together.",
    )


FRESH = Param(
    False,
    type="boolean",
    title="Do all work again",
    description="Run every job, though another run has completed the same one.",
)

FOLLOW_LOGS = Param(
    True,
    type="boolean",
    title="Follow logs",
    description="Copy the log of running jobs into the tasks' logs.",
)

AUTO_APPROVE = Param(
    True,
    type="boolean",
    title="Deploy without asking",
    description="Deploy what passes without asking. Untick to be asked in Required Actions.",
)

APPROVAL_HOURS = Param(
    24,
    type="number",
    minimum=0.001,
    maximum=168,
    title="Hours to wait for an answer",
    description="No answer within this time rejects the model.",
)


def _kept(kind: str, least: int, most: int, title: str, what: str, first: float) -> Param:
    """Return a field that keeps what is registered when it is empty."""
    return Param(
        None,
        type=["null", kind],
        minimum=least,
        maximum=most,
        title=title,
        description=f"{what} Empty: what is registered; the first time {first}.",
    )


CAPACITY = {
    "min_instances": _kept("integer", 1, 10, "Fewest instances", "Autoscaling's minimum.", 1),
    "max_instances": _kept(
        *("integer", 1, 20, "Most instances"),
        "Autoscaling's maximum; fewer than run now ends some at once.",
        2,
    ),
    "target_invocations": _kept(
        *("number", 1, 100_000, "Invocations per instance and minute"),
        "The rate that autoscaling holds; load_test_endpoint proposes a number.",
        settings().target_invocations,
    ),
    "scale_out_cooldown": _kept(
        *("integer", 0, 86_400, "Cooldown after scaling out"),
        "Seconds to wait after instances were added.",
        300,
    ),
    "scale_in_cooldown": _kept(
        *("integer", 0, 86_400, "Cooldown after scaling in"),
        "Seconds to wait after instances were removed.",
        300,
    ),
    "disable_scale_in": Param(
        "as it is",
        type="string",
        enum=["as it is", "yes", "no"],
        title="Never remove instances",
        description="As it is: what is registered; the first time no.",
    ),
}

LIMITS = {
    "max_error_percent": Param(
        1.0,
        type="number",
        exclusiveMinimum=0,
        maximum=100,
        title="Failed answers in percent",
        description="Percent of answers in a minute that may fail before an alarm fires.",
    ),
    "max_latency_ms": Param(
        None,
        type=["null", "number"],
        exclusiveMinimum=0,
        title="Latency in milliseconds",
        description="Mean latency of the model in a minute at which an alarm fires. Empty: none.",
    ),
}

ALLOW_OLDER = Param(
    False,
    type="boolean",
    title="Allow an older model",
    description="Deploy though the model in production has learned from later rows, or "
    "takes other columns than the holdout has, so that it cannot be compared.",
)


def rollout(default: Rollout, strategies: Sequence[str] = tuple(Strategy)) -> Fields:
    """Return the section of the rollout; :class:`Rollout` checks what no single field can.

    :param strategies: Those that the serving kind has.
    """
    return section(
        "Rollout and alarms",
        {
            "rollout": Param(
                default.strategy.value,
                type="string",
                enum=[str(strategy) for strategy in strategies],
                title="Strategy",
                description="All at once or in steps, each rolled back by an alarm; ab and shadow "
                "put the model next to the one in production, until promote_winner ends the "
                "contest.",
            ),
            "rollout_step": Param(
                default.step,
                type="integer",
                minimum=1,
                maximum=100,
                title="Step in percent",
                description="Of the fleet that a step moves, or of the requests in a contest.",
            ),
            "rollout_wait": Param(
                default.wait,
                type="integer",
                minimum=0,
                maximum=3600,
                title="Wait after each step",
                description="Seconds in which an alarm rolls the update back.",
            ),
            **LIMITS,
        },
    )


def autoscaling() -> Fields:
    """Return the section of the endpoint's autoscaling."""
    return section("Autoscaling", CAPACITY)


def jobs(**more: Param) -> Fields:
    """Return the section of a run's jobs and their cost."""
    return section("Jobs and cost", {**more, "max_cost": MAX_COST, "follow_logs": FOLLOW_LOGS})
