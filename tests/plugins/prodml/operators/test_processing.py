"""One job per task, whatever happens to the task; and the truth about how it ended."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import TaskDeferred
from prodml.exceptions import JobFailedError, JobStoppedError, RequestRefusedError
from prodml.operators.processing import ProcessingJobOperator, s3_input

from tests.plugins.runs import ROLE, Ti, processing_request, run

OUTPUT = "/opt/ml/processing/output"
COUNT = """
import pathlib, sys
rows = [len(p.read_text().split()) for p in pathlib.Path(sys.argv[1]).glob("*.csv")]
pathlib.Path(sys.argv[2], "rows.txt").write_text(str(sum(rows)))
"""
FAIL = "print('about to fail'); raise SystemExit('the data is upside down')"
SLEEP = "import time; print('asleep', flush=True); time.sleep(120)"


def _operator(script: Path, code: str, bucket: str, **arguments: Any) -> ProcessingJobOperator:
    (script / "main.py").write_text(code)
    return ProcessingJobOperator(
        task_id="task",
        source_dir=str(script),
        code_prefix=f"s3://{bucket}/code",
        role_arn=ROLE,
        poll_interval=0.1,
        config=arguments.pop("config", processing_request()),
        **arguments,
    )


def _counting(script: Path, bucket: str, folder: str, **arguments: Any) -> ProcessingJobOperator:
    output = {
        "S3Uri": f"s3://{bucket}/{folder}/out/",
        "LocalPath": OUTPUT,
        "S3UploadMode": "EndOfJob",
    }
    raw = s3_input("raw", f"s3://{bucket}/{folder}/in/", "/opt/ml/processing/input/raw")
    config = processing_request() | {
        "ProcessingInputs": [raw],
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "rows", "S3Output": output}]},
    }
    words = ["/opt/ml/processing/input/raw", OUTPUT]
    return _operator(script, COUNT, bucket, config=config, arguments=words, **arguments)


def _jobs(sagemaker: Any, ti: Ti) -> list[str]:
    """All jobs of this task, by the tag that names its run."""
    names = []
    for job in sagemaker.list_processing_jobs(MaxResults=100)["ProcessingJobSummaries"]:
        tags = sagemaker.list_tags(ResourceArn=job["ProcessingJobArn"])["Tags"]
        if {"Key": "prodml:run", "Value": ti.run_id} in tags:
            names.append(job["ProcessingJobName"])
    return names


def _wait_for_job(sagemaker: Any, ti: Ti) -> str:
    for _ in range(200):
        if names := _jobs(sagemaker, ti):
            return names[0]
        time.sleep(0.05)
    raise AssertionError("no job was created")


@pytest.mark.parametrize("deferrable", [False, True])
def test_a_script_reads_and_writes_s3(
    deferrable: bool, s3: Any, bucket: str, unique: str, script: Path, ti: Ti
) -> None:
    s3.put_object(Bucket=bucket, Key=f"{unique}/in/a.csv", Body=b"1\n2\n3\n")
    result = run(_counting(script, bucket, unique, deferrable=deferrable, fresh=True), ti)
    assert result["outputs"] == {"rows": f"s3://{bucket}/{unique}/out/"}
    assert s3.get_object(Bucket=bucket, Key=f"{unique}/out/rows.txt")["Body"].read() == b"3"
    assert len(json.dumps(result)) < 1000
    with urllib.request.urlopen(ti.pushed["sagemaker_link"]) as page:
        assert result["job_name"] in page.read().decode()


def test_a_second_try_uses_the_completed_job(
    s3: Any, sagemaker: Any, bucket: str, unique: str, script: Path, ti: Ti
) -> None:
    s3.put_object(Bucket=bucket, Key=f"{unique}/in/a.csv", Body=b"1\n")
    first = run(_counting(script, bucket, unique), ti)
    ti.try_number = 2
    assert run(_counting(script, bucket, unique), ti) == first
    assert len(_jobs(sagemaker, ti)) == 1


def test_changed_data_is_another_job(
    s3: Any, bucket: str, unique: str, script: Path, ti: Ti
) -> None:
    s3.put_object(Bucket=bucket, Key=f"{unique}/in/a.csv", Body=b"1\n")
    first = run(_counting(script, bucket, unique), ti)
    s3.put_object(Bucket=bucket, Key=f"{unique}/in/a.csv", Body=b"1\n2\n")
    assert run(_counting(script, bucket, unique), ti)["job_name"] != first["job_name"]


def test_a_failure_has_its_reason_and_a_retry_is_the_next_attempt(
    sagemaker: Any, bucket: str, script: Path, ti: Ti
) -> None:
    for _ in range(2):
        with pytest.raises(JobFailedError, match="about to fail"):
            run(_operator(script, FAIL, bucket), ti)
    second, first = sorted(_jobs(sagemaker, ti), key=len, reverse=True)
    assert second == f"{first}-2"


@pytest.mark.parametrize("deferrable", [False, True])
def test_stopped_is_not_success(
    deferrable: bool, sagemaker: Any, bucket: str, script: Path, ti: Ti
) -> None:
    """Killing the task stops the job; a stopped job never counts as completed."""
    operator = _operator(script, SLEEP, bucket, deferrable=deferrable)
    killer = threading.Thread(target=lambda: _kill(operator, sagemaker, ti), daemon=True)
    killer.start()
    with pytest.raises(JobStoppedError, match="Clear the task"):
        run(operator, ti)
    killer.join()


def _kill(operator: ProcessingJobOperator, sagemaker: Any, ti: Ti) -> None:
    _wait_for_job(sagemaker, ti)
    while operator.job_name is None:
        time.sleep(0.05)
    operator.on_kill()


def test_a_task_that_died_finds_its_running_job(
    sagemaker: Any, bucket: str, script: Path, ti: Ti
) -> None:
    """The first try ends without a word after its submit; the second one adopts the job."""
    first, second = (_operator(script, SLEEP, bucket, deferrable=True) for _ in range(2))
    context: Any = {"ti": ti}
    with pytest.raises(TaskDeferred):
        first.execute(context)
    ti.try_number = 2
    with pytest.raises(TaskDeferred) as deferred:
        second.execute(context)
    assert len(_jobs(sagemaker, ti)) == 1
    assert deferred.value.trigger.name == first.job_name == second.job_name
    second.on_kill()


def test_a_wrong_request_is_refused_without_a_retry(bucket: str, script: Path, ti: Ti) -> None:
    config = processing_request()
    config["AppSpecification"] = {"ImageUri": "unknown/image:1"}
    with pytest.raises(RequestRefusedError, match="Correct the request"):
        run(_operator(script, "", bucket, config=config), ti)


def test_an_experiment_config_gives_a_component_to_share(
    bucket: str, script: Path, ti: Ti, experiment: str
) -> None:
    shown = {"ExperimentName": experiment, "TrialComponentDisplayName": "Preprocessing"}
    config = processing_request() | {"ExperimentConfig": shown}
    result = run(_operator(script, "", bucket, config=config), ti)
    assert result["trial_component"] == f"{result['job_name']}-aws-processing-job"
