"""A further instance of a job, which is killed while it works."""

from __future__ import annotations

import os
import signal
import time

import psutil

from include.local_aws.testing import Server
from tests.include.jobs.tabular.three_instances import BUCKET, START_JOB, start_three
from tests.include.local_aws.jobs import made

NAME, PAUSED = "killed", "paused-instance"
PAUSE = f"""
import json, pathlib, subprocess, sys
config = pathlib.Path(sys.argv[1]).parents[1] / "config" / "resourceconfig.json"
if json.loads(config.read_text())["current_host"] == "algo-2":
    sys.path.insert(0, folder)
    import jobs.tabular.follower
    def pause(*work):
        subprocess.run([sys.executable, "-c", "import time; time.sleep(99)", "{PAUSED}"])
    jobs.tabular.follower._do = pause
"""


def test_its_kill_fails_the_job_with_a_sentence_and_leaves_no_process(local_aws: Server) -> None:
    jobs = made(local_aws, BUCKET)
    first, arguments, last = START_JOB.partition("sys.argv[1:]")
    start_three(jobs, NAME, "".join([first, PAUSE, arguments, last]))
    deadline = time.monotonic() + 120
    while not (waiting := inside(local_aws, PAUSED)):
        assert time.monotonic() < deadline, "the second instance got no work"
        time.sleep(0.1)
    os.killpg(os.getpgid(waiting[0].pid), signal.SIGKILL)
    ended = jobs.ended("Processing", NAME)
    assert ended["ProcessingJobStatus"] == "Failed", ended
    assert ended["ExitMessage"].startswith("Instance algo-2 was lost: it ended or closed its")
    assert ended["ExitMessage"].endswith("read the log of that one, and start the job again.")
    assert jobs.keys(f"{NAME}/") == []
    assert inside(local_aws, PAUSED) + inside(local_aws, "processing/code/main.py") == []


def inside(server: Server, word: str) -> list[psutil.Process]:
    """Return the processes of the embedded AWS in whose command line *word* occurs."""
    matching = []
    for process in psutil.Process(server.process.pid).children(recursive=True):
        try:
            if any(part.endswith(word) for part in process.cmdline()):
                matching.append(process)
        except psutil.NoSuchProcess:
            continue
    return matching
