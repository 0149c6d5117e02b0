"""The parts of the loop, wired: a DAG file joins them, and every pipeline's DAGs share them."""

from __future__ import annotations

from typing import Any

from airflow.sdk import chain
from prodml.hooks.contests import CHALLENGER
from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.approval import ApproveModelPackageOperator
from prodml.operators.autoscaling import AutoscalingOperator
from prodml.operators.contest import CompareVariantsOperator, PromoteWinnerOperator
from prodml.operators.deletion import DeleteEndpointOperator
from prodml.operators.deployment import DeployEndpointOperator
from prodml.operators.drift import DriftCheckOperator
from prodml.operators.experiments import LogTrialComponentOperator
from prodml.operators.leaderboard import LeaderboardOperator
from prodml.operators.ledger import LedgerOperator
from prodml.operators.lineage import LineageOperator
from prodml.operators.load_test import LoadTestOperator
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.project import EnsureExperimentOperator
from prodml.operators.registry import RegisterModelPackageOperator
from prodml.operators.selection import SelectBestTrialOperator
from prodml.operators.smoke import SmokeTestOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.operators.tuning import TuningOperator
from prodml.operators.upload import UploadDatasetOperator

from include import assets
from include.pipelines import mnist, params, requests, tasks
from include.pipelines.pipeline import Pipeline
from include.pipelines.prices import prices
from include.pipelines.scoring import BINARY
from include.pipelines.studies import Study
from include.settings import settings

# A trial that failed stays red, and has its place; the others go on without it.
SOME = "all_done_min_one_success"
Wire = Any  # what a task will return: an XComArg, as Airflow's own signatures do not say


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
    board = LeaderboardOperator(
        task_id="leaderboard",
        output_uri=f"{requests.PREFIX}/leaderboard",
        trigger_rule=SOME,
        **params.SELECTION,
    )
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


def release(pipeline: Pipeline, verdict: Wire, registered: Wire) -> None:
    """An accepted and approved model goes into production unless another one is pinned there."""
    arn = registered["model_package_arn"]
    gate = approve(arn, f"Deploy the new {pipeline.name} model?", verdict)
    chain(registered, tasks.accepted(verdict), gate)
    watch = EndpointAlarmsOperator(task_id="watch", multiple_outputs=True, **params.ALARMS)
    deploy = DeployEndpointOperator(
        task_id="deploy",
        model_package_arn=arn,
        data_capture_uri=pipeline.uri("capture"),
        order_by="window_end",
        insist="{{ params.insist }}",
        rollback_alarms=watch.output["alarms"],
        smoke_payload=pipeline.smoke_row(),
        max_active_tis_per_dag=1,
        **params.ROLLOUT,
    )
    autoscale = AutoscalingOperator(task_id="autoscale", **params.scaling(*pipeline.scaling))
    smoke_test = SmokeTestOperator(
        task_id="smoke_test",
        payload=pipeline.smoke_row(),
        **({"lower": 0.0, "upper": 1.0} if pipeline.problem == BINARY else {}),
    )
    announce = tasks.announce.override(outlets=[assets.model(pipeline.name)])
    announced = announce(pipeline.name, verdict, registered, deploy.output)
    lineage = LineageOperator(
        task_id="lineage",
        trial=requests.BEST_TRIAL,
        output_uri=f"{requests.PREFIX}/lineage.csv",
    )
    chain(gate, tasks.unpinned(pipeline.name), watch, deploy, autoscale, smoke_test)
    chain(smoke_test, [announced, lineage])


def approve(model_package_arn: Wire, subject: str, verdict: Wire) -> ApproveModelPackageOperator:
    """Somebody, or the form's `auto_approve`, sets the version's approval status."""
    return ApproveModelPackageOperator(
        task_id="approve",
        model_package_arn=model_package_arn,
        subject=subject,
        body=verdict["scorecards"],
        **params.GATE,
    )


