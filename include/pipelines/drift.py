"""From one window's distances to the right signal: nothing, a retrain, or somebody's attention."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from include.pipelines.champion import Champion, find_champion
from include.pipelines.churn import PIPELINE
from include.pipelines.clients import client, read_text, split_uri, write_json
from include.pipelines.runs import check_window, run_prefix, run_type
from include.pipelines.slices import NothingNew, find_slices, newer_than
from include.settings import settings

Json = dict[str, Any]
NAME = PIPELINE.name
RULE = re.compile(r"(\d) of (\d)")
HISTORY = "drift/history"


def plan(context: Mapping[str, Any]) -> Json:
    """What to compare: the window's traffic, and the baseline of the model that answered it."""
    start, end = check_window(context)
    rule(context["params"]["alerts_of_windows"])
    champion = find_champion(NAME)
    if champion is None:
        raise NothingNew("No model is in production, so no traffic to check. Run retrain_churn.")
    return {
        "window_start": start.isoformat(),
        "window_end": end.isoformat(),
        "baseline": champion.baseline,
        "model_package_arn": champion.arn,
        "output": f"{run_prefix(context, NAME)}/drift/",
    }


def capture_arrives(dag_run: Any, params: Mapping[str, Any]) -> str:
    """When the window's capture is sure to be in S3: a stated lag after the window's end."""
    end = dag_run.data_interval_end
    if end is None or params.get("window_end"):
        return datetime.now(UTC).isoformat()
    return str((end + timedelta(minutes=settings().capture_lag_minutes)).isoformat())


def conclude(context: Mapping[str, Any], plan: Json, checked: Json) -> Json:
    """The window's verdict, the rule over the last windows, and what follows from both."""
    verdict = {k: checked[k] for k in ("outcome", "columns", "rows", "report")}
    verdict |= {k: plan[k] for k in ("window_start", "window_end", "model_package_arn")}
    verdict |= _signal(context, plan, verdict)
    _remember(plan, verdict)
    return verdict


def _signal(context: Mapping[str, Any], plan: Json, verdict: Json) -> Json:
    """`action` is none, wait, report, audit or retrain, each with its sentence."""
    if verdict["outcome"] != "ALERT":
        return {"action": "none", "why": f"The window is {verdict['outcome']}."}
    needed, windows = rule(context["params"]["alerts_of_windows"])
    alerts = 1 + _earlier_alerts(plan, windows - 1)
    if alerts < needed:
        return {
            "action": "wait",
            "why": f"{alerts} of the last {windows} windows alert, not {needed}.",
        }
    if run_type(context) == "backfill":
        return {"action": "report", "why": "A backfilled check starts nothing."}
    champion = find_champion(NAME)
    return _retrain_or_audit(champion) if champion else {"action": "none", "why": "No endpoint."}


def _retrain_or_audit(champion: Champion) -> Json:
    newer = newer_than(find_slices(settings().slice_dirs, NAME), champion.window_end)
    if newer:
        return {
            "action": "retrain",
            "why": f"{len(newer)} labelled slices are newer than the model's window.",
        }
    return {
        "action": "audit",
        "why": f"No labelled rows after {champion.window_end}, where the model's window ends: a "
        "retrain would learn nothing new. Have the named columns audited upstream.",
    }


def rule(text: str) -> tuple[int, int]:
    """`2 of 3` -> (2, 3)."""
    found = RULE.fullmatch(text)
    if not found or not 0 < int(found[1]) <= int(found[2]):
        raise ValueError(f"alerts_of_windows is {text!r}; write it as '2 of 3'.")
    return int(found[1]), int(found[2])


def _history_uri() -> str:
    return settings().uri(NAME, HISTORY)


def _remember(plan: Json, verdict: Json) -> None:
    """One file per window, named by its end: checking a window again replaces its verdict."""
    write_json(f"{_history_uri()}/{plan['window_end']}.json", verdict)


def _earlier_alerts(plan: Json, windows: int) -> int:
    """How many of the *windows* windows before this one alerted about the same model."""
    bucket, prefix = split_uri(f"{_history_uri()}/")
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = sorted(item["Key"] for page in pages for item in page.get("Contents", []))
    earlier = [key for key in keys if key[len(prefix) :].removesuffix(".json") < plan["window_end"]]
    verdicts = [json.loads(read_text(f"s3://{bucket}/{key}")) for key in earlier[-windows:]]
    return sum(
        found["outcome"] == "ALERT" and found["model_package_arn"] == plan["model_package_arn"]
        for found in (verdicts if windows else [])
    )
