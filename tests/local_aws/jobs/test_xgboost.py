"""The built-in algorithm beyond its plain form."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.local_aws.jobs.conftest import XGBOOST, Jobs, channel
from tests.local_aws.jobs.test_training import BOOST, GROUP, ROWS, boosted

Unique = Callable[[str], str]


def finals(jobs: Jobs, name: str) -> dict[str, float]:
    job = jobs.ended("Training", name, timeout=150)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return {m["MetricName"]: m["Value"] for m in job["FinalMetricDataList"]}


def test_metrics_of_the_container_are_measured_too(jobs: Jobs, unique: Unique) -> None:
    name = unique("metrics")
    boosted(jobs, name, eval_metric="logloss,accuracy,f1,balanced_accuracy,mse")
    found = finals(jobs, name)
    assert found["validation:accuracy"] == found["validation:f1"] == 1.0
    assert found["validation:balanced_accuracy"] == 1.0
    assert 0 < found["train:mse"] < 0.25


def test_early_stopping_watches_the_last_metric(jobs: Jobs, unique: Unique) -> None:
    """Accuracy is 1 from the first round on: three rounds more, and the best one is kept."""
    name = unique("patience")
    boosted(jobs, name, num_round="50", early_stopping_rounds="3", eval_metric="logloss,accuracy")
    finals(jobs, name)
    rounds = [line for line in jobs.lines(GROUP, name) if "train-logloss" in line]
    assert len(rounds) == 4, jobs.lines(GROUP, name)


def test_checkpoints_are_where_the_next_run_begins(jobs: Jobs, unique: Unique) -> None:
    first, second = unique("first"), unique("second")
    checkpoints = {"S3Uri": f"s3://{jobs.bucket}/{first}/checkpoints"}
    uri = jobs.put("rows/rows.csv", ROWS)
    for name, rounds in ((first, "3"), (second, "5")):
        jobs.train(
            name,
            XGBOOST,
            HyperParameters=BOOST | {"num_round": rounds},
            InputDataConfig=[channel("train", uri)],
            CheckpointConfig=checkpoints,
        )
        finals(jobs, name)
    rounds_of_second = [ln[:3] for ln in jobs.lines(GROUP, second) if "train-auc" in ln]
    assert rounds_of_second == ["[3]", "[4]"]


def test_parquet_is_read(jobs: Jobs, unique: Unique) -> None:
    name = unique("parquet")
    rows = np.loadtxt(io.StringIO(ROWS), delimiter=",")
    table, file = pa.table({f"c{n}": rows[:, n] for n in range(rows.shape[1])}), io.BytesIO()
    pq.write_table(table, file)
    uri = jobs.put(f"{name}/rows.parquet", file.getvalue())
    inputs = [channel("train", uri, "application/x-parquet")]
    jobs.train(name, XGBOOST, HyperParameters=BOOST, InputDataConfig=inputs)
    assert finals(jobs, name) == {"train:auc": 1.0}
