"""Select the best of several trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.exceptions import NothingToSelectError
from prodml.experiments.ranking import metric_names, sort_key, why_unranked
from prodml.experiments.trials import mark_selected, measured
from prodml.operators.base import AwsOperator
from prodml.results import BestTrial, Trial
from prodml.vocabulary import Direction, JobStatus, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

LAST = "Last"
DECISION = ("metric", "statistic", "value", "direction")


class SelectBestTrialOperator(AwsOperator):
    """
    Rank the trials of an experiment by one metric, and return the best one.

    The ranking reads the rows of ``ExperimentAnalytics``, by the search that it uses. A metric that
    this search does not show yet is taken from the trial's own result, which has only the last
    value. A trial that failed or lacks the metric ranks last; of equal trials, the first by name
    wins. The decision is recorded as a component of the winning trial, with
    `sagemaker-experiments`.

    Returns the result of the best trial with ``{"metric", "statistic", "value", "direction",
    "ranking"}``.

    :param experiment: The experiment of the trials.
    :param trials: The results of :class:`~prodml.operators.training.TrainTrialOperator`.
    :param metric: The metric to rank by.
    :param direction: ``Maximize`` or ``Minimize``.
    :param statistic: The statistic of the metric: ``Last``, ``Min``, ``Max``, ``Avg``, ...
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "experiment",
        "trials",
        "metric",
        "direction",
        "statistic",
    )

    def __init__(
        self,
        *,
        experiment: str,
        trials: Sequence[Trial],
        metric: str,
        direction: str = Direction.MAXIMIZE,
        statistic: str = LAST,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.experiment = experiment
        self.trials = trials
        self.metric = metric
        self.direction = direction
        self.statistic = statistic

    def execute(self, context: Context) -> BestTrial:
        trials = [trial for trial in self.trials if trial]
        values = self._values(trials)
        order = best_first(trials, values, self.metric, Direction(self.direction))
        best, value = order[0] if order else (None, None)
        if best is None or value is None:
            raise NothingToSelectError(self._why_none(trials))
        chosen: BestTrial = {
            **best,
            "metric": self.metric,
            "statistic": self.statistic,
            "value": value,
            "direction": str(self.direction),
            "ranking": [_line(trial, value) for trial, value in order],
        }
        decision = {name: value for name, value in chosen.items() if name in DECISION}
        mark_selected(self.sagemaker, best["trial"], decision | {"candidates": len(trials)})
        self.log.info("%s wins with %s = %s", best["name"], self.metric, value)
        return chosen

    def _values(self, trials: Sequence[Trial]) -> list[float | None]:
        known = measured(self.aws, self.experiment, self.metric, self.statistic)
        own = [t["metrics"].get(self.metric) if self.statistic == LAST else None for t in trials]
        return [known.get(t["job_name"], value) for t, value in zip(trials, own, strict=True)]

    def _why_none(self, trials: Sequence[Trial]) -> str:
        names = metric_names(trials)
        return (
            f"None of {len(trials)} trials of experiment {self.experiment!r} reports the metric "
            f"{self.metric!r}. Metrics that they report: {', '.join(names) or 'none'}."
        )


def best_first(
    trials: Sequence[Trial], values: Sequence[float | None], metric: str, direction: Direction
) -> list[tuple[Trial, float | None]]:
    """Return trials with their values in the leaderboard's order; None for what has no rank."""
    pairs = [
        (trial, None if why_unranked(_status(trial), value, metric) else value)
        for trial, value in zip(trials, values, strict=True)
    ]
    return sorted(pairs, key=lambda pair: sort_key(pair[1], pair[0]["name"], direction))


def _status(trial: Trial) -> str:
    """Return the status that counts: a stopped job has a result if its model is usable."""
    return JobStatus.COMPLETED if "stopped_by" in trial else trial["status"]


def _line(trial: Trial, value: float | None) -> Json:
    fields = ("name", "trial", "job_name", "algorithm", "status")
    return {field: trial.get(field) for field in fields} | {"value": value}
