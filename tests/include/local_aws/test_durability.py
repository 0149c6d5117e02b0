"""`kill -9` at any moment: acknowledged writes survive, and no process is left."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from include.local_aws.testing import Server, running_server
from tests.include.local_aws.jobs import made

GROUP = "/aws/sagemaker/ProcessingJobs"


@dataclass
class Writer:
    """Writes of several kinds, one after the other, until the server is killed."""

    server: Server
    prefix: str
    acknowledged: dict[str, list[str]] = field(default_factory=dict)

    def write(self) -> None:
        """Return at the first call that is not answered."""
        steps = self._steps()
        for number in itertools.count():
            for kind, step in steps.items():
                name = f"{self.prefix}-{number}"
                try:
                    step(name)
                except (BotoCoreError, ClientError):
                    return
                self.acknowledged.setdefault(kind, []).append(name)

    def _steps(self) -> dict[str, Callable[[str], Any]]:
        sagemaker, logs = self.server.client("sagemaker"), self.server.client("logs")
        s3 = self.server.client("s3", s3={"addressing_style": "path"})
        metrics = self.server.client("sagemaker-metrics")
        point = {"MetricName": "loss", "Timestamp": time.time(), "Value": 0.5}
        return {
            "component": lambda n: sagemaker.create_trial_component(
                TrialComponentName=n, Tags=[{"Key": "name", "Value": n}]
            ),
            "metric": lambda n: metrics.batch_put_metrics(TrialComponentName=n, MetricData=[point]),
            "object": lambda n: s3.put_object(
                Bucket="kept", Key=n, Body=n.encode(), Metadata={"name": n}, ContentType="text/x"
            ),
            "line": lambda n: logs.put_log_events(
                logGroupName="kept",
                logStreamName="s",
                logEvents=[{"timestamp": int(time.time() * 1000), "message": n}],
            ),
        }


def check(server: Server, acknowledged: dict[str, list[str]]) -> None:
    """Check that every acknowledged write can be read back."""
    sagemaker = server.client("sagemaker")
    s3 = server.client("s3", s3={"addressing_style": "path"})
    for name in acknowledged["metric"]:
        component = sagemaker.describe_trial_component(TrialComponentName=name)
        assert component["Metrics"][0]["Last"] == 0.5
        arn = component["TrialComponentArn"]
        assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "name", "Value": name}]
    for name in acknowledged["object"]:
        item = s3.get_object(Bucket="kept", Key=name)
        assert item["Body"].read() == name.encode()
        assert (item["Metadata"], item["ContentType"]) == ({"name": name}, "text/x")
    events = server.client("logs").filter_log_events(logGroupName="kept")["events"]
    assert set(acknowledged["line"]) <= {event["message"] for event in events}


def test_acknowledged_writes_survive(tmp_path: Path) -> None:
    """Run three servers, each killed at a random moment during writes."""
    moments = random.Random(7)
    kept: list[dict[str, list[str]]] = []
    for life in range(3):
        with running_server(tmp_path, time_scale=60) as server:
            for acknowledged in kept:
                check(server, acknowledged)
            if life == 0:
                server.client("s3", s3={"addressing_style": "path"}).create_bucket(Bucket="kept")
                logs = server.client("logs")
                logs.create_log_group(logGroupName="kept")
                logs.create_log_stream(logGroupName="kept", logStreamName="s")
            writer = Writer(server, f"life-{life}")
            thread = threading.Thread(target=writer.write, daemon=True)
            thread.start()
            while len(writer.acknowledged.get("line", [])) < 3:
                time.sleep(0.01)
            time.sleep(moments.uniform(0, 0.5))
            server.kill()
            thread.join()
            kept.append(writer.acknowledged)
    with running_server(tmp_path, time_scale=60) as server:
        for acknowledged in kept:
            check(server, acknowledged)


@pytest.mark.parametrize("sandbox", ["auto", "none"])
def test_running_job_is_failed_with_the_reason_and_its_processes_end(
    tmp_path: Path, sandbox: str
) -> None:
    name = "cut-off"
    with running_server(tmp_path, sandbox=sandbox) as server:
        work = made(server)
        work.process(name, "import time; print('asleep', flush=True); time.sleep(600)")
        deadline = time.monotonic() + 180
        while "asleep" not in work.lines(GROUP, name):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        family = psutil.Process(server.process.pid).children(recursive=True)
        assert len(family) > 1
        server.kill()
        assert psutil.wait_procs(family, timeout=20)[1] == []
    with running_server(tmp_path, sandbox=sandbox) as server:
        job = server.client("sagemaker").describe_processing_job(ProcessingJobName=name)
        assert job["ProcessingJobStatus"] == "Failed"
        assert "restarted while the job ran" in job["FailureReason"]
        assert "asleep" in [
            event["message"]
            for event in server.client("logs").filter_log_events(logGroupName=GROUP)["events"]
        ]


def test_objects_hold_no_descriptors(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        s3 = server.client("s3", s3={"addressing_style": "path"})
        s3.create_bucket(Bucket="many")
        root = psutil.Process(server.process.pid)
        family = [root, *root.children(recursive=True)]
        before = sum(process.num_fds() for process in family)
        for number in range(100):
            s3.put_object(Bucket="many", Key=f"{number}", Body=b"x" * 10_000)
        assert sum(process.num_fds() for process in family) < before + 20
