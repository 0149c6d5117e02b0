"""The forms of DAGs that read what has happened: scoring a file, checking for drift."""

from __future__ import annotations

from airflow.sdk import Param

from include.pipelines.params.fields import instant, moment, section
from include.settings import settings

# No rule asks for more alerts than it checks windows: `3 of 2` is refused by the form.
K_OF_N = "^(" + "|".join(f"[1-{n}] of {n}" for n in range(1, 10)) + ")$"

FAIL_ON_ALERT = Param(
    settings().fail_on_alert,
    type="boolean",
    title="Fail on an alert",
    description="Let an alert fail the task `alert`, and so the run.",
)

SCORE = {
    "partition": instant(
        "Time to score",
        "A time within the partition to score. Empty: the run's interval, else the newest one.",
    ),
    "fail_on_alert": FAIL_ON_ALERT,
}

REACTION = {
    "alerts_of_windows": Param(
        "2 of 3",
        type="string",
        pattern=K_OF_N,
        title="Alerts of windows",
        description="How many of the last windows must alert before anything follows.",
    ),
    "cooldown_hours": Param(
        24,
        type="number",
        minimum=0,
        maximum=720,
        title="Cooldown in hours",
        description="After an alert has started a retrain, how long no other one does.",
    ),
    "fail_on_alert": FAIL_ON_ALERT,
}

CHECK = {
    "window_start": moment(
        "Start of the traffic", "First moment of the traffic to check. Empty: the run's interval."
    ),
    "window_end": moment("End of the traffic", "First moment after it."),
    "endpoints": Param(
        [],
        type="array",
        items={"type": "string"},
        title="Endpoints",
        description="Empty: the pipeline's own.",
    ),
    "baseline": Param(
        "training",
        type="string",
        enum=["training", "rolling", "same_hour_of_week"],
        title="Baseline",
        description="What traffic is compared with. Earlier windows count once three were calm.",
    ),
    **section("After an alert", REACTION),
    **section(
        "Labels",
        {
            "label_delay_hours": Param(
                168,
                type="number",
                minimum=0,
                maximum=8760,
                title="Delay of labels in hours",
                description="How long after an answer its label is known.",
            ),
        },
    ),
}
