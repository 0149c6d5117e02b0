"""Deleting jobs: only those that have ended, and their names are free again."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import Handler, Resource, operation
from ...core.store import Doc
from ...wire.errors import in_use
from ..processing.api import PROCESSING_JOB
from ..training.api import TRAINING_JOB


def _deleter(jobs: Resource) -> Handler:
    def delete(aws: Aws, request: Doc) -> Doc:
        job = jobs.get(aws, request[jobs.name])
        status = job[f"{jobs.noun}Status"]
        if status in ("InProgress", "Stopping"):
            arn = job[f"{jobs.noun}Arn"]
            raise in_use(f"{arn} is {status}. Only jobs in a terminal state can be deleted.")
        return jobs.delete(aws, request[jobs.name])

    return delete


for _jobs in (TRAINING_JOB, PROCESSING_JOB):
    operation("sagemaker", f"Delete{_jobs.noun}")(_deleter(_jobs))


@operation("sagemaker", "UpdateTrainingJob", stored=True)
def update_training_job(aws: Aws, request: Doc) -> Doc:
    """The profiler and the warm pool that it changes are nowhere here."""
    job = TRAINING_JOB.get(aws, request["TrainingJobName"])
    resources = job["ResourceConfig"] | request.get("ResourceConfig", {})
    return TRAINING_JOB.update(aws, request | {"ResourceConfig": resources})
