"""Requests to a real endpoint, and their capture in S3."""

from __future__ import annotations

import pytest

from include.demo.traffic import Capture, Traffic, next_second
from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform, variant


@pytest.fixture(scope="module")
def endpoint(platform: Platform) -> str:
    """An endpoint whose model answers what it is asked, with all of it captured."""
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{platform.bucket}/capture/",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }
    return platform.serving(variant(platform.model()), DataCaptureConfig=capture)


def test_scores_come_in_the_order_of_their_rows_and_are_captured(
    demo_aws: Server, endpoint: str
) -> None:
    rows = [f'{{"probability": {number}}}' for number in range(12)]
    since = next_second()
    assert Traffic(endpoint).send(rows) == [float(number) for number in range(12)]
    capture = Capture(endpoint)
    capture.wait_for(len(rows), since)
    assert capture.count(since) == len(rows)
    later = next_second()
    assert capture.count(later) == 0
    with pytest.raises(RuntimeError, match=r"Captured 0 of 1 requests .* DataCaptureConfig"):
        capture.wait_for(1, later, timeout=0)


def test_pressing_sends_rows_round_and_round_until_it_is_enough(
    demo_aws: Server, endpoint: str
) -> None:
    asked: list[None] = []

    def twice() -> bool:
        asked.append(None)
        return len(asked) == 2

    assert Traffic(endpoint).press(['{"probability": 1}'] * 3, twice, timeout=60) == 400


def test_pressing_in_vain_says_how_much_was_sent(demo_aws: Server, endpoint: str) -> None:
    with pytest.raises(RuntimeError, match=r"within 0 s and 200 requests\. Read Describe"):
        Traffic(endpoint).press(['{"probability": 1}'], lambda: False, timeout=0)


def test_a_window_begins_with_a_second() -> None:
    assert next_second().microsecond == 0
