"""Benchmark the control plane: DescribeTrainingJob against moto, ready time, idle memory.

The same job is described on both in turns, in the same run. The embedded AWS validates the input
and projects the response by botocore's model; moto does neither.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.load import Sample, Target, measure
from bench.report import ROOT, report
from include.local_aws.core.processes import free_port
from include.local_aws.testing import running_server

RESULT = ROOT / "bench" / "results" / "control_plane.json"
ROUNDS, REQUESTS = int(os.environ.get("BENCH_ROUNDS", "8")), 200
CALLERS, STARTS, JOBS = (1, 8), 5, 200
JOB = {
    "AlgorithmSpecification": {
        "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5",
        "TrainingInputMode": "File",
    },
    "RoleArn": "arn:aws:iam::000000000000:role/prodml",
    "HyperParameters": {f"parameter_{number}": str(number) for number in range(10)},
    "OutputDataConfig": {"S3OutputPath": "s3://bench/models"},
    "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}
SCOPE = "Credential=bench/20260101/us-east-1/sagemaker/aws4_request"


def client(url: str) -> Any:
    keys = {"aws_access_key_id": "bench", "aws_secret_access_key": "bench"}
    return boto3.client("sagemaker", endpoint_url=url, region_name="us-east-1", **keys)


def described(url: str) -> Target:
    """Return DescribeTrainingJob of an existing job, signed so that moto routes it."""
    fields = (
        ("x-amz-target", "SageMaker.DescribeTrainingJob"),
        ("authorization", f"AWS4-HMAC-SHA256 {SCOPE}, SignedHeaders=host, Signature=0"),
    )
    body = json.dumps({"TrainingJobName": "bench-0"}).encode()
    return Target(url, body, "application/x-amz-json-1.1", fields)


@contextlib.contextmanager
def moto(log: Path) -> Iterator[tuple[str, int]]:
    """Run moto's server; yield its address and process id."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "moto.server", "-p", str(port)]
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _until_answered(url)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def _until_answered(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"{url} does not answer.")


def memory(pid: int) -> int:
    """Return the megabytes of a process and its children, with shared pages counted once."""
    family = psutil.Process(pid)
    members = [family, *family.children(recursive=True)]
    used: float = sum(member.memory_full_info().pss for member in members)
    return round(used / 1e6)


def ready_seconds(folder: Path) -> float:
    """Return the time from the command to the first healthy response, on an empty folder."""
    began = time.perf_counter()
    with running_server(folder):
        return time.perf_counter() - began


def compared(ours: str, theirs: str) -> dict[str, Any]:
    """Measure both servers in turns; return medians of the ratios, which cancel shared noise."""
    report: dict[str, Any] = {}
    for callers in CALLERS:
        samples = {"embedded": Sample(), "moto_server": Sample()}
        ratios = []
        for _ in range(ROUNDS):
            mine = measure(described(ours), REQUESTS, callers)
            other = measure(described(theirs), REQUESTS, callers)
            samples["embedded"].add(mine)
            samples["moto_server"].add(other)
            ratios.append(other.seconds / mine.seconds)
        report[f"callers_{callers}"] = {name: s.summary() for name, s in samples.items()} | {
            "times_moto_server": round(statistics.median(ratios), 1)
        }
    return report


def measured(folder: Path) -> dict[str, Any]:
    starts = [ready_seconds(folder / f"start-{number}") for number in range(STARTS)]
    report: dict[str, Any] = {
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "ready_seconds": round(statistics.median(starts), 2),
    }
    with running_server(folder / "aws") as server, moto(folder / "moto.log") as (url, pid):
        report["idle_mb"] = {"embedded": memory(server.process.pid), "moto_server": memory(pid)}
        for number in range(JOBS):
            for address in (server.url, url):
                client(address).create_training_job(TrainingJobName=f"bench-{number}", **JOB)
        _until_ended(server.url)
        report["describe_training_job"] = compared(server.url, url)
    return report | {"claims": _claims(report)}


def _until_ended(url: str) -> None:
    """Wait until the jobs have ended; they fail because their bucket is missing."""
    while client(url).list_training_jobs(StatusEquals="InProgress")["TrainingJobSummaries"]:
        time.sleep(0.2)


def _claims(report: dict[str, Any]) -> dict[str, bool]:
    """Return the project's claims about the control plane, and whether they hold in this run."""
    ratios = [row["times_moto_server"] for row in report["describe_training_job"].values()]
    return {
        "DescribeTrainingJob at least 3 times moto_server": min(ratios) >= 3,
        "ready in 2 s": report["ready_seconds"] <= 2,
    }


if __name__ == "__main__":
    report(measured, RESULT)