def deploy_version(plan: Wire) -> None:
    """The chosen version, approved and pinned, goes into production, is scaled and asked once."""
    gate = approve(plan["model_package_arn"], "Deploy this version?", plan)
    watch = EndpointAlarmsOperator(
        task_id="watch", multiple_outputs=True, endpoint=plan["endpoint"], **params.ALARMS
    )
    deploy = DeployEndpointOperator(
        task_id="deploy",
        endpoint=plan["endpoint"],
        model_package_arn=plan["model_package_arn"],
        data_capture_uri=plan["capture"],
        rollback_alarms=watch.output["alarms"],
        smoke_payload=plan["payload"],
        max_active_tis_per_dag=1,
        **params.ROLLOUT,
    )
    autoscale = AutoscalingOperator(
        task_id="autoscale",
        endpoint=plan["endpoint"],
        prune=False,  # a pipeline's own policies are known to its own DAGs alone
        **params.scaling(),
    )
    smoke_test = SmokeTestOperator(
        task_id="smoke_test", endpoint=plan["endpoint"], payload=plan["payload"]
    )
    chain(gate, tasks.hold(plan), watch, deploy, tasks.set_expiry(plan), autoscale, smoke_test)


def end_contest() -> None:
    """The challenger watched, compared with the model in production, and the better one alone."""
    endpoint = tasks.endpoint_of()
    watch = EndpointAlarmsOperator(
        task_id="watch",
        multiple_outputs=True,
        endpoint=endpoint,
        variant=CHALLENGER,
        **params.ALARMS,
    )
    compare = CompareVariantsOperator(
        task_id="compare",
        endpoint=endpoint,
        alarms=watch.output["alarms"],
        multiple_outputs=True,
        deferrable=True,
        **params.VERDICT,
    )
    PromoteWinnerOperator(
        task_id="promote",
        endpoint=endpoint,
        winner=compare.output["winner"],
        contest_config=compare.output["config"],
    )


def measure_load() -> None:
    """Real requests at rising rates; their table, picture and proposal."""
    plan = tasks.plan_load()
    LoadTestOperator(
        task_id="load_test",
        endpoint=plan["endpoint"],
        payload=plan["payload"],
        output_uri=plan["output_uri"],
        **params.LOAD,
    )


def delete_endpoints(endpoints: Wire) -> None:
    """Each with its scaling, its configurations and its models."""
    DeleteEndpointOperator.partial(
        task_id="delete_endpoint", map_index_template="{{ task.endpoint }}"
    ).expand(endpoint=endpoints)


def score(pipeline: Pipeline) -> None:
    """A file, encoded with the champion's encoder, scored line by line, joined to its keys."""
    plan = tasks.resolve_file(pipeline.name)
    upload = UploadDatasetOperator(
        task_id="upload", bucket=settings().bucket, prefix=plan["raw"], files=[plan["file"]]
    )
    encode = ProcessingJobOperator(task_id="encode", fresh=True, **requests.encode(pipeline))
    transform = BatchTransformOperator(
        task_id="transform",
        container=plan["container"],
        fresh=True,  # a score file is what the run is for: it lies below the run's own prefix
        input_uri=requests.FEATURES,
        output_uri=requests.SCORES,
        strategy="MultiRecord",
        split_type="Line",
    )
    check = DriftCheckOperator(
        task_id="check_drift",
        data_uri=requests.FEATURES,
        answers_uri=requests.SCORES,
        baseline_uri=plan["baseline"],
        predictions_uri=plan["holdout_scores"],
        output_uri=requests.DRIFT,
        model_package_arn=plan["model_package_arn"],
        **requests.drift(pipeline),
    )
    chain(upload, encode, transform, check)
    tasks.join_predictions(pipeline.name, plan, transform.output)


def study(study: Study) -> None:
    """Images in S3, their statistics as a component of every trial, the trials, and their order."""
    images = tasks.choose_images()
    upload = UploadDatasetOperator(
        task_id="upload", bucket=settings().bucket, prefix=mnist.PREFIX, files=images["files"]
    )
    measured = tasks.measure_images(images)
    preprocessing = LogTrialComponentOperator(
        task_id="log_preprocessing",
        multiple_outputs=True,
        display_name="Preprocessing",
        parameters=measured,
        inputs={"images": images["uri"]},
    )
    create_experiment = EnsureExperimentOperator(task_id="create_experiment")
    train = TrainTrialOperator.partial(
        task_id="train",
        shared_components=[preprocessing.output["trial_component"]],
        map_index_template="{{ task.name }}",
        max_active_tis_per_dagrun=study.parallel,
    ).expand_kwargs(tasks.plan_trials(study.name, images, measured))
    board = LeaderboardOperator(
        task_id="leaderboard",
        output_uri=study.uri("leaderboard"),
        trigger_rule=SOME,
        **params.SELECTION,
    )
    chain(upload, measured)
    chain(create_experiment, train, board)
