"""The Trigger forms: typed, with ranges, so that the form refuses what cannot work."""

from __future__ import annotations

from airflow.sdk import Param

from include.pipelines.churn import METRIC

METRICS = [METRIC, "train:auc"]


def _day(description: str) -> Param:
    return Param(None, type=["null", "string"], format="date", description=description)


def _moment(description: str) -> Param:
    return Param(None, type=["null", "string"], format="date-time", description=description)


RETRAIN = {
    "window_end": _day(
        "First day after the data to train on. Empty: the run's interval, else the newest slice."
    ),
    "window_slices": Param(
        8, type="integer", minimum=2, maximum=52, description="Weeks of data; the last is held out."
    ),
    "metric": Param(
        METRIC, type="string", enum=METRICS, description="What the best trial is best at."
    ),
    "direction": Param("Maximize", type="string", enum=["Maximize", "Minimize"]),
    "min_gain": Param(
        0.005,
        type="number",
        minimum=0,
        maximum=0.5,
        description="How much better in holdout AUC than production a model must be to replace it.",
    ),
    "min_instances": Param(1, type="integer", minimum=1, maximum=10),
    "max_instances": Param(2, type="integer", minimum=1, maximum=20),
    "target_invocations": Param(
        1000,
        type="number",
        minimum=1,
        maximum=100_000,
        description="Invocations per instance and minute that autoscaling holds.",
    ),
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
        pattern="^[1-9] of [1-9]$",
        description="How many of the last windows must alert before anything follows.",
    ),
}
TEAR_DOWN = {
    "confirm": Param(
        False,
        type="boolean",
        description="Tick to delete the endpoint, its configs and its models.",
    ),
}
