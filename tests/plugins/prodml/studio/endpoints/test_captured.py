"""The newest files of a data capture, within a limit of bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from prodml.studio.endpoints import captured
from prodml.studio.endpoints.captured import newest

from tests.include.local_aws.models import Platform


def test_lines_that_sagemaker_did_not_write_are_passed_over(platform: Platform) -> None:
    now = datetime.now(UTC)
    at = {"eventMetadata": {"inferenceTime": now.isoformat()}}
    lines = [
        *("[1]", "[" * 5_000, "{}", json.dumps(at | {"captureData": [1]})),
        json.dumps({"captureData": {}, "eventMetadata": {"inferenceTime": "yesterday"}}),
        json.dumps(at | {"captureData": {"endpointInput": "text"}}),
        json.dumps(at | {"captureData": {"endpointInput": {"data": "1"}}}),
    ]
    key = f"odd/e/v/{now:%Y/%m/%d/%H}/00-00-000-a.jsonl"
    platform.s3.put_object(Bucket=platform.bucket, Key=key, Body="\n".join(lines))
    reading = newest(platform.s3, f"s3://{platform.bucket}/odd", "e", ["v"], now, 100)
    assert [line.record["captureData"] for line in reading.lines] == [
        {"endpointInput": {"data": "1"}}
    ]


def test_the_end_of_the_newest_files_is_read_up_to_a_limit(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A week ago: the folder of the newest hour is found by its name."""
    then = datetime.now(UTC) - timedelta(days=7)
    line = {"captureData": {}, "eventMetadata": {"inferenceTime": then.isoformat()}}
    text = "".join(json.dumps(line | {"number": n}) + "\n" for n in range(50))
    for hour in (then - timedelta(days=40), then):
        key = f"limit/e/v/{hour:%Y/%m/%d/%H}/00-00-000-a.jsonl"
        platform.s3.put_object(Bucket=platform.bucket, Key=key, Body=text)
    monkeypatch.setattr(captured, "MOST_BYTES", 500)
    reading = newest(
        platform.s3, f"s3://{platform.bucket}/limit", "e", ["v", "none"], datetime.now(UTC), 100
    )
    numbers = [line.record["number"] for line in reading.lines]
    assert numbers == list(range(50 - len(numbers), 50))
    assert 2 < len(numbers) < 6
    assert (reading.read, reading.cut) == (500, True)
