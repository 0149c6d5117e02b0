"""Score a day's file in batch, with one prediction for each row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from prodml.aws.s3 import split
from prodml.results import Checked, Transformed
from prodml.vocabulary import TRANSFORM

from include.jobs.tabular.scoring import SUMMARY
from include.pipelines.adapters.aws import held, read_text
from include.pipelines.contracts import Scored, ScoringPlan
from include.pipelines.data.runs import UNATTENDED, run_prefix, run_type
from include.pipelines.data.slices import Slice, find_slices
from include.pipelines.data.validation import check_unlabelled
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation.champion import find_champion
from include.settings import settings


class LostRows(ValueError):
    """Raised when predictions and rows do not match one to one."""


def plan(pipeline: Pipeline, context: Mapping[str, Any]) -> ScoringPlan:
    """Return the file to score and the champion that scores it; raise NothingNew without either."""
    champion = find_champion(pipeline.endpoint)
    if champion is None:
        raise NothingNew(f"No model is in production. Run retrain_{pipeline.name} first.")
    if not champion.containers or not champion.preprocessing or not champion.baseline:
        raise ValueError(
            f"Endpoint {pipeline.endpoint} serves {champion.arn or 'a model without a version'}, "
            "whose metadata names no preprocessing and baseline: it takes no records. Deploy a "
            f"version that retrain_{pipeline.name} has registered."
        )
    chosen = _file(pipeline, context)
    check_unlabelled(pipeline.schema, chosen.path)
    prefix = run_prefix(context, pipeline.name)
    return {
        "file": str(chosen.path),
        "name": chosen.path.name,
        "raw": f"{split(prefix)[1]}/raw",
        "prefix": prefix,
        "containers": champion.containers,
        "baseline": champion.baseline,
        "holdout_scores": held(champion.holdout_scores),
        "model_package_arn": champion.arn,
    }


def _file(pipeline: Pipeline, context: Mapping[str, Any]) -> Slice:
    slices = find_slices(settings().slice_dirs, pipeline.name)
    params, run = context["params"], context["dag_run"]
    if wanted := params.get("slice"):
        return _covering(slices, date.fromisoformat(wanted))
    if run_type(context) in UNATTENDED:
        return _covering(slices, run.data_interval_start.date())
    return slices[-1]


def _covering(slices: list[Slice], day: date) -> Slice:
    for piece in slices:
        if piece.first_day <= day < piece.end:
            return piece
    raise NothingNew(f"No file covers {day}: there is nothing to score.")


def outcome_of(plan: ScoringPlan, checked: Checked) -> str:
    """Return in a sentence the outcome of the drift check of a file."""
    moved = ", ".join(checked["columns"])
    why = f" {checked['reason']}" if checked["reason"] else ""
    where = f" The report is {checked['report']}report.html." if checked["report"] else ""
    return f"{plan['name']}: {checked['outcome']}{f' in {moved}' if moved else ''}.{why}{where}"


def verify(plan: ScoringPlan, transformed: Transformed, checked: Checked) -> Scored:
    """Return how many rows went in and out; raise LostRows where one has no prediction."""
    summary = json.loads(read_text(f"{plan['prefix']}/{SUMMARY}/rows.json"))
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
