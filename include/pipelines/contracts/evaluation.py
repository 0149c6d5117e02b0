"""Define the comparison of a challenger with the champion, and a version's metadata."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from prodml.results import Container


class Contender(TypedDict):
    """The arguments of one mapped transform task: a model that answers the rows of a data set."""

    containers: list[Container]
    config: dict[str, Any]
    accept: str
    input_uri: str
    output_uri: str


class EvaluationPlan(TypedDict):
    """The request of an evaluation job, and the arguments of its program."""

    config: dict[str, Any]
    arguments: list[str]


class Origin(TypedDict, total=False):
    """The run that made a version, and the task of its leaderboard; empty if not storable."""

    made_by_dag: str
    made_by_run: str
    leaderboard: str


class VersionFacts(Origin):
    """The metadata that a version is registered with; every property is text."""

    window_start: str
    window_end: str
    baseline: str
    preprocessing: str
    input_contract: str
    schema_digest: str
    threshold: str
    holdout_scores: str
    holdout_labels: str
    trial: str
    started_by: str
    endpoint: str
    judged_by: str
    holdout_rows: str
    calibration: NotRequired[str]  # of a model that answers probabilities
    training_rows: NotRequired[str]  # of training and validation, if preprocessing counts them
    decided: NotRequired[str]  # of a version that the comparison has rejected, as for an approval
    decided_by: NotRequired[str]
    decided_at: NotRequired[str]


class Verdict(TypedDict):
    """The comparison of challenger and champion, ready to be registered and to be shown."""

    approval: str
    outcome: str
    decision: str
    scorecards: str
    holdout: dict[str, dict[str, float] | None]
    metrics: dict[str, float]
    metadata: VersionFacts
    containers: list[Container]
