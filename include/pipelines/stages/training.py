"""From raw rows to a registered model: prepare, train or tune, select, judge."""

from __future__ import annotations

from airflow.sdk import chain
from prodml.operators.ledger import LedgerOperator
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.registry import RegisterModelPackageOperator
from prodml.operators.selection import SelectBestTrialOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.operators.tuning import TuningOperator
from prodml.operators.upload import UploadDatasetOperator

from include.pipelines import params, requests, tasks
from include.pipelines.pipeline import Pipeline
from include.pipelines.prices import prices
from include.pipelines.stages.wires import SOME, Wire, leaderboard
from include.settings import settings


def prepare(pipeline: Pipeline) -> tuple[Wire, Wire]:
    """Which slices, checked row by row; uploaded, and made into the run's data sets."""
    window = tasks.resolve_window(pipeline.name)
    upload = UploadDatasetOperator(
        task_id="upload", bucket=settings().bucket, prefix=window["raw"], files=window["files"]
    )
    preprocess = ProcessingJobOperator(
        task_id="preprocess", multiple_outputs=True, **requests.preprocess(pipeline)
    )
    chain(tasks.bound_cost(pipeline.name), upload, preprocess)
    return window, preprocess.output


def compete(pipeline: Pipeline, prepared: Wire) -> Wire:
    """One trial per candidate, side by side; the best of them."""
    train = TrainTrialOperator.partial(
        task_id="train",
        shared_components=[prepared["trial_component"]],
        map_index_template="{{ task.name }}",
    ).expand_kwargs(requests.candidates(pipeline))
    return _select(train, train.output)


def tune(pipeline: Pipeline, window: Wire, prepared: Wire) -> Wire:
    """One tuning job, whose training jobs are trials too; the best of them."""
    plan = tasks.plan_tuning(pipeline.name, window, prepared["outputs"])
    tune = TuningOperator(
        task_id="tune",
        multiple_outputs=True,
        config=plan["config"],
        warm_start_from=plan["warm_start_from"],
        shared_components=[prepared["trial_component"]],
    )
    return _select(tune, [tune.output["best"]])


def _select(trained: Wire, trials: Wire) -> Wire:
    """The best trial by the form's metric; all of the experiment in their order."""
    best = SelectBestTrialOperator(
        task_id="select_best",
        multiple_outputs=True,
        trials=trials,
        trigger_rule=SOME,
        **params.SELECTION,
    )
    board = leaderboard(f"{requests.PREFIX}/leaderboard")
    chain(trained, board)
    return best.output


def judge(pipeline: Pipeline, window: Wire, prepared: Wire, best: Wire) -> tuple[Wire, Wire]:
    """The best trial against the model in production on one holdout; registered either way."""
    score_holdout = BatchTransformOperator.partial(
        task_id="score_holdout", input_uri=requests.HOLDOUT
    )
    score = score_holdout.expand_kwargs(tasks.contenders(pipeline.name, best, window))
    ledger = LedgerOperator(
        task_id="ledger",
        output_uri=f"{requests.PREFIX}/ledger.csv",
        prices=prices().hourly,
        trigger_rule="none_skipped",  # what failed was paid for too; an idle run paid nothing
    )
    chain(score, ledger)
    verdict = tasks.judge(pipeline.name, best, score.output, window, prepared["outputs"])
    register = RegisterModelPackageOperator(
        task_id="register",
        multiple_outputs=True,
        container=best["container"],
        approval=verdict["approval"],
        approval_description=verdict["decision"],
        metadata=verdict["metadata"],
        metrics=verdict["metrics"],
    )
    return verdict, register.output
