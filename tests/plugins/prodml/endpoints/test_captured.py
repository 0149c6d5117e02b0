"""A window of traffic is cut into as few folders as one job takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from prodml.endpoints.captured import captured
from prodml.exceptions import InvalidInputError
from prodml.rendered import moment

HOURS = ("2024/05/06/22", "2024/05/06/23", "2024/05/07/00")


@pytest.fixture
def root(s3: Any, bucket: str, unique: str) -> str:
    """Three hours with data."""
    for hour in HOURS:
        s3.put_object(Bucket=bucket, Key=f"{unique}/{hour}/a.jsonl", Body=b"{}\n")
    return f"s3://{bucket}/{unique}"


def _folders(s3: Any, root: str, start: str, end: str) -> list[str]:
    window = moment(start), moment(end)
    return [uri.removeprefix(f"{root}/").rstrip("/") for uri in captured(s3, [root], *window)]


@pytest.mark.parametrize(
    ("start", "end", "folders"),
    [
        ("2024-05-06T21:30", "2024-05-06T22:00", ["2024/05/06/22"]),  # late ones
        ("2024-05-06T22:30", "2024-05-06T23:00", ["2024/05/06/22", "2024/05/06/23"]),
        ("2024-05-06T22:59", "2024-05-07T00:01", [*HOURS]),
        ("2024-05-06T23:30", "2024-05-07T00:30", ["2024/05/06/23", "2024/05/07/00"]),
        ("2024-05-01T00:00", "2024-05-07T00:00", ["2024/05/06", "2024/05/07"]),
        ("2024-01-01T00:00", "2025-01-01T00:00", [""]),
        ("2024-06-01T00:00", "2024-06-01T01:00", []),
    ],
)
def test_only_the_folders_of_the_window_and_of_the_next_hour_are_read(
    start: str, end: str, folders: list[str], s3: Any, root: str
) -> None:
    assert _folders(s3, root, start, end) == folders


def test_more_hours_than_a_job_takes_are_read_by_the_day(
    s3: Any, root: str, bucket: str, unique: str
) -> None:
    s3.put_object(Bucket=bucket, Key=f"{unique}/2024/05/07/01/a.jsonl", Body=b"{}\n")
    assert _folders(s3, root, "2024-05-06T22:00", "2024-05-07T02:00") == [
        "2024/05/06",
        "2024/05/07",
    ]


def test_traffic_of_more_configurations_than_a_job_takes_is_refused(
    s3: Any, bucket: str, unique: str
) -> None:
    roots = [f"s3://{bucket}/{unique}/c{number}" for number in range(4)]
    for number in range(4):
        s3.put_object(Bucket=bucket, Key=f"{unique}/c{number}/2024/05/06/22/a.jsonl", Body=b"{}")
    window = datetime(2024, 5, 6, 22, tzinfo=UTC), datetime(2024, 5, 7, tzinfo=UTC)
    with pytest.raises(InvalidInputError, match=r"4 endpoint configurations .* 3 at most"):
        captured(s3, roots, *window)
