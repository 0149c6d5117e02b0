from __future__ import annotations

import asyncio
import io
import tarfile
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.jobs.runner import Job, JobFailed, JobInterrupted
from include.local_aws.sagemaker.training import artifacts
from include.local_aws.sagemaker.training import job as training_jobs
from tests.include.local_aws.jobs import SKLEARN, XGBOOST, Jobs, channel
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.pipelines.executions import refused

Unique = Callable[[str], str]
GROUP = "/aws/sagemaker/TrainingJobs"
ROWS = "\n".join(f"{int(x > 30)},{x},{x % 7}" for x in range(60)) + "\n"
BOOST = {"num_round": "5", "objective": "binary:logistic", "eval_metric": "auc"}


def boosted(jobs: Jobs, name: str, **hyperparameters: str) -> None:
    uri = jobs.put("rows/rows.csv", ROWS)
    inputs = [channel("train", uri), channel("validation", uri)]
    jobs.train(name, XGBOOST, HyperParameters=BOOST | hyperparameters, InputDataConfig=inputs)


def test_xgboost_trains_and_reports(jobs: Jobs, unique: Unique) -> None:
    """Metrics, model and statuses are where AWS has them."""
    name = unique("boost")
    boosted(jobs, name)
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    metrics = {m["MetricName"]: m["Value"] for m in job["FinalMetricDataList"]}
    assert metrics == {"train:auc": 1.0, "validation:auc": 1.0}
    statuses = [t["Status"] for t in job["SecondaryStatusTransitions"]]
    assert statuses == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    uri = job["ModelArtifacts"]["S3ModelArtifacts"]
    assert uri == f"s3://{jobs.bucket}/models/{name}/output/model.tar.gz"
    with tarfile.open(fileobj=io.BytesIO(jobs.read(uri))) as archive:
        assert archive.getnames() == ["xgboost-model"]
    assert "[4]#011train-auc:1.00000#011validation-auc:1.00000" in jobs.lines(GROUP, name)


def test_taken_name_is_the_lock(jobs: Jobs, unique: Unique) -> None:
    name = unique("once")
    boosted(jobs, name)
    request = jobs.sagemaker.describe_training_job(TrainingJobName=name)
    wanted = ("TrainingJobName", "AlgorithmSpecification", "RoleArn", "OutputDataConfig")
    again = {k: request[k] for k in (*wanted, "ResourceConfig", "StoppingCondition")}
    again["AlgorithmSpecification"].pop("MetricDefinitions", None)
    code, message = refusal(jobs.sagemaker.create_training_job, **again)
    assert code == "ResourceInUse"
    assert "already exists" in message
    jobs.ended("Training", name)


def test_bad_hyperparameter_is_the_users_error(jobs: Jobs, unique: Unique) -> None:
    name = unique("bad")
    boosted(jobs, name, max_depth="-3")
    assert (
        jobs.failure("Training", name)
        == "ClientError: Hyperparameter max_depth: -3 is not in [0, +inf)"
    )


def test_missing_data_names_the_channel(jobs: Jobs, unique: Unique) -> None:
    name = unique("empty")
    inputs = [channel("train", f"s3://{jobs.bucket}/nothing/here/")]
    jobs.train(name, XGBOOST, HyperParameters=BOOST, InputDataConfig=inputs)
    reason = jobs.failure("Training", name)
    assert "No S3 objects found" in reason
    assert "'train'" in reason


def test_script_runs_through_the_toolkit(jobs: Jobs, unique: Unique) -> None:
    """Its arguments, environment, metrics and model are those of AWS's framework images."""
    name = unique("script")
    code = (
        "import os, sys, sklearn\n"
        "print(sys.argv[1:], sklearn.__version__)\n"
        "print('score=0.25;')\n"
        "print('score=0.75;')\n"
        "open(os.path.join(os.environ['SM_MODEL_DIR'], 'weights'), 'w').write('1')\n"
    )
    specification = {
        "TrainingImage": SKLEARN,
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "score", "Regex": "score=([0-9.]+);"}],
    }
    jobs.train(
        name,
        SKLEARN,
        AlgorithmSpecification=specification,
        HyperParameters=jobs.script(name, code) | {"depth": "3"},
    )
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert [(m["MetricName"], m["Value"]) for m in job["FinalMetricDataList"]] == [("score", 0.75)]
    print("\n".join(jobs.lines(GROUP, name)))
    assert any("--depth" in line and "1.4.2" in line for line in jobs.lines(GROUP, name)), (
        jobs.lines(GROUP, name)
    )
    assert jobs.keys(f"models/{name}/output/model.tar.gz")


def test_failing_script_has_the_reason(jobs: Jobs, unique: Unique) -> None:
    name = unique("fails")
    script = jobs.script(name, "raise ValueError('the cat is out')\n")
    jobs.train(name, SKLEARN, HyperParameters=script)
    reason = jobs.failure("Training", name)
    assert reason.startswith("AlgorithmError: ")
    assert "the cat is out" in reason


def test_stop_uploads_the_saved_model(jobs: Jobs, unique: Unique) -> None:
    """SIGTERM reaches the script itself; its model is uploaded, and the job is Stopped."""
    name = unique("stop")
    code = (
        "import os, signal, sys, time\n"
        "def save(*_):\n"
        "    open(os.path.join(os.environ['SM_MODEL_DIR'], 'late'), 'w').write('1')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, save)\n"
        "print('running', flush=True)\n"
        "time.sleep(60)\n"
    )
    jobs.train(name, SKLEARN, HyperParameters=jobs.script(name, code))
    wait_for_line(jobs, name, "running")
    jobs.sagemaker.stop_training_job(TrainingJobName=name)
    job = jobs.ended("Training", name, timeout=60)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Stopped"
    assert jobs.keys(f"models/{name}/output/model.tar.gz")
    code_, _ = refusal(jobs.sagemaker.stop_training_job, TrainingJobName=name)
    assert code_ == "ValidationException"


