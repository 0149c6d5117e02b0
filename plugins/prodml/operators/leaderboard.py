"""Rank the trials of an experiment, as a result, a CSV file and a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.s3 import join, put_text
from prodml.experiments.analytics import curves, training_rows
from prodml.experiments.ranking import STATISTICS, as_csv, ranked
from prodml.links.report import LeaderboardLink, publish
from prodml.operators.base import AwsOperator
from prodml.reports.leaderboard import page
from prodml.vocabulary import Direction, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

SHOWN = 20  # rows in the task's result; the CSV file has them all


class LeaderboardOperator(AwsOperator):
    """
    Rank an experiment's trials by any metric and statistic; :func:`ranked` states the rules.

    Returns ``{"experiment", "metric", "trials", "csv", "page", "board": the first rows}``.

    :param experiment: The experiment.
    :param metric: The metric to rank by.
    :param output_uri: The S3 prefix of ``leaderboard.csv`` and ``leaderboard.html``.
    :param statistic: ``Last``, ``Min``, ``Max``, ``Avg``, ``StdDev`` or ``Count``.
    :param direction: ``Maximize`` or ``Minimize``.
    :param trials: Names of the trials to rank; all of the experiment if left out.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "experiment",
        "metric",
        "output_uri",
        "statistic",
        "direction",
        "trials",
    )
    operator_extra_links = (LeaderboardLink(),)

    def __init__(
        self,
        *,
        experiment: str,
        metric: str,
        output_uri: str,
        statistic: str = "Last",
        direction: str = Direction.MAXIMIZE,
        trials: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.experiment = experiment
        self.metric = metric
        self.output_uri = output_uri
        self.statistic = statistic
        self.direction = direction
        self.trials = trials

    def execute(self, context: Context) -> Json:
        if self.statistic not in STATISTICS:
            raise ValueError(f"statistic is {self.statistic!r}; take one of {STATISTICS}.")
        rows = training_rows(self.aws, self.experiment)
        if self.trials is not None:
            rows = [row for row in rows if row["trial"] in self.trials]
        board = ranked(rows, self.metric, self.statistic, Direction(self.direction))
        series = curves(self.aws, [r["arn"] for r in board], _names(board))
        csv = put_text(self.s3, join(self.output_uri, "leaderboard.csv"), as_csv(board))
        html = page(self.experiment, f"{self.metric}, {self.statistic}", board, series)
        shown = put_text(self.s3, join(self.output_uri, "leaderboard.html"), html, "text/html")
        publish(context["ti"], shown, self.aws.arguments())
        for row in board[:SHOWN]:
            self.log.info(
                "%s  %s  %s", row["rank"] or "-", row["name"], row["reason"] or row["value"]
            )
        kept = ("rank", "name", "trial", "job", "value", "reason")
        return {
            "experiment": self.experiment,
            "metric": self.metric,
            "trials": len(board),
            "csv": csv,
            "page": shown,
            "board": [{key: row[key] for key in kept} for row in board[:SHOWN]],
        }


def _names(board: Sequence[Json]) -> list[str]:
    return sorted({name for row in board for name in row["metrics"]})
