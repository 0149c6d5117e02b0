"""The cost of waiting: our trigger and the stock provider's, for the same running jobs.

Each side waits in a separate process, which runs its triggers in one event loop as Airflow's
triggerer does, without scheduler and database. The jobs are real and only sleep. Ours follows the
logs of the newest twenty, as by default; the stock trigger copies none. Both poll every INTERVAL
seconds; the time from a job's end to its event is measured with that interval, and with the
default of each.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.load import cpu_seconds
from bench.report import ROOT, report
from bench.requests import ROLE, processing_request
from include.local_aws.testing import Faults, Server, connection_to, running_server

RESULT = ROOT / "bench" / "results" / "waiting.json"
JOBS = tuple(int(number) for number in os.environ.get("BENCH_JOBS", "10,100,500").split(","))
INTERVAL, POLLS = 10, 3
DEFAULTS = {"ours": 1, "stock": 30}  # seconds between two polls of a new job
PAGE = 100  # jobs in one list response
STATUS = ("DescribeProcessingJob", "ListProcessingJobs")
LOGS = ("DescribeLogStreams", "GetLogEvents")  # ours copies the lines of the newest jobs
ENDING, APART = 5, 4.0  # jobs that are stopped one after another, and seconds between them
Created = dict[str, str]  # when a job was created, ISO 8601, by its name


@dataclass
class Waiting:
    """A process that waits for jobs, and when each of its triggers fired."""

    kind: str
    process: subprocess.Popen[str]
    fired: dict[str, float] = field(default_factory=dict)

    @classmethod
    def start(cls, kind: str, seconds: int, jobs: Created, where: dict[str, str]) -> Waiting:
        command = [sys.executable, "-m", "bench.peers.waiting", kind, str(seconds)]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=where,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        made = cls(kind, process)
        assert process.stdin
        assert process.stdout
        process.stdin.write("\n".join(f"{name} {created}" for name, created in jobs.items()))
        process.stdin.close()
        process.stdout.readline()
        threading.Thread(target=made._listen, daemon=True).start()
        return made

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            name, _, moment = line.rpartition(" ")
            self.fired[name] = float(moment)

    def cpu_seconds(self) -> float:
        return cpu_seconds(psutil.Process(self.process.pid))

    def memory_mb(self) -> int:
        return int(psutil.Process(self.process.pid).memory_info().rss >> 20)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def environment(server: Server, folder: Path) -> dict[str, str]:
    return os.environ | {
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW_CONN_AWS_DEFAULT": connection_to(server.url),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "plugins")]),
        "PYTHONWARNINGS": "ignore",
    }


def sleeping(server: Server, first: int, last: int) -> Created:
    """Start further jobs; every running job is waited for, as a list response has all of them."""
    sagemaker = server.client("sagemaker")
    request = processing_request() | {"RoleArn": ROLE}
    request["AppSpecification"] |= {
        "ContainerEntrypoint": ["sh", "-c", "echo at work; exec sleep 86400"]
    }
    made = {}
    for name in (f"bench-{index}" for index in range(first, last)):
        made[name] = datetime.now(UTC).isoformat()
        sagemaker.create_processing_job(ProcessingJobName=name, **request)
    return made


def _count(faults: Faults) -> None:
    """Start to count the calls, with faults that have no effect."""
    faults.clear()
    for operation in (*STATUS, *LOGS):
        faults.operation(operation, delay_ms=0.001)


def _calls(faults: Faults, operations: Sequence[str]) -> int:
    return sum(fault["hits"] for fault in faults.all() if fault["operation"] in operations)


def polled(server: Server, where: dict[str, str], kind: str, jobs: Created) -> dict[str, Any]:
    """Return status calls per poll, CPU and memory, after the first polls."""
    waiting = Waiting.start(kind, INTERVAL, jobs, where)
    faults = Faults(server.url)
    try:
        _count(faults)
        enough = len(jobs) / (PAGE if kind == "ours" else 1)
        while _calls(faults, STATUS) < enough:  # each trigger creates its client first
            time.sleep(1)
        time.sleep(INTERVAL)
        before = waiting.cpu_seconds()
        _count(faults)
        time.sleep(POLLS * INTERVAL)
        calls, lines = _calls(faults, STATUS), _calls(faults, LOGS)
        spent = waiting.cpu_seconds() - before
        return {
            "calls_a_poll": round(calls / POLLS, 1),
            "log_calls_a_poll": round(lines / POLLS, 1),
            "cpu_percent": round(100 * spent / (POLLS * INTERVAL), 1),
            "memory_mb": waiting.memory_mb(),
        }
    finally:
        faults.clear()
        waiting.end()


def delays(
    server: Server, where: dict[str, str], seconds: dict[str, int], names: Created
) -> dict[str, float]:
    """Return the median seconds from a job's end to its event, for the same jobs."""
    sagemaker = server.client("sagemaker")
    both = [Waiting.start(kind, seconds[kind], names, where) for kind in seconds]
    time.sleep(5)
    ended = {}
    for name in names:
        sagemaker.stop_processing_job(ProcessingJobName=name)
        time.sleep(APART)
    deadline = time.monotonic() + 120
    while any(len(w.fired) < len(names) for w in both) and time.monotonic() < deadline:
        time.sleep(0.5)
    for name in names:
        description = sagemaker.describe_processing_job(ProcessingJobName=name)
        ended[name] = description["ProcessingEndTime"].timestamp()
    late = {w.kind: [w.fired[name] - ended[name] for name in names] for w in both}
    for waiting in both:
        waiting.end()
    return {kind: round(statistics.median(seconds), 1) for kind, seconds in late.items()}


def measured(folder: Path) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "seconds_between_polls": INTERVAL,
    }
    with running_server(folder / "aws") as server:
        where = environment(server, folder)
        jobs: Created = {}
        for number in JOBS:
            jobs |= sleeping(server, len(jobs), number)
            figures[f"jobs_{number}"] = {
                kind: polled(server, where, kind, jobs) for kind in DEFAULTS
            }
            print(number, figures[f"jobs_{number}"], file=sys.stderr)
        number = len(jobs)
        figures["seconds_from_end_to_event"] = {
            "same_interval": delays(
                server,
                where,
                dict.fromkeys(DEFAULTS, INTERVAL),
                sleeping(server, number, number + ENDING),
            ),
            "by_default": delays(
                server, where, DEFAULTS, sleeping(server, number + ENDING, number + 2 * ENDING)
            ),
        }
    ours = figures[f"jobs_{max(JOBS)}"]["ours"]["calls_a_poll"]
    return figures | {"claims": {f"at most 6 calls a poll for {max(JOBS)} jobs": ours <= 6}}


if __name__ == "__main__":
    report(measured, RESULT)
