"""Rank the trials of an experiment; write the ranking as a CSV file and a report page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from prodml.aws.s3 import join, put_text
from prodml.aws.tags import tags_of
from prodml.exceptions import InvalidInputError
from prodml.experiments.analytics import curves, training_rows
from prodml.experiments.ranking import STATISTICS, as_csv, metric_names, ranked
from prodml.links.report import LeaderboardLink, publish
from prodml.naming import identity_of
from prodml.operators.base import AwsOperator
from prodml.rendered import given
from prodml.reports.leaderboard import page
from prodml.vocabulary import Direction, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

SHOWN = 20  # rows in the task's result; the CSV file has them all


class LeaderboardOperator(AwsOperator):
    """
    Rank an experiment's trials by any metric and statistic; :func:`ranked` states the rules.

    With *current*, the page has two tables: this run's trials, with the winner marked, and those of
    earlier runs. The CSV file separates them by its column ``run``.

    Returns ``{"experiment", "metric", "trials", "winner", "earlier", "csv", "page", "board": the
    first rows}``; *board* and *trials* cover this run, *earlier* counts the other trials.

    :param experiment: The experiment.
    :param metric: The metric to rank by.
    :param output_uri: The S3 prefix of ``leaderboard.csv`` and ``leaderboard.html``.
    :param statistic: ``Last``, ``Min``, ``Max``, ``Avg``, ``StdDev`` or ``Count``.
    :param direction: ``Maximize`` or ``Minimize``.
    :param trials: Names of the trials to rank; all trials of the experiment if left out.
    :param current: The results of this run's training tasks, or of its tuning task; if left out,
        all trials are in one table.
    :param caption: A line below the heading, such as the data window of this run.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "experiment",
        "metric",
        "output_uri",
        "statistic",
        "direction",
        "trials",
        "current",
        "caption",
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
        current: Sequence[Json] | None = None,
        caption: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.experiment = experiment
        self.metric = metric
        self.output_uri = output_uri
        self.statistic = statistic
        self.direction = direction
        self.trials = trials
        self.current = current
        self.caption = caption

    def execute(self, context: Context) -> Json:
        if self.statistic not in STATISTICS:
            raise InvalidInputError(
                f"Invalid statistic {self.statistic!r}. Use one of {STATISTICS}."
            )
        rows = training_rows(self.aws, self.experiment)
        if self.trials is not None:
            rows = [row for row in rows if row["trial"] in self.trials]
        mine = [row for row in rows if self._is_current(context, row)]
        board, earlier = (self._ranked(part) for part in (mine, _without(rows, mine)))
        csv = put_text(self.s3, join(self.output_uri, "leaderboard.csv"), as_csv(board, earlier))
        shown = put_text(
            self.s3,
            join(self.output_uri, "leaderboard.html"),
            self._page(board, earlier),
            "text/html",
        )
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
            "winner": board[0]["name"] if board and board[0]["rank"] else None,
            "earlier": len(earlier),
            "csv": csv,
            "page": shown,
            "board": [{key: row[key] for key in kept} for row in board[:SHOWN]],
        }

    def _ranked(self, rows: Sequence[Json]) -> list[Json]:
        return ranked(rows, self.metric, self.statistic, Direction(self.direction))

    def _is_current(self, context: Context, row: Json) -> bool:
        """Return whether a trial is of this run: by its result, or its job's tags if it failed."""
        if self.current is None:
            return True
        names = [result["job_name"] for result in self.current if result]
        if any(row["job"] == name or row["job"].startswith(f"{name}-") for name in names):
            return True
        owner = identity_of(tags_of(self.sagemaker, row["SourceArn"]))
        return owner is not None and owner.same_run(self.identity(context))

    def _page(self, board: Sequence[Json], earlier: Sequence[Json]) -> str:
        both = [*board, *earlier]
        jobs = {row["arn"]: row["job"] for row in both}
        series = curves(self.aws, jobs, metric_names(both))
        when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        caption = ", ".join(part for part in (given(self.caption), when) if part)
        metric = f"{self.metric}, {self.statistic}"
        return page(self.experiment, metric, board, series, earlier, caption)


def _without(rows: Sequence[Json], others: Sequence[Json]) -> list[Json]:
    jobs = {row["job"] for row in others}
    return [row for row in rows if row["job"] not in jobs]
