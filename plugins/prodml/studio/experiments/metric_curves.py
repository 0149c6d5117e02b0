"""Read the curves of the trials that are compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypedDict

from prodml.aws.client import Clients
from prodml.exceptions import InvalidInputError
from prodml.experiments.analytics import TRAINING_JOB, curves

MOST_TRIALS, MOST_METRICS = 20, 5  # 100 series are one call


class Curve(TypedDict):
    """A metric of a job while it trained, over iterations or minutes."""

    job: str
    metric: str
    unit: str
    x: list[float]
    y: list[float | None]


def metric_curves(aws: Clients, jobs: Mapping[str, str], metrics: Sequence[str]) -> list[Curve]:
    """Return the curves of *metrics* of training jobs.

    :param jobs: The jobs' names by ARN, which has the name in lower case.
    """
    if len(jobs) > MOST_TRIALS or len(metrics) > MOST_METRICS:
        raise InvalidInputError(
            f"{len(jobs)} trials and {len(metrics)} metrics are too many for one picture. "
            f"Choose at most {MOST_TRIALS} trials and {MOST_METRICS} metrics."
        )
    for arn, name in jobs.items():
        if not arn.endswith(f"{TRAINING_JOB}{name.lower()}"):
            raise InvalidInputError(f"{arn!r} is not the ARN of training job {name!r}. Reload.")
    read = curves(aws, jobs, metrics) if jobs and metrics else {}
    return [
        {
            "job": jobs[arn],
            "metric": metric,
            "unit": curve["unit"],
            "x": curve["x"],
            "y": [value if math.isfinite(value) else None for value in curve["y"]],
        }
        for (arn, metric), curve in read.items()
    ]
