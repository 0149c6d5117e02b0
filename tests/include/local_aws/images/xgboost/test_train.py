"""The built-in algorithm beyond its plain form."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.include.local_aws.images.xgboost.records import recordio
from tests.include.local_aws.jobs import ROLE, XGBOOST, Jobs, channel
from tests.include.local_aws.sagemaker.training.test_job import BOOST, GROUP, ROWS, boosted

Unique = Callable[[str], str]


def finals(jobs: Jobs, name: str) -> dict[str, float]:
    job = jobs.ended("Training", name, timeout=150)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return {m["MetricName"]: m["Value"] for m in job["FinalMetricDataList"]}


def test_metrics_of_the_container_are_measured_too(jobs: Jobs, unique: Unique) -> None:
    name = unique("metrics")
    boosted(jobs, name, eval_metric="logloss,accuracy,f1,balanced_accuracy,mse")
    metrics = finals(jobs, name)
    assert metrics["validation:accuracy"] == metrics["validation:f1"] == 1.0
    assert metrics["validation:balanced_accuracy"] == 1.0
    assert 0 < metrics["train:mse"] < 0.25


def test_early_stopping_watches_the_last_metric(jobs: Jobs, unique: Unique) -> None:
    """Accuracy is 1 from the first round: three more rounds, and the best one is kept."""
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


def test_recordio_protobuf_is_read(jobs: Jobs, unique: Unique) -> None:
    name = unique("records")
    rows = np.loadtxt(io.StringIO(ROWS), delimiter=",").tolist()
    uri = jobs.put(f"{name}/rows.pbr", recordio(rows))
    inputs = [channel("train", uri, "application/x-recordio-protobuf")]
    jobs.train(name, XGBOOST, HyperParameters=BOOST, InputDataConfig=inputs)
    assert finals(jobs, name) == {"train:auc": 1.0}


def test_labels_that_the_objective_cannot_have_are_the_users_error(
    jobs: Jobs, unique: Unique
) -> None:
    name = unique("labels")
    uri = jobs.put(f"{name}/rows.csv", "0,1\n0,2\n0,3\n2,4\n")
    jobs.train(name, XGBOOST, HyperParameters=BOOST, InputDataConfig=[channel("train", uri)])
    reason = jobs.failure("Training", name)
    assert reason.startswith("ClientError: ")
    assert "label must be in [0,1] for logistic regression" in reason


def test_cross_validation_keeps_a_model_for_each_fold(jobs: Jobs, unique: Unique) -> None:
    """Rows are predicted by models that were not trained on them; the endpoint averages all."""
    name = unique("folds")
    boosted(jobs, name, _kfold="3", _num_cv_round="2", eval_metric="logloss")
    assert finals(jobs, name).keys() == {"train:logloss", "validation:logloss"}
    assert members(jobs, name, "model") == [f"xgboost-model-{number}" for number in range(6)]
    lines = jobs.lines(GROUP, name)
    assert "Run 2-round of 3-fold cross validation with 120 rows" in lines
    assert sum(line.startswith("[5]#011train-logloss:") for line in lines) == 3
    truth, probability, chosen = np.loadtxt(predictions(jobs, name), delimiter=",", unpack=True)
    assert ((probability > 0.5) == truth).mean() > 0.9
    assert (chosen == truth).mean() > 0.9
    scores = transformed(jobs, name, ROWS)
    assert [score > 0.5 for score in scores] == [x > 30 for x in range(60)]


def members(jobs: Jobs, name: str, archive: str) -> list[str]:
    with opened(jobs, name, archive) as tar:
        return sorted(tar.getnames())


def predictions(jobs: Jobs, name: str) -> io.StringIO:
    with opened(jobs, name, "output") as tar:
        (predictions,) = (member for member in tar.getnames() if member.endswith("predictions.csv"))
        content = tar.extractfile(predictions)
        assert content
        return io.StringIO(content.read().decode())


def opened(jobs: Jobs, name: str, archive: str) -> tarfile.TarFile:
    uri = f"s3://{jobs.bucket}/models/{name}/output/{archive}.tar.gz"
    return tarfile.open(fileobj=io.BytesIO(jobs.read(uri)))


def transformed(jobs: Jobs, name: str, rows: str) -> list[float]:
    """Return the predictions of the job's model for *rows*, without their label."""
    features = "\n".join(line.partition(",")[2] for line in rows.splitlines())
    uri = jobs.put(f"{name}/in/rows.csv", features)
    model = f"s3://{jobs.bucket}/models/{name}/output/model.tar.gz"
    container = {"Image": XGBOOST, "ModelDataUrl": model}
    jobs.sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}
    output = f"s3://{jobs.bucket}/{name}/out"
    jobs.sagemaker.create_transform_job(
        TransformJobName=name,
        ModelName=name,
        TransformInput={"DataSource": source, "ContentType": "text/csv", "SplitType": "Line"},
        TransformOutput={"S3OutputPath": output},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    job = jobs.ended("Transform", name)
    assert job["TransformJobStatus"] == "Completed", job.get("FailureReason")
    return [float(line) for line in jobs.read(f"{output}/rows.csv.out").split()]
