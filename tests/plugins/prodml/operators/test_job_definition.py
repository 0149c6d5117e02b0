"""The same request is the same job, as long as its outputs are as it wrote them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from tests.plugins.prodml.operators.writing import OUTPUT, job_names
from tests.plugins.runs import Ti, run


def test_another_run_uses_what_was_done_before(make: Any, ti: Ti, sagemaker: Any) -> None:
    first = run(make(), ti)
    other = replace(ti, run_id=f"{ti.run_id}-2", pushed={})
    assert run(make(folder="elsewhere"), other) == first
    assert job_names(sagemaker, other) == []


def test_what_was_deleted_is_made_again(
    make: Any, ti: Ti, s3: Any, bucket: str, unique: str
) -> None:
    first = run(make(), ti)
    s3.delete_object(Bucket=bucket, Key=f"{unique}/out/done.txt")
    assert run(make(), ti)["job_name"] == f"{first['job_name']}-2"


def test_what_was_overwritten_is_made_again(
    make: Any, ti: Ti, s3: Any, bucket: str, unique: str
) -> None:
    """The code was edited, the task cleared, and the edit taken back."""
    first, edited = (f"open('{OUTPUT}/done.txt', 'w').write('{text}')" for text in ("X", "Y"))
    for code in (first, edited, first):
        run(make(code), ti)
    body = s3.get_object(Bucket=bucket, Key=f"{unique}/out/done.txt")["Body"]
    assert body.read() == b"X"


def test_other_resources_nearby_do_not_matter(
    make: Any, ti: Ti, s3: Any, bucket: str, unique: str
) -> None:
    first = run(make(), ti)
    time.sleep(1.1)  # S3 knows whole seconds
    s3.put_object(Bucket=bucket, Key=f"{unique}/out/other.txt", Body=b"later")
    assert run(make(), ti) == first
