"""Stopping jobs: only those that run, and the answer does not wait for their end."""

from __future__ import annotations

from typing import Any

from ...core.account import Aws
from ...core.registry import Resource
from ...core.store import Doc
from ...wire.errors import validation
from .runner import JobRunner


async def stop(aws: Aws, jobs: Resource, name: str, **members: Any) -> Doc:
    """Ask a job to end; *members* change with its status. Raises AwsError when it does not run."""
    status = f"{jobs.noun}Status"
    found = jobs.get(aws, name)[status]
    if found != "InProgress":
        kind = jobs.kind.replace("-", " ")
        raise validation(f"The request was rejected because the {kind} is in status {found}.")
    aws.store.update(jobs.kind, name, **{status: "Stopping"} | members)
    await aws.part(JobRunner).request_stop(jobs.kind, name)
    return {}
