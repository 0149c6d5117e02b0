"""Run dags/retrain_churn with throttling, with a failing trial, and as a backfill."""

from __future__ import annotations

from typing import Any

from prodml.vocabulary import Json

from chaos.rollbacks import platform
from chaos.world import World
from tests.include.local_aws.models import variant

DAG, PROJECT = "retrain_churn", "initialize_project"
ENDED = ("success", "failed", "upstream_failed", "skipped")
DAYS = ("2024-01-29T00:00:00Z", "2024-02-28T00:00:00Z")  # thirty days
LAST_WEEK = ("2024-02-26T00:00:00Z", "2024-02-28T00:00:00Z")
CONF = {"min_gain": 0.0, "max_cost": 100.0, "auto_approve": True}
THROTTLED = tuple(
    f"{verb}{noun}{plural}"
    for verb, plural in (("Create", ""), ("Describe", ""), ("List", "s"))
    for noun in ("TrainingJob", "ProcessingJob", "TransformJob", "ModelPackage", "Endpoint")
)
FIRST_TRIAL = ".*-train-0-.*"
NOUNS = ("training", "processing", "transform")


def survive(world: World) -> list[str]:
    """Run once with 30 % throttling and a failing trial; return what went wrong."""
    _watched(world, PROJECT, world.airflow.trigger(PROJECT, {}))
    for operation in THROTTLED:
        world.faults.operation(operation, "ThrottlingException", probability=0.3)
    reason = "ClientError: This trial fails on purpose."
    world.faults.resource("training-job", "fail", FIRST_TRIAL, reason=reason, count=99)
    run_id = world.airflow.trigger(DAG, CONF | {"window_end": "2024-01-29"})
    state, tasks = _watched(world, DAG, run_id)
    world.log(f"{world.faults.hits()} calls were throttled, or trials failed; the run: {state}")
    world.faults.clear()
    trials = sorted(str(task["state"]) for task in tasks if task["task_id"] == "train")
    best = world.airflow.result(DAG, run_id, "select_best", -1)
    world.log(f"the trials: {', '.join(trials)}; the best of them: {best and best['name']}")
    wrong = [] if trials == ["failed", *["success"] * (len(trials) - 1)] else [f"trials: {trials}"]
    return wrong if best else [*wrong, "no trial won"]


def _watched(world: World, dag_id: str, run_id: str) -> tuple[str, list[Json]]:
    logged = ""
    world.airflow.unpause(dag_id)
    for run, tasks in world.airflow.watch(dag_id, run_id, every=3):
        ended = sum(task["state"] in ENDED for task in tasks)
        line = f"{dag_id}: {ended} of {len(tasks)} tasks have ended"
        if line != logged:
            world.log(line)
        logged, state = line, str(run["state"])
    return state, tasks


def backfill(world: World) -> dict[str, dict[str, int]]:
    """Backfill thirty days, four at once; return ``{"backfill_runs", "backfill_failures"}``.

    A failure is a run that failed, an older model in production at the end, or a duplicate
    job when the last week is repeated.
    """
    confs: dict[str, Json] = {"ours": CONF}
    made = platform(world)
    if "stock" in world.kinds:
        model = made.model()
        endpoint = made.serving(variant(model))
        confs["stock"] = {"model": model, "endpoint": endpoint}
    dags = {"ours": DAG, "stock": "retrain_stock"}
    backfills = {kind: _ask(world, dags[kind], DAYS, conf) for kind, conf in confs.items()}
    tally = {}
    for kind, number in backfills.items():
        runs = _finished(world, dags[kind], number)
        failed = sum(run["state"] != "success" for run in runs)
        tally[kind] = {"backfill_runs": len(runs), "backfill_failures": failed}
        world.log(f"backfill, {kind}: {failed} of {len(runs)} runs failed")
    tally["ours"]["backfill_failures"] += _ours_is_wrong(world)
    if "stock" in world.kinds:
        config = made.settled(confs["stock"]["endpoint"])["EndpointConfigName"]
        newest = "retrain-stock-20240226"
        world.log(f"stock: {config} is in production, {newest} is the newest")
        tally["stock"]["backfill_failures"] += config != newest
    return tally


def _ours_is_wrong(world: World) -> int:
    """Return whether an older model is in production, or work was done twice."""
    newest, serving = _windows(world)
    world.log(f"ours: the window of {serving} is in production, {newest} is the newest")
    before = _jobs(world)
    _finished(world, DAG, _ask(world, DAG, LAST_WEEK, CONF, again=True))
    again = _jobs(world) - before
    world.log(f"ours: repeating the last week started {again} jobs")
    return int(newest != serving) + again


def _windows(world: World) -> tuple[str, str]:
    """Return the window ends of the newest approved model and of the one in production."""
    sagemaker = world.client("sagemaker")
    listed = sagemaker.list_model_packages(
        ModelPackageGroupName="churn", ModelApprovalStatus="Approved", MaxResults=100
    )
    arns = [summary["ModelPackageArn"] for summary in listed["ModelPackageSummaryList"]]
    ends = {arn: _window(sagemaker, arn) for arn in arns}
    config = sagemaker.describe_endpoint(EndpointName="churn")["EndpointConfigName"]
    (serving,) = sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
    model = sagemaker.describe_model(ModelName=serving["ModelName"])
    container = model.get("PrimaryContainer") or model["Containers"][0]
    return max(ends.values()), ends[container["ModelPackageName"]]


def _window(sagemaker: Any, arn: str) -> str:
    package = sagemaker.describe_model_package(ModelPackageName=arn)
    return str(package["CustomerMetadataProperties"]["window_end"])


def _jobs(world: World) -> int:
    sagemaker, number = world.client("sagemaker"), 0
    for noun in NOUNS:
        pages = sagemaker.get_paginator(f"list_{noun}_jobs").paginate(MaxResults=100)
        names = [key for page in pages for key in _summaries(page)]
        number += len(names)
    return number


def _summaries(page: Json) -> list[Json]:
    return next(items for key, items in page.items() if key.endswith("Summaries"))


def _ask(world: World, dag_id: str, days: tuple[str, str], conf: Json, again: bool = False) -> int:
    world.airflow.unpause(dag_id)
    return world.airflow.backfill(dag_id, days, conf, again)


def _finished(world: World, dag_id: str, number: int) -> list[Json]:
    world.until(lambda: world.airflow.backfill_ended(number), 1800, f"the backfill of {dag_id}")
    return [run for run in world.airflow.runs(dag_id) if run["run_type"] == "backfill"]
