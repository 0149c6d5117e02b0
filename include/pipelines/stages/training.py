"""From raw rows to the best trial: prepare, train or tune, select."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from airflow.sdk import chain, task
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.selection import SelectBestTrialOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.tuning import TuningOperator
from prodml.results import BestTrial, Trial

from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.data import DataSets, Prepared, Window
from include.pipelines.contracts.training import Budget, TrialArguments, TuningPlan
from include.pipelines.data import runs
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.resources import Step
from include.pipelines.definition.search_space import GRID
from include.pipelines.stages.groups import group
from include.pipelines.stages.references import called, output, output_as, outputs, task_of
from include.pipelines.stages.shared import SOME, leaderboard
from include.pipelines.training import costs, requests, search
from include.pipelines.training.candidates import chosen

log = logging.getLogger(__name__)


class Selection(NamedTuple):
    """The best trial, and the task whose page ranks it among the others."""

    best: BestTrial
    leaderboard: str


@task
def resolve_window(pipeline: str, **context: Any) -> Window:
    """Return the window of partitions to train on, with the manifest of their objects."""
    return settled(runs.resolve_window)(find(pipeline), context)


@task
def plan_candidates(
    pipeline: str, window: Window, data: DataSets, *, params: Any
) -> list[TrialArguments]:
    """Return the arguments of one training task for each candidate of the run."""
    stated = find(pipeline)
    candidates = settled(chosen)(stated.candidates, params)
    return [requests.trial(stated, c, window["artifacts"], data) for c in candidates]


@task
def plan_tuning(pipeline: str, window: Window, data: DataSets, **context: Any) -> TuningPlan:
    """The tuning job to start, and the one of an earlier run that it learns from."""
    stated, params = find(pipeline), context["params"]
    where, searched = stated.searched
    (candidate,) = settled(chosen)([searched], params)
    training = requests.training(stated, candidate, window["artifacts"], data)
    before = []
    if params["warm_start"] and params["strategy"] != GRID:
        run = context["dag_run"].run_id
        before = search.last_job(context["dag"].dag_id, run, search.objective(params))
    return {
        "config": search.request(where, params, training),
        "instance_types": stated.training(candidate).fallbacks(Step.TRAINING),
        "warm_start_from": before,
    }


@task
def check_budget(pipeline: str, *, params: Any) -> Budget:
    """Return the maximum cost of the run; above `max_cost` the run ends here."""
    budget = settled(costs.bound)(find(pipeline), params)
    log.info("At most $%s: %s", budget["usd_at_most"], budget)
    return budget


def prepare(pipeline: Pipeline) -> tuple[Window, Prepared]:
    """List the window's partitions, and make the run's data sets of exactly their objects."""
    with group("prepare_data", "Prepare data", "Partitions listed and preprocessed"):
        window = called(resolve_window)(pipeline.name)
        preprocess = ProcessingJobOperator(
            task_id="preprocess",
            multiple_outputs=True,
            **requests.preprocess(pipeline, window),
        )
        chain([task_of(window), check_budget(pipeline.name)], preprocess)
    return window, output_as(Prepared, preprocess)


def compete(pipeline: Pipeline, window: Window, prepared: Prepared) -> Selection:
    """Train one trial per candidate, side by side; select the best of them."""
    with group("train_candidates", "Train candidates", "One trial per candidate, and the best"):
        train = TrainTrialOperator.partial(
            task_id="train",
            shared_components=[prepared["trial_component"]],
            map_index_template="{{ task.name }}",
        ).expand_kwargs(plan_candidates(pipeline.name, window, prepared["outputs"]))
        trials = outputs(TrainTrialOperator, train)
        return select(train, trials, trials, window)


def tune(pipeline: Pipeline, window: Window, prepared: Prepared) -> Selection:
    """Run one tuning job, whose training jobs are trials too; select the best of them."""
    with group("search", "Search hyperparameters", "A tuning job, and the best of its trials"):
        plan = called(plan_tuning)(pipeline.name, window, prepared["outputs"])
        tune = TuningOperator(
            task_id="tune",
            multiple_outputs=True,
            config=plan["config"],
            instance_types=plan["instance_types"],
            warm_start_from=plan["warm_start_from"],
            shared_components=[prepared["trial_component"]],
        )
        tuned = output(tune)
        return select(tune, [tuned["best"]], [{"job_name": tuned["job_name"]}], window)


def select(trained: Any, trials: list[Trial], current: Sequence[Any], window: Window) -> Selection:
    """Select the best trial by the form's metric; rank this run's trials and earlier ones."""
    best = SelectBestTrialOperator(
        task_id="select_best",
        multiple_outputs=True,
        trials=trials,
        trigger_rule=SOME,
        **params.SELECTION,
    )
    caption = f"window {window['start']} to {window['end']}"
    board = leaderboard(f"{window['artifacts']}/leaderboard", current, caption)
    chain(trained, board)
    return Selection(output(best), board.task_id)
