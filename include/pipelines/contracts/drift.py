"""Define the arguments of drift checks, and their verdicts."""

from __future__ import annotations

from typing import TypedDict


class Traffic(TypedDict):
    """The part of a check's arguments that drift and model quality share."""

    endpoint: str
    captures: list[str]
    window_start: str
    window_end: str
    output_uri: str
    model_package_arn: str | None
    predictions_uri: str | None


class DriftQuestion(Traffic):
    """The arguments of one mapped drift check."""

    baseline_uri: str | None
    calibration_uri: str | None
    history_uri: str | None


class QualityQuestion(Traffic):
    """The arguments of one mapped check of model quality."""

    holdout_labels_uri: str | None


class VersionVerdict(TypedDict):
    """The verdict on a version's part of a window, by the check and by labels that arrived."""

    endpoint: str
    model_package_arn: str | None
    window_start: str
    window_end: str
    outcome: str
    columns: list[str]
    rows: int
    report: str | None
    reason: str | None
    drift: str | None
    data_quality: str | None
    prediction_drift: list[str]
    joint_drift: list[str]
    worse_estimates: list[str]
    model_quality: str | None
    worse_metrics: list[str]
    alerts: bool


class WindowVerdict(VersionVerdict):
    """The verdict on an endpoint by its version in service, and the action that follows.

    *others* are versions that answered in the window and are not in service any more.
    """

    others: list[VersionVerdict]
    action: str
    why: str


class EstimatedScore(TypedDict):
    """The score that decides, estimated without labels; it warns and alerts from these values."""

    score: str
    status: str
    expected: float | None
    warn: float | None
    alert: float | None


class Figures(TypedDict):
    """The figures of a window that the trend and Studio show.

    *distances* are by column, with the *thresholds* that warn and that alert; *joint* is the
    distance of all columns together, *estimated* the score that was estimated without labels, and
    *estimate* what it is compared with.
    """

    distances: dict[str, float]
    thresholds: dict[str, tuple[float, float]]
    joint: float | None
    joint_thresholds: tuple[float, float] | None
    estimated: float | None
    estimate: EstimatedScore | None


class KeptWindow(WindowVerdict, Figures):
    """A verdict in the history of checks, with its figures."""


class Conclusion(WindowVerdict):
    """The verdict on the endpoint that is worst off, and those on all endpoints."""

    endpoints: list[WindowVerdict]
