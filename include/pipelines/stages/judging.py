"""From the best trial to an approved version: score the holdout, compare, register, approve."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from airflow.sdk import chain, task
from prodml.operators.approval import ApproveModelPackageOperator
from prodml.operators.evaluation import EvaluationOperator
from prodml.operators.lineage import LineageOperator
from prodml.operators.registry import RegisterModelPackageOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.results import BestTrial, Evaluated, Transformed

from include.jobs.tabular.answers import VERSION
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.data import DataSets, Prepared, Window
from include.pipelines.contracts.evaluation import Contender, EvaluationPlan, Verdict
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import RECORDS, Pipeline
from include.pipelines.deployment import pins
from include.pipelines.evaluation import contenders as competition
from include.pipelines.evaluation import promotion
from include.pipelines.evaluation.scorecards import CANDIDATE_LINEAGE, basis, origin, stays
from include.pipelines.stages.approval import accepted, approve
from include.pipelines.stages.groups import group
from include.pipelines.stages.packing import pack
from include.pipelines.stages.references import called, output, outputs
from include.pipelines.stages.training import Selection
from include.pipelines.training import requests

log = logging.getLogger(__name__)


class Judged(NamedTuple):
    """Hold the results that registration and release read."""

    window: Window
    best: BestTrial
    scored: Sequence[Transformed]
    evaluate: EvaluationOperator
    verdict: Verdict


class Gated(NamedTuple):
    """Hold a registered version and the task that lets it pass."""

    model_package_arn: str
    gate: ApproveModelPackageOperator


@task
def contenders(pipeline: str, best: BestTrial, window: Window, data: DataSets) -> list[Contender]:
    """Return what answers the holdout: the best trial, and the model in production if any."""
    return competition.contenders(find(pipeline), best, window["artifacts"], data)


@task
def plan_evaluation(
    pipeline: str,
    best: BestTrial,
    scored: Sequence[Transformed],
    window: Window,
    data: DataSets,
    *,
    params: Any,
) -> EvaluationPlan:
    """Return the request of the job that reads the answers."""
    arguments = {"confidence": params["confidence"], "trial": best["trial"]}
    return competition.plan_evaluation(find(pipeline), list(scored), window, data, **arguments)


@task(task_id="judge")
def judge_best(
    pipeline: str,
    best: BestTrial,
    scored: Sequence[Transformed],
    evaluation: Evaluated,
    window: Window,
    data: DataSets,
    leaderboard: str,
    **context: Any,
) -> Verdict:
    """Return the verdict, with both scorecards and the reason; reads evaluation.json alone."""
    decide = settled(promotion.judge)
    stated, params = find(pipeline), context["params"]
    arguments = {name: params[name] for name in ("min_gain", "allow_older")}
    verdict = decide(stated, best, list(scored), evaluation, window, data, **arguments)
    made_by = origin(context["dag"].dag_id, context["dag_run"].run_id, leaderboard)
    verdict["metadata"] = {**verdict["metadata"], **made_by}
    verdict["scorecards"] += "\n\n" + basis(verdict["metadata"], [stays(pins.pinned(stated))])
    log.info("%s", verdict["decision"])
    return verdict


def judge(pipeline: Pipeline, window: Window, prepared: Prepared, selection: Selection) -> Judged:
    """Compare the best trial with the model in production, both on one holdout."""
    data = prepared["outputs"]
    best = pack(pipeline, selection.best, window, data)
    with group("evaluate_best", "Evaluate", "Challenger and champion on one holdout"):
        score_holdout = BatchTransformOperator.partial(
            task_id="score_holdout",
            **requests.transform(pipeline),
        ).expand_kwargs(contenders(pipeline.name, best, window, data))
        scored = outputs(BatchTransformOperator, score_holdout)
        plan = called(plan_evaluation)(pipeline.name, best, scored, window, data)
        evaluate = EvaluationOperator(
            task_id="evaluate",
            multiple_outputs=True,
            config=plan["config"],
            arguments=plan["arguments"],
            subject=pipeline.name,
            **requests.evaluation(pipeline),
        )
        evaluation = output(evaluate)
        verdict = called(judge_best)(
            pipeline.name, best, scored, evaluation, window, data, leaderboard=selection.leaderboard
        )
    return Judged(window, best, scored, evaluate, verdict)


def register(pipeline: Pipeline, judged: Judged) -> Gated:
    """Register the best trial either way; ask for approval of one that won the comparison."""
    verdict = judged.verdict
    with group(
        "register_version", "Register", "A version of the model package group, and its gate"
    ):
        version = RegisterModelPackageOperator(
            task_id="register",
            multiple_outputs=True,
            containers=verdict["containers"],
            content_types=pipeline.content_types,
            response_types=RECORDS,
            version_variable=VERSION,
            approval=verdict["approval"],
            approval_description=verdict["decision"],
            metadata=verdict["metadata"],
            metrics=verdict["metrics"],
            model_quality=output(judged.evaluate)["evaluation"],
        )
        arn = output(version)["model_package_arn"]
        gate = approve(arn, f"Deploy the new {pipeline.name} model?", verdict["scorecards"])
        lineage = LineageOperator(
            task_id=CANDIDATE_LINEAGE,
            trial=f"{judged.best['trial']}",
            output_uri=f"{judged.window['artifacts']}/lineage.csv",
        )
        chain(version, accepted(verdict, arn), gate)
        chain(version, lineage)
    return Gated(arn, gate)
