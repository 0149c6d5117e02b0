from __future__ import annotations

import uuid
from typing import Any

import pytest


@pytest.fixture(name="bucket")
def _bucket(s3: Any) -> str:
    name = f"bucket-{uuid.uuid4().hex[:10]}"
    s3.create_bucket(Bucket=name)
    return name
