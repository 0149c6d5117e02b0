"""Share the wiring that every stage uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prodml.operators.leaderboard import LeaderboardOperator

from include.pipelines import params

# A trial that failed stays red, and has its place; the others continue without it.
SOME = "all_done_min_one_success"

# Endpoint and version, in the end after the outcome: Airflow filters task instances by a prefix.
OUTCOME = (
    "{% set version = (task.model_package_arn or '').rpartition('/')[2] %}"
    "{{ [task.outcome, task.endpoint, version] | select | join(' ') }}"
)


def leaderboard(output_uri: str, current: Sequence[Any], caption: str = "") -> LeaderboardOperator:
    """Rank this run's trials as the form asks, and those of earlier runs."""
    return LeaderboardOperator(
        task_id="leaderboard",
        output_uri=output_uri,
        current=current,
        caption=caption,
        trigger_rule=SOME,
        **params.SELECTION,
    )
