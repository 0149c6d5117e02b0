"""Benchmark `--iam`: the server's CPU time of a request, off, recorded and enforced.

The caller is a user with AmazonSageMakerFullAccess. The three servers answer in turns, so that what
else the machine does is in all of them.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.load import cpu_seconds
from bench.report import ROOT, report
from include.local_aws.testing import REGION, Server, running_server

RESULT = ROOT / "bench" / "results" / "iam.json"
MODES, ROUNDS, REQUESTS = ("off", "record", "enforce"), 5, 80
POLICY = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
ACCOUNT = "000000000000"


def client(server: Server, service: str, key: str, secret: str) -> Any:
    keys = {"aws_access_key_id": key, "aws_secret_access_key": secret}
    return boto3.client(service, endpoint_url=server.url, region_name=REGION, **keys)


def caller(server: Server, folder: Path) -> Callable[[], Any]:
    """Return a request of a user with the policy; the experiment that it describes exists."""
    path = folder / "root-secret"
    iam = client(server, "iam", ACCOUNT, path.read_text() if path.exists() else "unchecked")
    iam.create_user(UserName="bench")
    iam.attach_user_policy(UserName="bench", PolicyArn=POLICY)
    key = iam.create_access_key(UserName="bench")["AccessKey"]
    sagemaker = client(server, "sagemaker", key["AccessKeyId"], key["SecretAccessKey"])
    sagemaker.create_experiment(ExperimentName="bench")
    return lambda: sagemaker.describe_experiment(ExperimentName="bench")


def cpu_of(server: Server, request: Callable[[], Any]) -> float:
    """Return the milliseconds of CPU that the server took for one request."""
    process = psutil.Process(server.process.pid)
    before = cpu_seconds(process)
    for _ in range(REQUESTS):
        request()
    return (cpu_seconds(process) - before) / REQUESTS * 1000


def measured(home: Path) -> dict[str, Any]:
    with contextlib.ExitStack() as stack:
        servers, requests = {}, {}
        for mode in MODES:
            servers[mode] = stack.enter_context(running_server(home / mode, iam=mode))
            requests[mode] = caller(servers[mode], home / mode)
            cpu_of(servers[mode], requests[mode])  # first requests load models and policies
        samples: dict[str, list[float]] = {mode: [] for mode in MODES}
        for _ in range(ROUNDS):
            for mode in MODES:
                samples[mode].append(cpu_of(servers[mode], requests[mode]))
    medians = {mode: round(statistics.median(values), 2) for mode, values in samples.items()}
    load = psutil.getloadavg()[0]
    return {"requests": ROUNDS * REQUESTS, "load_average": load, "cpu_ms_per_request": medians}


if __name__ == "__main__":
    report(measured, RESULT)
