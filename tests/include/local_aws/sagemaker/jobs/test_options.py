"""Options of training jobs: instances, shards, checkpoints, spot, isolation, packages."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from typing import Any

from include.local_aws.containers.instance_types import process_memory
from tests.include.local_aws.jobs import CLUSTER, SKLEARN, XGBOOST, Jobs, channel
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.training.test_job import BOOST, GROUP, ROWS, wait_for_line

Unique = Callable[[str], str]
TWO = CLUSTER | {"InstanceCount": 2}


def names_in(jobs: Jobs, name: str) -> list[str]:
    uri = f"s3://{jobs.bucket}/models/{name}/output/model.tar.gz"
    with tarfile.open(fileobj=io.BytesIO(jobs.read(uri))) as archive:
        return sorted(archive.getnames())


def sharded(name: str, uri: str) -> dict[str, Any]:
    sharded = channel(name, uri)
    sharded["DataSource"]["S3DataSource"]["S3DataDistributionType"] = "ShardedByS3Key"
    return sharded


def completed(jobs: Jobs, name: str) -> dict[str, Any]:
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return job


def test_every_instance_gets_its_shard_and_gives_its_part(jobs: Jobs, unique: Unique) -> None:
    """Each instance has its logs and the cluster's configuration; the model is merged."""
    name = unique("shards")
    for letter in "abc":
        jobs.put(f"{name}/in/{letter}.txt", letter)
    code = (
        "import json, os\n"
        "host = os.environ['SM_CURRENT_HOST']\n"
        "seen = sorted(os.listdir(os.environ['SM_CHANNEL_TRAIN']))\n"
        "with open(os.path.join(os.environ['SM_MODEL_DIR'], host), 'w') as out:\n"
        "    json.dump([seen, json.loads(os.environ['SM_HOSTS'])], out)\n"
    )
    jobs.train(
        name,
        SKLEARN,
        ResourceConfig=TWO,
        HyperParameters=jobs.script(name, code),
        InputDataConfig=[sharded("train", f"s3://{jobs.bucket}/{name}/in/")],
    )
    completed(jobs, name)
    uri = f"s3://{jobs.bucket}/models/{name}/output/model.tar.gz"
    with tarfile.open(fileobj=io.BytesIO(jobs.read(uri))) as archive:
        parts = [json.load(archive.extractfile(f"algo-{n}")) for n in (1, 2)]  # type: ignore[arg-type]
    assert parts == [[["a.txt", "c.txt"], ["algo-1", "algo-2"]], [["b.txt"], ["algo-1", "algo-2"]]]
    response = jobs.logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{name}/")
    assert len(response["logStreams"]) == 2


def test_a_failing_instance_ends_the_others(jobs: Jobs, unique: Unique) -> None:
    name = unique("half")
    code = (
        "import os, time\n"
        "if os.environ['SM_CURRENT_HOST'] == 'algo-2': raise ValueError('two is out')\n"
        "time.sleep(80)\n"
    )
    jobs.train(name, SKLEARN, ResourceConfig=TWO, HyperParameters=jobs.script(name, code))
    assert "two is out" in jobs.failure("Training", name, timeout=40)


def test_xgboost_trains_one_model_on_two_instances(jobs: Jobs, unique: Unique) -> None:
    """The sum over both shards decides: each alone has one class only."""
    name = unique("pair")
    rows = ROWS.splitlines()
    jobs.put(f"{name}/in/0.csv", "\n".join(rows[:31]))
    jobs.put(f"{name}/in/1.csv", "\n".join(rows[31:]))
    jobs.train(
        name,
        XGBOOST,
        ResourceConfig=TWO,
        HyperParameters=BOOST | {"eval_metric": "error"},
        InputDataConfig=[sharded("train", f"s3://{jobs.bucket}/{name}/in/")],
    )
    job = completed(jobs, name)
    assert names_in(jobs, name) == ["xgboost-model"]
    assert {m["MetricName"]: m["Value"] for m in job["FinalMetricDataList"]} == {"train:error": 0.0}


