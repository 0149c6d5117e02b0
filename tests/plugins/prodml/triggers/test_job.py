"""The trigger survives a move to another triggerer, and fires once the job has ended."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from prodml.operators.processing import ProcessingJobOperator
from prodml.triggers.job import SageMakerTrigger

from tests.plugins.runs import ROLE, Ti, first_event, processing_request, run


def _trigger(name: str = "job") -> SageMakerTrigger:
    from prodml.hooks.aws import Aws

    return SageMakerTrigger("ProcessingJob", name, 0.1, Aws().arguments())


def test_serialization() -> None:
    path, arguments = _trigger().serialize()
    assert path == f"{SageMakerTrigger.__module__}.{SageMakerTrigger.__qualname__}"
    assert SageMakerTrigger(**arguments).serialize() == (path, arguments)


def test_it_fires_with_the_status(bucket: str, script: Path, ti: Ti) -> None:
    (script / "main.py").write_text("print(1)")
    operator = ProcessingJobOperator(
        task_id="task",
        source_dir=str(script),
        code_prefix=f"s3://{bucket}/code",
        role_arn=ROLE,
        config=processing_request(),
        poll_interval=0.1,
    )
    name = run(operator, ti)["job_name"]
    event: dict[str, Any] = asyncio.run(first_event(_trigger(name)))
    assert event == {"name": name, "status": "Completed"}
