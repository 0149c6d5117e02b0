"""Define the requests of the tasks that train, and what they can cost."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class Expense(TypedDict):
    """The most that the jobs of one step can cost, on the dearest type that they may run on."""

    step: str
    jobs: int
    instances: int
    instance_type: str
    usd_per_hour: float
    usd_at_most: float


class Budget(TypedDict):
    """The most that a run's jobs can cost, and what the figure is made of."""

    usd_at_most: float
    jobs: int
    steps: list[Expense]
    prices_of: str


class TrialArguments(TypedDict):
    """The arguments of one mapped training task."""

    name: str
    config: dict[str, Any]
    instance_types: list[str]
    algorithm: NotRequired[str]
    source_dir: NotRequired[str]
    entry_point: NotRequired[str]
    rules: NotRequired[list[dict[str, Any]]]


class TuningPlan(TypedDict):
    """A tuning job's request, and the earlier tuning jobs that it learns from."""

    config: dict[str, Any]
    instance_types: list[str]
    warm_start_from: list[str]


class AutoMLPlan(TypedDict):
    """The request of an AutoML job."""

    config: dict[str, Any]


class PackingPlan(TypedDict):
    """The request of the job that packs a model, and the arguments of its program."""

    config: dict[str, Any]
    arguments: list[str]


class Packed(TypedDict):
    """The result of that job: the S3 prefix of the archive by the name of the output."""

    outputs: dict[str, str]