def test_an_instance_without_a_share_of_the_data_takes_no_part(jobs: Jobs, unique: Unique) -> None:
    name = unique("alone")
    jobs.put(f"{name}/in/0.csv", ROWS)
    jobs.train(
        name,
        XGBOOST,
        ResourceConfig=TWO,
        HyperParameters=BOOST | {"eval_metric": "error"},
        InputDataConfig=[sharded("train", f"s3://{jobs.bucket}/{name}/in/")],
    )
    completed(jobs, name)
    assert names_in(jobs, name) == ["xgboost-model"]
    assert "Host algo-2 not being used for distributed training." in jobs.lines(GROUP, name)


def test_a_manifest_lists_the_objects(jobs: Jobs, unique: Unique) -> None:
    name = unique("manifest")
    for key in ("a", "b/c", "not-listed"):
        jobs.put(f"{name}/in/{key}", key)
    listed = json.dumps([{"prefix": f"s3://{jobs.bucket}/{name}/in/"}, "a", "b/c"])
    inputs = channel("train", jobs.put(f"{name}/list.json", listed))
    inputs["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    inputs["InputMode"] = "FastFile"
    code = (
        "import os, shutil\n"
        "shutil.copytree(os.environ['SM_CHANNEL_TRAIN'], os.environ['SM_MODEL_DIR'] + '/in')\n"
    )
    script = jobs.script(name, code)
    jobs.train(name, SKLEARN, HyperParameters=script, InputDataConfig=[inputs])
    completed(jobs, name)
    assert names_in(jobs, name) == ["in", "in/a", "in/b", "in/b/c"]


RESUMES = (
    "import os, pathlib, time\n"
    "base = os.environ.get('SAGEMAKER_BASE_DIR', '/opt/ml')\n"
    "kept = pathlib.Path(base, 'checkpoints')\n"
    "if (kept / 'epoch').exists():\n"
    "    (pathlib.Path(os.environ['SM_MODEL_DIR']) / 'resumed').write_text('')\n"
    "else:\n"
    "    (kept / 'epoch').write_text('5')\n"
    "    print('saved', flush=True)\n"
    "    time.sleep(80)\n"
)


def interrupt(jobs: Jobs, name: str) -> None:
    fault = {"resource": "training-job", "name": name, "event": "interrupt"}
    jobs.fault(fault)


def test_a_spot_job_resumes_from_its_checkpoints(jobs: Jobs, unique: Unique) -> None:
    """It is interrupted and restarted on an empty instance with its checkpoint; billed less."""
    name = unique("spot")
    jobs.train(
        name,
        SKLEARN,
        HyperParameters=jobs.script(name, RESUMES),
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 120},
        CheckpointConfig={"S3Uri": f"s3://{jobs.bucket}/{name}/checkpoints"},
    )
    wait_for_line(jobs, name, "saved")
    interrupt(jobs, name)
    job = completed(jobs, name)
    once = ["Starting", "Downloading", "Training"]
    statuses = [t["Status"] for t in job["SecondaryStatusTransitions"]]
    assert statuses == [*once, "Interrupted", *once, "Uploading", "Completed"]
    assert names_in(jobs, name) == ["resumed"]
    assert jobs.keys(f"{name}/checkpoints") == [f"{name}/checkpoints/epoch"]
    assert job["BillableTimeInSeconds"] <= job["TrainingTimeInSeconds"]


