"""Score a day's file in batch, with one prediction for each row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from prodml.aws.s3 import split
from prodml.results import Checked, Transformed
from prodml.vocabulary import TRANSFORM

from include.pipelines.adapters.aws import held, read_prefix, write_text
from include.pipelines.contracts import Scored, ScoringPlan
from include.pipelines.data.runs import UNATTENDED, run_prefix, run_type
from include.pipelines.data.slices import Slice, find_slices
from include.pipelines.data.validation import check_unlabelled
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import valid
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
    if not champion.containers or not champion.encoder or not champion.baseline:
        raise ValueError(
            f"Endpoint {pipeline.endpoint} serves {champion.arn or 'a model without a version'}, "
            "whose metadata names no encoder and baseline: no file can be encoded for it. Deploy a "
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
        "encoder": champion.encoder,
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


def join(pipeline: Pipeline, plan: ScoringPlan, transformed: Transformed) -> Scored:
    """Check the output row by row, join it to the keys, and write both as one CSV file."""
    keys = [line for text in read_prefix(f"{plan['prefix']}/keys/") for line in text.split()]
    scores = [line for text in read_prefix(transformed["output"]) for line in text.split()]
    if len(keys) != len(scores):
        raise LostRows(
            f"{len(keys)} rows went in and {len(scores)} predictions came out of "
            f"{transformed['output']}. Read the streams of {transformed['job_name']} in the log "
            f"group {TRANSFORM.log_group}."
        )
    for key, score in zip(keys, scores, strict=True):
        if not _is_prediction(pipeline, score):
            row = pipeline.schema.shown(pipeline.schema.key, key)
            raise LostRows(
                f"The prediction for {row} is {score!r}, which no {pipeline.problem} model can "
                "mean. Check the output_fn of its script."
            )
    lines = [f"{key},{score}" for key, score in zip(keys, scores, strict=True)]
    uri = f"{plan['prefix']}/predictions/{plan['name']}"
    write_text(uri, "\n".join([f"{pipeline.schema.key},score", *lines]) + "\n")
    return {
        "rows_in": len(keys),
        "rows_out": len(scores),
        "output": uri,
        "transform_output": transformed["output"],
        "model_package_arn": plan["model_package_arn"],
    }


def _is_prediction(pipeline: Pipeline, text: str) -> bool:
    try:
        return valid(pipeline.problem, float(text))
    except ValueError:
        return False
