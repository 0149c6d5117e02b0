"""Send one record that a person has typed; no drift check counts it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.operators.asking import AskEndpointOperator

from include.jobs.drift.capture import Window, records
from tests.include.local_aws.models import Platform, variant
from tests.plugins.runs import Ti, run


@pytest.fixture(scope="module")
def echo(platform: Platform) -> str:
    """An endpoint of two variants whose answer is what it was asked, and that captures it."""
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{platform.bucket}/asked",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }
    model = platform.model()
    return platform.serving(variant(model), variant(model, "Challenger"), DataCaptureConfig=capture)


def _ask(endpoint: str, payload: str, ti: Ti, **arguments: Any) -> dict[str, Any]:
    operator = AskEndpointOperator(task_id="ask", endpoint=endpoint, payload=payload, **arguments)
    return dict(run(operator, ti))


def test_the_answer_has_its_time_and_the_chosen_variant(echo: str, ti: Ti) -> None:
    answer = _ask(echo, '{"a": 1}', ti, variant="Challenger")
    assert (answer["endpoint"], answer["variant"]) == (echo, "Challenger")
    assert (answer["status"], answer["answer"]) == (200, '{"a": 1}')
    assert answer["milliseconds"] > 0
    assert _ask(echo, "accept", ti, variant="None")["answer"] == "application/json"


def test_a_refusal_of_the_model_is_an_answer_and_one_of_sagemaker_fails(echo: str, ti: Ti) -> None:
    refused = _ask(echo, "fail column age is missing", ti)
    assert (refused["status"], refused["variant"]) == (500, None)
    assert "column age is missing" in refused["answer"]
    with pytest.raises(ClientError, match="ValidationError"):
        _ask(echo, "{}", ti, variant="Unknown")


def test_drift_checks_leave_the_request_out(
    echo: str, platform: Platform, tmp_path: Path, ti: Ti
) -> None:
    _ask(echo, "{}", ti)
    place, deadline = {"Bucket": platform.bucket}, time.monotonic() + 15
    listed: list[dict[str, Any]] = []
    while not listed and time.monotonic() < deadline:
        listed = platform.s3.list_objects_v2(**place, Prefix="asked/").get("Contents", [])
        time.sleep(0.05)
    path = tmp_path / "capture.jsonl"
    path.write_bytes(platform.s3.get_object(**place, Key=listed[0]["Key"])["Body"].read())
    event = json.loads(path.read_text().splitlines()[0])["eventMetadata"]
    assert event["inferenceId"] == "prodml-test-ask"
    assert list(records(path, Window())) == []
