"""Score a partition in batch, with one prediction for each row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from prodml.rendered import moment
from prodml.results import Checked, Transformed
from prodml.vocabulary import TRANSFORM

from include.jobs.tabular.outputs import ROWS, SUMMARY
from include.pipelines.adapters.aws import held, read_document
from include.pipelines.contracts.batch import Scored, ScoringPlan
from include.pipelines.data.inputs import publish
from include.pipelines.data.landing import places
from include.pipelines.data.partitions import Partition, find_partitions
from include.pipelines.data.runs import UNATTENDED, run_prefix, run_type
from include.pipelines.data.windows import refuse_none, shown
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation import contracts_of_versions
from include.pipelines.evaluation.champion import champion_of


class LostRows(ValueError):
    """Raised when predictions and rows do not match one to one."""


def plan(pipeline: Pipeline, context: Mapping[str, Any]) -> ScoringPlan:
    """Return the partition to score and the champion that scores it.

    :raises NothingNew: There is no model in production, or no partition.
    """
    champion = champion_of(pipeline)
    if champion is None:
        raise NothingNew(f"No model is in production. Run retrain_{pipeline.name} first.")
    if not champion.containers or not champion.preprocessing or not champion.baseline:
        raise ValueError(
            f"Endpoint {pipeline.endpoint} serves {champion.arn or 'a model without a version'}, "
            "whose metadata names no preprocessing and baseline: it takes no records. Deploy a "
            f"version that retrain_{pipeline.name} has registered."
        )
    contracts_of_versions.refuse_missing_columns(pipeline, champion)
    now = datetime.now(UTC)
    chosen = _partition(pipeline, context, now)
    prefix = run_prefix(context, pipeline.name)
    return {
        **publish(pipeline, [chosen], prefix, now),
        "name": f"{pipeline.partitions.name(chosen.start)}.csv",
        "prefix": prefix,
        "containers": champion.containers,
        "baseline": champion.baseline,
        "contract": contracts_of_versions.address(champion.baseline),
        "holdout_scores": held(champion.holdout_scores),
        "calibration": held(champion.calibration),
        "model_package_arn": champion.arn,
    }


def _partition(pipeline: Pipeline, context: Mapping[str, Any], now: datetime) -> Partition:
    partitions = find_partitions(pipeline)
    where = " or ".join(place.address for place in places(pipeline.name))
    refuse_none(partitions, where, pipeline.partitions)
    passed = [partition for partition in partitions if partition.end <= now]
    params, run = context["params"], context["dag_run"]
    if wanted := params.get("partition"):
        return _covering(passed, moment(wanted))
    if run_type(context) in UNATTENDED:
        return _covering(passed, run.data_interval_start)
    if not passed:
        raise NothingNew(f"No partition is complete before {shown(partitions[0].end)}.")
    return passed[-1]


def _covering(partitions: list[Partition], time: datetime) -> Partition:
    for partition in partitions:
        if partition.start <= time < partition.end:
            return partition
    raise NothingNew(f"No complete partition covers {shown(time)}: there is nothing to score.")


def moved(checked: Checked) -> list[str]:
    """Return what the check of a file names: columns, pairs of them, and estimated scores."""
    return [*checked["columns"], *checked["joint_drift"], *checked["worse_estimates"]]


def outcome_of(plan: ScoringPlan, checked: Checked) -> str:
    """Return in a sentence the outcome of the drift check of a file."""
    named = ", ".join(moved(checked))
    why = f" {checked['reason']}" if checked["reason"] else ""
    where = f" The report is {checked['report']}report.html." if checked["report"] else ""
    return f"{plan['name']}: {checked['outcome']}{f' in {named}' if named else ''}.{why}{where}"


def verify(plan: ScoringPlan, transformed: Transformed, checked: Checked) -> Scored:
    """Return how many rows went in and out; raise LostRows where one has no prediction."""
    summary = read_document(f"{plan['prefix']}/{SUMMARY}/{ROWS}")
    rows_in, rows_out = summary["rows"], checked["answers"]
    if rows_in != rows_out:
        raise LostRows(
            f"{rows_in} rows went in and {rows_out} predictions came out of "
            f"{transformed['output']}. Read the streams of {transformed['job_name']} in the log "
            f"group {TRANSFORM.log_group}."
        )
    return {
        "rows_in": rows_in,
        "rows_out": rows_out,
        "output": transformed["output"],
        "model_package_arn": plan["model_package_arn"],
    }
