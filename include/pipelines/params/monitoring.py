"""The forms of DAGs that read what has happened: scoring a file, checking for drift."""

from __future__ import annotations

from airflow.sdk import Param

from include.pipelines.params.fields import day, moment
from include.settings import settings

# No rule asks for more alerts than it looks at windows: `3 of 2` is refused by the form.
K_OF_N = "^(" + "|".join(f"[1-{n}] of {n}" for n in range(1, 10)) + ")$"

FAIL_ON_ALERT = Param(
    settings().fail_on_alert,
    type="boolean",
    description="Whether an alert fails the task `alert`, and so the run.",
)

SCORE = {
    "slice": day("A day of the week to score. Empty: the run's interval, else the newest slice."),
    "fail_on_alert": FAIL_ON_ALERT,
}

CHECK = {
    "window_start": moment("First moment of the traffic to check. Empty: the run's interval."),
    "window_end": moment("First moment after it."),
    "alerts_of_windows": Param(
        "2 of 3",
        type="string",
        pattern=K_OF_N,
        description="How many of the last windows must alert before anything follows.",
    ),
    "fail_on_alert": FAIL_ON_ALERT,
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
