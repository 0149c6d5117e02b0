"""Batch scoring: a day's file in, one prediction for each of its customers out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from include.pipelines.champion import find_champion
from include.pipelines.churn import NAME
from include.pipelines.clients import read_prefix, write_text
from include.pipelines.runs import UNATTENDED, run_prefix, run_type
from include.pipelines.slices import NothingNew, Slice, find_slices
from include.pipelines.validation import check_unlabelled
from include.settings import settings

Json = dict[str, Any]


class LostRows(ValueError):
    """Raised when predictions and rows do not match one to one."""


def plan(context: Mapping[str, Any]) -> Json:
    """The file to score and the champion that scores it; raises NothingNew without either."""
    champion = find_champion(NAME)
    if champion is None:
        raise NothingNew("No model is in production. Run retrain_churn first.")
    chosen = _file(context)
    check_unlabelled(chosen.path)
    prefix = run_prefix(context, NAME)
    return {
        "file": str(chosen.path),
        "name": chosen.path.name,
        "raw": f"{prefix.split('/', 3)[3]}/raw",
        "prefix": prefix,
        "container": champion.container,
        "encoder": champion.encoder,
        "model_package_arn": champion.arn,
    }


def _file(context: Mapping[str, Any]) -> Slice:
    slices = find_slices(settings().slice_dirs, NAME)
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


def join(plan: Json, transformed: Json) -> Json:
    """Check the output row by row, join it to the keys, and write both as one CSV file."""
    keys = [line for text in read_prefix(f"{plan['prefix']}/keys/") for line in text.split()]
    scores = [line for text in read_prefix(transformed["output"]) for line in text.split()]
    if len(keys) != len(scores):
        raise LostRows(
            f"{len(keys)} rows went in and {len(scores)} predictions came out of "
            f"{transformed['output']}. Look at the log of {transformed['job_name']}."
        )
    bad = [(key, score) for key, score in zip(keys, scores, strict=True) if not _is_chance(score)]
    if bad:
        raise LostRows(
            f"The prediction for {bad[0][0]} is {bad[0][1]!r}, not a chance from 0 to 1."
        )
    lines = [f"{key},{score}" for key, score in zip(keys, scores, strict=True)]
    uri = f"{plan['prefix']}/predictions/{plan['name']}"
    write_text(uri, "\n".join(["customer_id,score", *lines]) + "\n")
    return {
        "rows_in": len(keys),
        "rows_out": len(scores),
        "output": uri,
        "transform_output": transformed["output"],
        "model_package_arn": plan["model_package_arn"],
    }


def _is_chance(text: str) -> bool:
    try:
        return 0.0 <= float(text) <= 1.0
    except ValueError:
        return False
