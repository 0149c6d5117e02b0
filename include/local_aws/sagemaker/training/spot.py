"""Managed spot training: a job waits for its instances."""

from __future__ import annotations

from collections.abc import Callable

from ..jobs.runner import Job, JobStopped

CAPACITY_RETRY = 30  # seconds between two attempts of a job to get its instances


async def wait_for_capacity(job: Job, deadline: float, log: Callable[[str], None]) -> None:
    """Wait until there are instances, at most until *deadline*, and log each reason to wait.

    :raises JobStopped: There were none in time, or the job was stopped.
    """
    faults, clock = job.aws.faults, job.aws.clock
    while clock.now() < deadline and not job.stopping:
        if not (reason := faults.take("training-job", job.name, "capacity")):
            return
        log(reason)
        await clock.sleep(CAPACITY_RETRY)
    raise JobStopped(job.stopping or "MaxWaitTimeExceeded")
