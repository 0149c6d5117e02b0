"""The jobs that an AutoML job consists of, found again by their names after a restart."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass

from ...core.account import Aws
from ...core.registry import OPERATIONS
from ...core.store import Doc
from . import ensembling

SHORT, LONG = 32, 63  # characters of the longest name of a tuning job, and of other jobs
MOST_ATTEMPTS = 3
LOST = "InternalServerError"  # begins the reason of a job that a restart interrupted
ENDED = ("Completed", "Failed", "Stopped")


@dataclass(frozen=True)
class Step:
    """A kind of job, by its noun and its kind in the store."""

    noun: str
    kind: str

    def status(self, doc: Doc) -> str:
        status: str = doc[f"{self.noun}Status"]
        return status

    def candidate_step(self, doc: Doc) -> Doc:
        """Return the member of CandidateSteps for a job of this kind."""
        return {
            "CandidateStepType": f"AWS::SageMaker::{self.noun}",
            "CandidateStepArn": doc[f"{self.noun}Arn"],
            "CandidateStepName": doc[f"{self.noun}Name"],
        }


PROCESSING = Step("ProcessingJob", "processing-job")
TRAINING = Step("TrainingJob", "training-job")
TRANSFORM = Step("TransformJob", "transform-job")
TUNING = Step("HyperParameterTuningJob", "hyper-parameter-tuning-job")
# By the part of its name that says what it does, as in AWS's names.
STEPS = {
    "db": PROCESSING,
    "dpp0": TRAINING,
    "dpp1": TRAINING,
    "dpp0-csv": TRANSFORM,
    "dpp1-csv": TRANSFORM,
    "tuning": TUNING,
    **dict.fromkeys(ensembling.PARTS, TRAINING),
}


class Steps:
    """The names and the state of the jobs of one AutoML job."""

    def __init__(self, aws: Aws, job: Doc) -> None:
        self._aws = aws
        self._name: str = job["AutoMLJobName"]
        seed = f"{job['AutoMLJobArn']} {job['CreationTime']}"
        self._digest = hashlib.sha256(seed.encode()).hexdigest()

    def name(self, part: str, attempt: int) -> str:
        """Return `JOB-dpp0-1-DIGEST`, or a tuning job's name, which is short, as on AWS."""
        if STEPS[part] is TUNING:
            end = f"{self._digest[:9]}{attempt}"
            return f"{self._name[: SHORT - len(end)].rstrip('-')}{end}"
        end = f"-{part}-{attempt}-{self._digest[:20]}"
        return f"{self._name[: LONG - len(end)]}{end}"

    def get(self, part: str, attempt: int) -> Doc | None:
        return self._aws.store.get(STEPS[part].kind, self.name(part, attempt))

    def begun(self) -> dict[str, Doc]:
        """Return the last attempt at each step that has begun, by its part."""
        attempts = range(1, MOST_ATTEMPTS + 1)
        docs = ((part, self.get(part, attempt)) for part in STEPS for attempt in attempts)
        return {part: doc for part, doc in docs if doc}


async def call(aws: Aws, operation: str, request: Doc) -> Doc:
    """Return the answer of an operation of SageMaker; raise AwsError."""
    answer = OPERATIONS["sagemaker", operation](aws, request)
    return await answer if inspect.isawaitable(answer) else answer
