"""Results of the demo: .local/demo.json for programs, a table for people."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from prodml.vocabulary import Json
from rich.table import Table

from include.demo import environment as env
from include.demo.progress import Progress

TRIAL_FIELDS = ("name", "algorithm", "hyperparameters", "status", "metrics", "job_name")


class Report:
    """Collects results chapter by chapter, so that an interrupted demo claims nothing."""

    def __init__(self, began: float, mode: str, progress: Progress) -> None:
        self._mode = mode
        self._began = began
        self._progress = progress
        self._found: Json = {"drift": {}, "dag_runs": [], "second_retrain": {}}

    def ran(self, run: Json) -> None:
        fields = ("dag_id", "run_type", "state")
        self._found["dag_runs"].append({f: run[f] for f in fields} | {"run_id": run["dag_run_id"]})

    def retrain(self, results: Json) -> None:
        self._found |= _retrained(results)

    def second_retrain(self, results: Json) -> None:
        self._found["second_retrain"] = _retrained(results)

    def batch(self, results: Json) -> None:
        fetched = results["verify_predictions"]
        self._found["batch_transform"] = {k: fetched[k] for k in ("rows_in", "rows_out", "output")}

    def predictions(self, rows: Sequence[str], scores: Sequence[float]) -> None:
        self._found["predictions"] = [
            {"record": json.loads(row), "score": score}
            for row, score in zip(rows, scores, strict=True)
        ]

    def scaled(self, before: int, after: int) -> None:
        self._found["scaled"] = {"instances_before": before, "instances_after": after}

    def endpoint(self, description: Json) -> None:
        self._found["endpoint"] = {
            "name": description["EndpointName"],
            "status": description["EndpointStatus"],
            "config": description["EndpointConfigName"],
        } | self._found.pop("scaled")

    def drift(self, window: str, verdict: Json) -> None:
        self._found["drift"][window] = verdict

    def finish(self) -> None:
        """Write the file and print the table; raise if a result is not as expected."""
        seconds = self._progress.seconds | {"total": round(time.time() - self._began, 1)}
        document = {
            "mode": self._mode,
            "time_scale": env.TIME_SCALE,
            "seconds": seconds,
        } | self._found
        (env.LOCAL / "demo.json").write_text(json.dumps(document, indent=2) + "\n")
        self._progress.console.print(_table(document))
        if wrong := _unexpected(document):
            raise RuntimeError("The loop ran, but with unexpected results: " + "; ".join(wrong))


def _retrained(results: Json) -> Json:
    best, decision = results["select_best"], results["judge"]
    return {
        "trials": [{k: t[k] for k in TRIAL_FIELDS if k in t} for t in results["train"]],
        "best": {k: best[k] for k in ("name", "metric", "value")},
        "holdout": decision["holdout"],
        "decision": decision["decision"],
    }


def _unexpected(results: Json) -> list[str]:
    """Return every result that shows that the loop did not close."""
    wanted = {"clean": "OK", "shifted": "ALERT", "after_retrain": "OK"}
    outcomes = {window: verdict["outcome"] for window, verdict in results["drift"].items()}
    batch, endpoint = results["batch_transform"], results["endpoint"]
    checks = {
        f"drift checks returned {outcomes} instead of {wanted}": outcomes == wanted,
        f"batch transform read {batch['rows_in']} rows and wrote {batch['rows_out']}": batch[
            "rows_in"
        ]
        == batch["rows_out"]
        > 0,
        f"the endpoint is {endpoint['status']}": endpoint["status"] == "InService",
        "no second instance started": endpoint["instances_after"] > endpoint["instances_before"],
        "a trial failed": all(t["status"] == "Completed" for t in results["trials"]),
    }
    return [message for message, holds in checks.items() if not holds]


def _table(results: Json) -> Table:
    scale = f"embedded AWS, waits divided by {results['time_scale']:g}"
    table = Table(title=f"\nResults ({results['mode']}; {scale})", title_justify="left")
    table.add_column("What")
    table.add_column("Result")
    for trial in results["trials"]:
        auc = trial["metrics"].get("validation:auc")
        score = f"{auc:.4f}" if auc is not None else "-"
        table.add_row(f"trial {trial['name']}", f"validation:auc {score}  {trial['status']}")
    table.add_row("best", f"{results['best']['name']}  {results['best']['value']:.4f}")
    for title, retrained in (("first", results), ("after drift", results["second_retrain"])):
        table.add_row(f"holdout, {title}", retrained["decision"])
    batch, endpoint = results["batch_transform"], results["endpoint"]
    table.add_row("batch transform", f"{batch['rows_in']} rows in, {batch['rows_out']} out")
    scaled = f"{endpoint['instances_before']} → {endpoint['instances_after']} instances under load"
    table.add_row(f"endpoint {endpoint['name']}", f"{endpoint['status']}, {scaled}")
    for window, verdict in results["drift"].items():
        columns = f"  {', '.join(verdict['columns'])}" if verdict["columns"] else ""
        table.add_row(f"drift, {window.replace('_', ' ')}", f"{verdict['outcome']}{columns}")
    table.add_row(
        "seconds", f"setup {results['seconds']['setup']}, total {results['seconds']['total']}"
    )
    return table
