"""Deletion of jobs: only of ended jobs, whose names can then be used again."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import in_use


def register_deletion(jobs: Resource) -> None:
    """Register the Delete operation of a kind of job."""

    @operation("sagemaker", f"Delete{jobs.noun}")
    def delete(aws: Aws, request: Doc) -> Doc:
        job = jobs.get(aws, request[jobs.name])
        status = job[f"{jobs.noun}Status"]
        if status in ("InProgress", "Stopping"):
            arn = job[f"{jobs.noun}Arn"]
            raise in_use(f"{arn} is {status}. Only jobs in a terminal state can be deleted.")
        return jobs.delete(aws, request[jobs.name])
