"""List the jobs that an AutoML job has started, which its candidates name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.aws.retries import pages
from prodml.vocabulary import JOBS, Kind

STEP = "AWS::SageMaker::"
KINDS = {f"{STEP}{kind.noun}": kind for kind in JOBS}


def steps_of(sagemaker: Any, name: str) -> Iterator[tuple[Kind, str]]:
    """Yield kind and name of each job, once: candidates share the steps before their training."""
    steps: dict[tuple[str, str], None] = {}
    for page in pages(sagemaker.list_candidates_for_auto_ml_job, AutoMLJobName=name):
        for candidate in page["Candidates"]:
            for step in candidate["CandidateSteps"]:
                steps[step["CandidateStepType"], step["CandidateStepName"]] = None
    yield from ((KINDS[kind], job) for kind, job in steps)
