"""The memory of Airflow's processes while a run's data grow: none may hold the rows.

An Airflow on PostgreSQL and the embedded AWS, with the landing in S3. A run of `retrain_churn` with
one candidate, then one of `score_churn_batch`, for each number of rows in BENCH_ROWS. The first
number is run twice, and the second time counts: a process is then as large as it is in use.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prodml.vocabulary import Json

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.airflow_memory import Peaks, Sampler
from bench.preprocess_data import write_rows
from bench.report import ROOT, report
from chaos.users import Run
from chaos.world import World, running_world
from include.demo.postgres import running_postgres
from include.pipelines.churn import PIPELINE

RESULT = ROOT / "bench" / "results" / "airflow_memory.json"
ROWS = tuple(int(rows) for rows in os.environ.get("BENCH_ROWS", "1000,1000000").split(","))
MOST = 50  # megabytes
WITHIN = 3600.0  # seconds of a run
DAGS = {"project": ROOT / "dags"}
RETRAIN, SCORE = "retrain_churn", "score_churn_batch"
BUCKET = "rows"
TYPE = "ml.m5.2xlarge"  # 10 million encoded rows need more than 8 GiB to train
SHARES = (0.3, 0.3, 0.35, 0.05)  # of the rows, by week; the last one is held out and scored
FIRST = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday
WEEK = timedelta(days=7)
CANDIDATE = next(one for one in PIPELINE.candidates if one.name == "xgboost-shallow")


class Bench:
    """The runs in one world."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self._folder = folder
        self._next = FIRST

    def run(self, sampler: Sampler, rows: int) -> Json:
        """Land a window of *rows* rows, learn and score; return the peaks of both runs."""
        holdout = self.land(rows)
        began = time.monotonic()
        conf = {
            "auto_approve": True,
            "window_end": f"{holdout + WEEK:%Y-%m-%d}",
            "window_partitions": len(SHARES),
            "candidates": {CANDIDATE.name: dict(CANDIDATE.hyperparameters) | {"num_round": 10}},
        }
        sampler.taken()
        names = {part: part for part in self.world.processes.pids_of_airflow()}
        names |= self.finished(RETRAIN, conf)
        names |= self.finished(SCORE, {"partition": f"{holdout:%Y-%m-%d}"})
        return {
            "rows": rows,
            "wall_seconds": round(time.monotonic() - began),
            "peak_mb": named(sampler.taken(), names),
        }

    def land(self, rows: int) -> datetime:
        """Write the partitions of a window to S3; return the time of the newest one."""
        written = 0
        for share in SHARES:
            path = self._folder / f"{self._next:%Y-%m-%d}.csv"
            size = round(rows * share)
            write_rows(path, range(written, written + size))
            self.world.client("s3").upload_file(str(path), BUCKET, f"landing/churn/{path.name}")
            path.unlink()
            written, self._next = written + size, self._next + WEEK
        return self._next - WEEK

    def finished(self, dag_id: str, conf: Json) -> dict[str, str]:
        """Run a DAG; return the names of its tasks by the ids of their instances."""
        airflow = self.world.airflow
        run_id = airflow.trigger(dag_id, conf)
        failed = self.world.finish([Run("", dag_id, run_id, dag_id)], WITHIN)
        tasks = airflow.tasks(dag_id, run_id)
        if failed:
            states = {task["task_id"]: task["state"] for task in tasks}
            raise RuntimeError(f"{dag_id} failed: {states}. Read the logs of its tasks.")
        return {task["id"]: f"{dag_id}.{task['task_id']}" for task in tasks}


def named(peaks: Peaks, names: dict[str, str]) -> dict[str, int]:
    """Return the peaks of processes and tasks with a name; of a mapped task, the largest."""
    by_name: dict[str, float] = {}
    for key in peaks.keys() & names.keys():
        by_name[names[key]] = max(by_name.get(names[key], 0.0), peaks[key])
    return {name: round(peak) for name, peak in sorted(by_name.items())}


def growth(runs: Iterable[Json]) -> dict[str, int]:
    """Return by how much each process and task is larger in the last run than in the first."""
    first, *_, last = (run["peak_mb"] for run in runs)
    return {name: last[name] - first[name] for name in first if name in last}


def measured(folder: Path) -> Json:
    variables = {
        "PRODML_LANDING": f"s3://{BUCKET}/landing",
        "PRODML_TRAINING_INSTANCE_TYPE": TYPE,
    }
    awaited = ("initialize_project", RETRAIN, SCORE)
    with (
        running_postgres() as database,
        running_world(database, 1, dags=DAGS, awaited=awaited, variables=variables) as world,
    ):
        world.client("s3").create_bucket(Bucket=BUCKET)
        bench, runs = Bench(world, folder), []
        for dag_id in awaited:
            world.airflow.unpause(dag_id)
        bench.finished("initialize_project", {})
        with Sampler(world.processes.pids_of_airflow()).running() as sampler:
            for rows in (ROWS[0], *ROWS):
                runs.append(bench.run(sampler, rows))
                world.log(f"{runs[-1]}")
    return figures(runs[1:])


def figures(runs: list[Json]) -> Json:
    grown: dict[str, Any] = growth(runs)
    largest = max(grown, key=lambda name: grown[name])
    return {
        "runs": runs,
        "growth_mb": grown,
        "claims": {
            f"no Airflow process grows by more than {MOST} MB": grown[largest] <= MOST,
        },
    }


if __name__ == "__main__":
    report(measured, RESULT)
