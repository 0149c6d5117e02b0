"""Break what runs jobs, and count the bills: ours and the stock provider's operators, in one run.

Every round starts a task in a process of its own and kills it with -9 at a random moment, or loses
the answer to its create, or throttles its calls; then the task is tried again until it ends, as
Airflow would. A duplicate is a job beyond the first: none of these jobs fails.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.local_server import REGION, ROOT, Server, running_server

CRASHES = int(os.environ.get("CHAOS_CRASHES", "100"))
RESULT = ROOT / ".local" / "chaos.json"
TRIES, PATIENCE = 4, 120.0
PLANS = ("kill", "lost answer", "throttle")
FAULTS = {
    "lost answer": {"error": "InternalFailure", "when": "after", "count": 5},
    "throttle": {"error": "ThrottlingException", "probability": 0.3},
}


@dataclass
class Tally:
    """What one kind of operator made of the same bad days."""

    crashes: int = 0
    duplicates: int = 0
    unfinished: int = 0
    seen: list[str] = field(default_factory=list)


def environment(server: Server, home: Path) -> dict[str, str]:
    extra = {"region_name": REGION, "endpoint_url": server.url}
    connection = {"conn_type": "aws", "login": "t", "password": "t", "extra": extra}
    return os.environ | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW_CONN_AWS_DEFAULT": json.dumps(connection),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "plugins")]),
        "PYTHONWARNINGS": "ignore",
    }


def fault(server: Server, method: str, document: dict[str, Any] | None = None) -> None:
    body = json.dumps(document).encode() if document else None
    request = urllib.request.Request(f"{server.url}/_local/faults", body, method=method)
    urllib.request.urlopen(request).close()


def attempt(kind: str, run: str, number: int, where: dict[str, str], kill: bool) -> bool:
    """One try of the task in its own process; whether it succeeded."""
    command = [sys.executable, "-m", "bench.chaos_task", kind, run, str(number)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=where, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    if kill and process.stdout:
        process.stdout.readline()  # it says "ready" just before it executes
        time.sleep(random.uniform(0.0, 3.0))
        process.send_signal(signal.SIGKILL)
    try:
        return process.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def crash(kind: str, plan: str, server: Server, where: dict[str, str], tally: Tally) -> None:
    run = f"chaos-{uuid.uuid4().hex[:10]}"
    if plan in FAULTS:
        fault(server, "POST", {"operation": "CreateProcessingJob"} | FAULTS[plan])
    tally.crashes += 1
    for number in range(1, TRIES + 1):
        if attempt(kind, run, number, where, kill=plan == "kill" and number == 1):
            break
        fault(server, "DELETE")
    else:
        tally.unfinished += 1
    fault(server, "DELETE")
    extra = max(0, len(jobs(server, run)) - 1)
    tally.duplicates += extra
    tally.seen += [plan] * extra


def jobs(server: Server, run: str) -> list[str]:
    """Jobs that ran for *run*; each carries it in a tag."""
    sagemaker = server.client("sagemaker")
    found = []
    for page in sagemaker.get_paginator("list_processing_jobs").paginate(MaxResults=100):
        for job in page["ProcessingJobSummaries"]:
            tags = sagemaker.list_tags(ResourceArn=job["ProcessingJobArn"])["Tags"]
            if {"Key": "chaos-run", "Value": run} in tags:
                found.append(job["ProcessingJobName"])
    return found


def main() -> None:
    random.seed(4)
    tallies = {"ours": Tally(), "stock": Tally()}
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "aws") as server,
    ):
        where = environment(server, Path(folder) / "airflow")
        for number in range(CRASHES):
            for kind, tally in tallies.items():
                crash(kind, PLANS[number % len(PLANS)], server, where, tally)
    document = {
        kind: {"crashes": t.crashes, "duplicates": t.duplicates, "unfinished": t.unfinished}
        for kind, t in tallies.items()
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(document, indent=1) + "\n")
    for figure in ("crashes", "duplicates", "unfinished"):
        print(
            f"{figure:12} ours {document['ours'][figure]:4}   stock {document['stock'][figure]:4}"
        )
    if document["ours"]["duplicates"] or document["ours"]["unfinished"]:
        raise SystemExit("A task of ours had more than one job, or never ended.")


if __name__ == "__main__":
    main()