def test_checkpoints_may_be_moved_while_they_are_sent(jobs: Jobs, unique: Unique) -> None:
    """Scripts write temporary files, rename and rotate: a file that disappears is not an error."""
    name = unique("rotates")
    code = (
        "import os, pathlib, time\n"
        "kept = pathlib.Path(os.environ.get('SAGEMAKER_BASE_DIR', '/opt/ml'), 'checkpoints')\n"
        "end, number = time.monotonic() + 2, 0\n"
        "while time.monotonic() < end:\n"
        "    number += 1\n"
        "    (kept / 'partial').write_text('x' * 1000)\n"
        "    (kept / 'partial').rename(kept / f'epoch-{number}')\n"
        "    (kept / f'epoch-{number - 20}').unlink(missing_ok=True)\n"
        "print(f'last={number};', flush=True)\n"
    )
    jobs.train(
        name,
        SKLEARN,
        HyperParameters=jobs.script(name, code),
        CheckpointConfig={"S3Uri": f"s3://{jobs.bucket}/{name}/checkpoints"},
    )
    completed(jobs, name)
    (line,) = (line for line in jobs.lines(GROUP, name) if line.startswith("last="))
    last = line.removeprefix("last=").rstrip(";")
    assert f"{name}/checkpoints/epoch-{last}" in jobs.keys(f"{name}/checkpoints/epoch-{last}")


def test_a_retry_strategy_restarts_a_lost_job(jobs: Jobs, unique: Unique) -> None:
    name = unique("retry")
    config = {"S3Uri": f"s3://{jobs.bucket}/{name}/checkpoints"}
    jobs.train(
        name,
        SKLEARN,
        HyperParameters=jobs.script(name, RESUMES),
        CheckpointConfig=config,
        RetryStrategy={"MaximumRetryAttempts": 1},
    )
    wait_for_line(jobs, name, "saved")
    interrupt(jobs, name)
    job = completed(jobs, name)
    assert "Restarting" in [t["Status"] for t in job["SecondaryStatusTransitions"]]


def test_spot_without_capacity_waits_until_the_limit(jobs: Jobs, unique: Unique) -> None:
    name = unique("wait")
    jobs.fault({"resource": "training-job", "name": name, "event": "capacity", "count": None})
    jobs.train(
        name,
        SKLEARN,
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": 1, "MaxWaitTimeInSeconds": 1},
    )
    job = jobs.ended("Training", name)
    assert job["SecondaryStatus"] == "MaxWaitTimeExceeded"
    assert job["TrainingJobStatus"] == "Stopped"


def test_spot_times_are_checked(jobs: Jobs, unique: Unique) -> None:
    for spot, condition in (
        (True, {"MaxRuntimeInSeconds": 60}),
        (True, {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 59}),
        (False, {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60}),
    ):
        code, message = refusal(
            jobs.train,
            name=unique("times"),
            image=SKLEARN,
            EnableManagedSpotTraining=spot,
            StoppingCondition=condition,
        )
        assert code == "ValidationException"
        assert "MaxWaitTimeInSeconds" in message


def test_isolation_cuts_the_network_and_the_credentials(
    jobs: Jobs, unique: Unique, request: Any
) -> None:
    """Without namespaces of the kernel, only the credentials are missing."""
    from include.local_aws.containers.sandbox import uses_bubblewrap

    name = unique("alone")
    port = jobs.sagemaker.meta.endpoint_url.rpartition(":")[2]
    code = (
        "import os, socket\n"
        f"reached = socket.socket().connect_ex(('127.0.0.1', {port})) == 0\n"
        "print('credentials', 'AWS_ACCESS_KEY_ID' in os.environ, 'network', reached, flush=True)\n"
    )
    script = jobs.script(name, code)
    sources = channel("code", json.loads(script["sagemaker_submit_directory"]))
    path = f"/opt/ml/input/data/code/{name}.tar.gz"
    script["sagemaker_submit_directory"] = json.dumps(path)
    isolated = {"InputDataConfig": [sources], "EnableNetworkIsolation": True}
    jobs.train(name, SKLEARN, HyperParameters=script, **isolated)
    completed(jobs, name)
    reached = not uses_bubblewrap(request.node.callspec.params["jobs"])
    assert f"credentials False network {reached}" in jobs.lines(GROUP, name)


