"""From raw rows to a registered model: prepare, train or tune, select, judge."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from airflow.sdk import chain, task
from prodml.operators.ledger import LedgerOperator
from prodml.operators.lineage import LineageOperator
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.registry import RegisterModelPackageOperator
from prodml.operators.selection import SelectBestTrialOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.operators.tuning import TuningOperator
from prodml.operators.upload import UploadDatasetOperator
from prodml.results import BestTrial, Registered, Transformed, Trial

from include.pipelines import params
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts import (
    Budget,
    Contender,
    DataSets,
    Prepared,
    TrialArguments,
    TuningPlan,
    Verdict,
    Window,
)
from include.pipelines.data import runs
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.search_space import GRID
from include.pipelines.deployment import pins
from include.pipelines.evaluation import promotion
from include.pipelines.evaluation.scorecards import CANDIDATE_LINEAGE, basis, origin, stays
from include.pipelines.stages.references import called, output, output_as, outputs, templates
from include.pipelines.stages.shared import SOME, leaderboard
from include.pipelines.training import costs, requests, search
from include.pipelines.training.prices import prices
from include.settings import settings

log = logging.getLogger(__name__)


class Selection(NamedTuple):
    """The best trial, and the task whose page ranks it among the others."""

    best: BestTrial
    leaderboard: str


class Judged(NamedTuple):
    """Hold the results that a release reads."""

    window: Window
    best: BestTrial
    verdict: Verdict
    registered: Registered


@task
def resolve_window(pipeline: str, **context: Any) -> Window:
    """Which slices to train on; bad rows in them end the run here."""
    return settled(runs.resolve_window)(find(pipeline), context)


@task
def plan_candidates(pipeline: str, window: Window, data: DataSets) -> list[TrialArguments]:
    """Return the arguments of one training task for each candidate."""
    stated = find(pipeline)
    return [requests.trial(stated, c, window["prefix"], data) for c in stated.candidates]


@task
def plan_tuning(pipeline: str, window: Window, data: DataSets, **context: Any) -> TuningPlan:
    """The tuning job to start, and the one of an earlier run that it learns from."""
    stated, params = find(pipeline), context["params"]
    where, candidate = stated.searched
    training = requests.training(stated, candidate, window["prefix"], data)
    before = []
    if params["warm_start"] and params["strategy"] != GRID:
        run = context["dag_run"].run_id
        before = search.last_job(context["dag"].dag_id, run, search.objective(params))
    return {"config": search.request(where, params, training), "warm_start_from": before}


@task
def contenders(pipeline: str, best: BestTrial, window: Window) -> list[Contender]:
    """What is scored on the holdout: the best trial, and the model in production if any."""
    return promotion.contenders(find(pipeline), best, window["prefix"])


@task(task_id="judge")
def judge_best(
    pipeline: str,
    best: BestTrial,
    scored: Sequence[Transformed],
    window: Window,
    data: DataSets,
    leaderboard: str,
    **context: Any,
) -> Verdict:
    """Accepted or Rejected, with both scorecards and the reason."""
    decide = settled(promotion.judge)
    stated, params = find(pipeline), context["params"]
    how = {name: params[name] for name in ("min_gain", "allow_older")}
    verdict = decide(stated, best, list(scored), window, data, **how)
    made_by = origin(context["dag"].dag_id, context["dag_run"].run_id, leaderboard)
    verdict["metadata"] = {**verdict["metadata"], **made_by}
    verdict["scorecards"] += "\n\n" + basis(verdict["metadata"], stays(pins.pinned(stated)))
    log.info("%s", verdict["decision"])
    return verdict


@task
def bound_cost(pipeline: str, *, params: Any) -> Budget:
    """What the run may cost at most; above `max_cost` it ends here."""
    found = settled(costs.bound)(find(pipeline), params)
    log.info("At most $%s: %s", found["usd_at_most"], found)
    return found


def prepare(pipeline: Pipeline) -> tuple[Window, Prepared]:
    """Which slices, checked row by row; uploaded, and made into the run's data sets."""
    window = called(resolve_window)(pipeline.name)
    upload = UploadDatasetOperator(
        task_id="upload",
        multiple_outputs=True,
        bucket=settings().bucket,
        prefix=window["raw"],
        files=window["files"],
    )
    preprocess = ProcessingJobOperator(
        task_id="preprocess",
        multiple_outputs=True,
        **requests.preprocess(pipeline, window, output(upload)),
    )
    chain(bound_cost(pipeline.name), upload, preprocess)
    return window, output_as(Prepared, preprocess)


def compete(pipeline: Pipeline, window: Window, prepared: Prepared) -> Selection:
    """One trial per candidate, side by side; the best of them."""
    train = TrainTrialOperator.partial(
        task_id="train",
        shared_components=[prepared["trial_component"]],
        map_index_template="{{ task.name }}",
    ).expand_kwargs(plan_candidates(pipeline.name, window, prepared["outputs"]))
    trials = outputs(TrainTrialOperator, train)
    return _select(train, trials, trials, window)


def tune(pipeline: Pipeline, window: Window, prepared: Prepared) -> Selection:
    """One tuning job, whose training jobs are trials too; the best of them."""
    plan = called(plan_tuning)(pipeline.name, window, prepared["outputs"])
    tune = TuningOperator(
        task_id="tune",
        multiple_outputs=True,
        config=plan["config"],
        warm_start_from=plan["warm_start_from"],
        shared_components=[prepared["trial_component"]],
    )
    tuned = output(tune)
    return _select(tune, [tuned["best"]], [{"job_name": tuned["job_name"]}], window)


def _select(trained: Any, trials: list[Trial], current: Sequence[Any], window: Window) -> Selection:
    """The best trial by the form's metric; this run's, and earlier ones, in their order."""
    best = SelectBestTrialOperator(
        task_id="select_best",
        multiple_outputs=True,
        trials=trials,
        trigger_rule=SOME,
        **params.SELECTION,
    )
    caption = f"window {window['start']} to {window['end']}, {window['rows']} rows"
    board = leaderboard(f"{window['prefix']}/leaderboard", current, caption)
    chain(trained, board)
    return Selection(output(best), board.task_id)


def judge(pipeline: Pipeline, window: Window, prepared: Prepared, selection: Selection) -> Judged:
    """The best trial against the model in production on one holdout; registered either way."""
    best, data = selection.best, prepared["outputs"]
    score_holdout = BatchTransformOperator.partial(
        task_id="score_holdout", input_uri=f"{templates(DataSets, data)['holdout']}/"
    )
    score = score_holdout.expand_kwargs(contenders(pipeline.name, best, window))
    ledger = LedgerOperator(
        task_id="ledger",
        output_uri=window["prefix"],
        prices=prices().hourly,
        trigger_rule="none_skipped",  # what failed was paid for too; an idle run paid nothing
    )
    chain(score, ledger)
    scored = outputs(BatchTransformOperator, score)
    verdict = called(judge_best)(
        pipeline.name, best, scored, window, data, leaderboard=selection.leaderboard
    )
    register = RegisterModelPackageOperator(
        task_id="register",
        multiple_outputs=True,
        container=best["container"],
        approval=verdict["approval"],
        approval_description=verdict["decision"],
        metadata=verdict["metadata"],
        metrics=verdict["metrics"],
    )
    lineage = LineageOperator(
        task_id=CANDIDATE_LINEAGE,
        trial=f"{best['trial']}",
        output_uri=f"{window['prefix']}/lineage.csv",
    )
    chain(register, lineage)
    return Judged(window, best, verdict, output(register))
