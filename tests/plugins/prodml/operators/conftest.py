from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prodml.operators.processing import ProcessingJobOperator

from tests.plugins.prodml.operators.writing import OUTPUT, WRITE
from tests.plugins.runs import ROLE, processing_request


@pytest.fixture
def make(script: Path, bucket: str, unique: str) -> Any:
    """A task that writes one file; *folder* of the same test is the same request."""

    def build(code: str = WRITE, **arguments: Any) -> ProcessingJobOperator:
        (script / "main.py").write_text(f"# {unique}\n{code}")
        place = {
            "S3Uri": f"s3://{bucket}/{unique}/{arguments.pop('folder', 'out')}",
            "LocalPath": OUTPUT,
            "S3UploadMode": "EndOfJob",
        }
        made = {"Outputs": [{"OutputName": "done", "S3Output": place}]}
        config = processing_request() | {"ProcessingOutputConfig": made}
        return ProcessingJobOperator(
            task_id="task",
            source_dir=str(script),
            code_prefix=f"s3://{bucket}/code",
            role_arn=ROLE,
            poll_interval=0.1,
            config=config | arguments.pop("config", {}),
            **arguments,
        )

    return build


@pytest.fixture
def captured(s3: Any, bucket: str, unique: str) -> str:
    """Three hours with one, two and three captured requests, of two configurations."""
    s3.put_object(Bucket=bucket, Key=f"{unique}/baseline/statistics.json", Body=b"calls")
    for requests, hour in enumerate(("2024/05/06/22", "2024/05/06/23", "2024/05/07/00"), 1):
        key = f"{unique}/capture/c{1 + requests // 3}/churn/AllTraffic/{hour}/a.jsonl"
        s3.put_object(Bucket=bucket, Key=key, Body=b"{}\n" * requests)
    return unique