def test_runtime_is_bounded(jobs: Jobs, unique: Unique) -> None:
    """A script that ignores SIGTERM is killed, and the job has status MaxRuntimeExceeded."""
    name = unique("long")
    code = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)\n"
    jobs.train(
        name,
        SKLEARN,
        HyperParameters=jobs.script(name, code),
        StoppingCondition={"MaxRuntimeInSeconds": 2},
    )
    job = jobs.ended("Training", name, timeout=60)
    assert job["SecondaryStatus"] == "MaxRuntimeExceeded"
    assert job["TrainingJobStatus"] == "Stopped"


def test_unknown_image_is_refused_with_those_known(jobs: Jobs, unique: Unique) -> None:
    image = XGBOOST.replace("3.0-5", "0.1-1")
    specification = {"TrainingImage": image, "TrainingInputMode": "File"}
    code, message = refusal(
        jobs.train, name=unique("who"), image=image, AlgorithmSpecification=specification
    )
    assert code == "ValidationException"
    assert "sagemaker-xgboost:3.0-5" in message


def wait_for_line(jobs: Jobs, name: str, line: str) -> None:
    import time

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        groups = jobs.logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
        if groups and line in jobs.lines(GROUP, name):
            return
        time.sleep(0.1)
    raise AssertionError(f"{name} never printed {line!r}")


GONE = refused("NoSuchBucket", "It does not exist.")


def _training(aws: Aws, monkeypatch: pytest.MonkeyPatch, **members: Any) -> training_jobs.Training:
    """Return a job in the store, whose checkpoints can be neither read nor written."""
    request = {
        "TrainingJobName": "job",
        "TrainingJobArn": "arn:job",
        "AlgorithmSpecification": {"TrainingImage": XGBOOST},
        "OutputDataConfig": {"S3OutputPath": "s3://b/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large"},
        "SecondaryStatusTransitions": [],
    }
    aws.store.insert("training-job", "job", request | members)
    monkeypatch.setattr(aws, "client", lambda *_: None)
    monkeypatch.setattr(training_jobs, "Evaluation", lambda _: None)
    training = training_jobs.Training(Job(aws, "training-job", "job"), "component")
    training._stage()
    return training


def _gone(*_: Any) -> None:
    raise GONE


def test_buckets_that_are_gone_are_the_users_error(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = _training(aws, monkeypatch)
    monkeypatch.setattr(artifacts, "upload", _gone)
    with pytest.raises(JobFailed, match=r"^ClientError: Artifact upload failed: .*NoSuchBucket"):
        training._upload()
    monkeypatch.setattr(training.checkpoints, "download", _gone)
    with pytest.raises(JobFailed, match=r"^ClientError: Checkpoint download failed: .*NoSuchB"):
        training._prepare()
    monkeypatch.setattr(training.checkpoints, "upload", _gone)
    with pytest.raises(JobFailed, match=r"^ClientError: Checkpoint upload failed: .*NoSuchB"):
        training._upload()


@pytest.mark.parametrize(
    ("members", "attempts", "phase"),
    [
        ({}, 1, None),
        ({"RetryStrategy": {"MaximumRetryAttempts": 2}}, 3, "Restarting"),
        ({"EnableManagedSpotTraining": True}, 4, "Interrupted"),
    ],
)
def test_an_interrupted_job_starts_again_as_often_as_it_may(
    aws: Aws,
    monkeypatch: pytest.MonkeyPatch,
    members: dict[str, Any],
    attempts: int,
    phase: str | None,
) -> None:
    """Limit a spot job by nothing but its time, here at the fourth attempt."""
    training = _training(aws, monkeypatch, **members)
    tried: list[bool] = []

    async def phases() -> str:
        leftover = training.cluster.hosts[0].root / "model" / "part"
        tried.append(leftover.exists())
        if len(tried) == 4:
            return "MaxWaitTimeExceeded"
        leftover.parent.mkdir(parents=True, exist_ok=True)
        leftover.touch()
        raise JobInterrupted("InternalServerError: lost")

    monkeypatch.setattr(training, "_phases", phases)
    if attempts == 4:
        assert asyncio.run(training._until_done()) == "MaxWaitTimeExceeded"
    else:
        with pytest.raises(JobInterrupted, match="lost"):
            asyncio.run(training._until_done())
    assert tried == [False] * attempts
    entered = [entry["Status"] for entry in training.job.doc["SecondaryStatusTransitions"]]
    assert entered == [phase] * (attempts - 1)


def test_checkpoints_of_an_interrupted_job_that_cannot_be_saved_fail_it(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail rather than start again from older ones."""
    training = _training(aws, monkeypatch, EnableManagedSpotTraining=True)

    async def phases() -> str:
        raise JobInterrupted("InternalServerError: lost")

    monkeypatch.setattr(training, "_phases", phases)
    monkeypatch.setattr(training.checkpoints, "upload", _gone)
    with pytest.raises(JobFailed, match=r"^ClientError: Checkpoint upload failed"):
        asyncio.run(training._until_done())
