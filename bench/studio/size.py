"""The size of an account, and the names in it."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from include.local_aws.testing import REGION

ACCOUNT, BUCKET = "000000000000", "prodml-local"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
Doc = dict[str, Any]


class Size(NamedTuple):
    """The number of resources; *trials* are those of the first pipeline's experiment."""

    pipelines: int
    versions: int
    endpoints: int
    jobs: int
    trials: int


DEMO = Size(pipelines=3, versions=3, endpoints=3, jobs=60, trials=12)
LARGE = Size(pipelines=50, versions=20, endpoints=100, jobs=10_000, trials=1_000)


def pipeline(number: int) -> str:
    return f"pipeline-{number:02}"


def at(age: float) -> Doc:
    """Return the times of a resource that was made *age* seconds ago."""
    return {"CreationTime": time.time() - age, "LastModifiedTime": time.time() - age}