def test_memory_and_file_size_are_capped(jobs: Jobs, unique: Unique) -> None:
    """Request more memory than the instance type has, and eleven gigabytes of disk; use neither."""
    name = unique("caps")
    code = (
        "import os, resource\n"
        "most, _ = resource.getrlimit(resource.RLIMIT_DATA)\n"
        "print('at most', most, flush=True)\n"
        "try: bytearray(most)\n"
        "except MemoryError: print('memory is capped', flush=True)\n"
        "with open(os.path.join(os.environ['SM_MODEL_DIR'], 'large'), 'wb') as file:\n"
        "    file.truncate(1 << 30)\n"
        "    try: file.truncate(11 << 30)\n"
        "    except OSError as error: print(error.strerror, flush=True)\n"
        "    file.truncate(0)\n"
    )
    cluster = CLUSTER | {"InstanceType": "ml.m5.xlarge"}
    jobs.train(name, SKLEARN, HyperParameters=jobs.script(name, code), ResourceConfig=cluster)
    completed(jobs, name)
    lines = jobs.lines(GROUP, name)
    assert f"at most {process_memory('ml.m5.xlarge')}" in lines
    assert "memory is capped" in lines
    assert "File too large" in lines


def test_metrics_are_in_the_trial_component_while_the_job_runs(jobs: Jobs, unique: Unique) -> None:
    name = unique("streams")
    jobs.sagemaker.create_experiment(ExperimentName=name)
    jobs.sagemaker.create_trial(TrialName=name, ExperimentName=name)
    definitions = [{"Name": "loss", "Regex": "loss=([0-9.]+);"}]
    image = {"TrainingImage": SKLEARN, "TrainingInputMode": "File"}
    code = (
        "import time\nfor t in ('loss=3;loss=2;', 'ready'): print(t, flush=True)\ntime.sleep(80)\n"
    )
    jobs.train(
        name,
        SKLEARN,
        AlgorithmSpecification=image | {"MetricDefinitions": definitions},
        HyperParameters=jobs.script(name, code),
        ExperimentConfig={"ExperimentName": name, "TrialName": name},
    )
    wait_for_line(jobs, name, "ready")
    component = jobs.sagemaker.describe_trial_component(
        TrialComponentName=f"{name}-aws-training-job"
    )
    assert component["Status"]["PrimaryStatus"] == "InProgress"
    (loss,) = component["Metrics"]
    assert (loss["Count"], loss["Max"], loss["Last"]) == (2, 3.0, 2.0)
    jobs.sagemaker.stop_training_job(TrainingJobName=name)
    jobs.ended("Training", name)


def test_requirements_that_read_this_machine_are_refused(jobs: Jobs, unique: Unique) -> None:
    name = unique("reads")
    archive = {"train.py": "pass", "requirements.txt": "-r /etc/passwd\n"}
    jobs.train(name, SKLEARN, HyperParameters=jobs.sources(name, archive))
    reason = jobs.failure("Training", name)
    assert reason.startswith("ClientError: requirements.txt: '-r /etc/passwd'")


def test_an_archive_cannot_leave_its_folder(jobs: Jobs, unique: Unique) -> None:
    name = unique("escape")
    jobs.train(name, SKLEARN, HyperParameters=jobs.sources(name, {"../../out.py": "pass"}))
    reason = jobs.failure("Training", name)
    assert reason.startswith("ClientError: The source archive")


def test_links_out_of_the_job_are_not_followed(jobs: Jobs, unique: Unique) -> None:
    """A container may leave links to this machine's files: their content never leaves it."""
    name = unique("links")
    code = (
        "import os, shutil\n"
        "base = os.environ.get('SAGEMAKER_BASE_DIR', '/opt/ml')\n"
        "shutil.rmtree(base + '/output', ignore_errors=True)\n"
        "os.symlink('/etc', base + '/output')\n"
        "shutil.rmtree(os.environ['SM_MODEL_DIR'])\n"
        "os.symlink('/etc', base + '/model')\n"
        "os._exit(1)\n"
    )
    jobs.train(name, SKLEARN, HyperParameters=jobs.script(name, code))
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Failed"
    assert jobs.keys(f"models/{name}") == []
