"""Stop running jobs, without waiting for their end."""

from __future__ import annotations

from typing import Any

from ...core.account import Aws
from ...core.registry import Resource
from ...core.store import Doc
from ...wire.errors import validation
from .runner import JobRunner


async def stop(aws: Aws, jobs: Resource, name: str, **members: Any) -> Doc:
    """Stop a job; *members* change with its status. Raise AwsError if it does not run."""
    status = f"{jobs.noun}Status"
    current = jobs.get(aws, name)[status]
    if current != "InProgress":
        kind = jobs.kind.replace("-", " ")
        raise validation(f"The request was rejected because the {kind} is in status {current}.")
    aws.store.update(jobs.kind, name, **{status: "Stopping"} | members)
    await aws.part(JobRunner).request_stop(jobs.kind, name)
    return {}
