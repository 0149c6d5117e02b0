"""Find a job's files in its container, and say how it ended; pure Python."""

from __future__ import annotations

import os
from pathlib import Path

BASE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
INSTANCES = BASE / "config" / "resourceconfig.json"
MESSAGE = BASE / "output" / "message"
LONGEST = 1024  # characters that SageMaker keeps of a message


def leave(message: str) -> None:
    """Write what DescribeProcessingJob shows as the ExitMessage; outside of a job, do nothing."""
    if MESSAGE.parent.is_dir():
        MESSAGE.write_text(message[:LONGEST])


def say(message: str) -> None:
    """Print how the job ended, and leave it as the ExitMessage."""
    print(message)
    leave(message)
