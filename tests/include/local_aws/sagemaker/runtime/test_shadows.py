"""A shadow gets copies of production's requests, without any effect on callers."""

from __future__ import annotations

import asyncio
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.sagemaker.runtime import shadows
from include.local_aws.sagemaker.runtime.connections import (
    ConnectionLostError,
    Invocation,
    Response,
)
from include.local_aws.sagemaker.runtime.errors import invalid
from tests.include.local_aws.models import Platform, variant
from tests.include.local_aws.refusals import refusal


@pytest.fixture(scope="module")
def shadowed(platform: Platform) -> str:
    """Return an endpoint after six requests, one of which its shadow failed."""
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{platform.bucket}/shadowed",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
    }
    shadow = variant(platform.model(name="second"), "Shadow")
    name = platform.serving(
        variant(platform.model()), ShadowProductionVariants=[shadow], DataCaptureConfig=capture
    )
    answers = [platform.invoke(name, body) for body in ["name"] * 5 + ["fail-second x"]]
    assert answers == ["first"] * 5 + ["fail-second x"]
    return name


def _outputs(platform: Platform, name: str, variant_name: str, count: int) -> list[str]:
    """Return the captured responses of a variant, once there are *count* records."""
    deadline = time.monotonic() + 20
    prefix = f"shadowed/{name}/{variant_name}/"
    outputs: list[str] = []
    while len(outputs) < count and time.monotonic() < deadline:
        time.sleep(0.1)
        listed = platform.s3.list_objects_v2(Bucket=platform.bucket, Prefix=prefix)
        bodies = [
            platform.s3.get_object(Bucket=platform.bucket, Key=item["Key"])["Body"].read().decode()
            for item in listed.get("Contents", [])
        ]
        lines = "".join(bodies).splitlines()
        records = [json.loads(line) for line in lines]
        outputs = [record["captureData"]["endpointOutput"]["data"] for record in records]
        sources = {record["eventMetadata"].get("invocationSource") for record in records}
        assert sources <= {"ShadowExperiment" if variant_name == "Shadow" else None}
    return outputs


def test_copies_are_answered_and_captured_apart(platform: Platform, shadowed: str) -> None:
    assert _outputs(platform, shadowed, "Shadow", 5) == ["second"] * 5
    assert _outputs(platform, shadowed, "AllTraffic", 6)[:5] == ["first"] * 5


def test_description_lists_the_shadow(platform: Platform, shadowed: str) -> None:
    described = platform.sagemaker.describe_endpoint(EndpointName=shadowed)
    (summary,) = described["ShadowProductionVariants"]
    assert (summary["VariantName"], summary["CurrentInstanceCount"]) == ("Shadow", 1)
    assert len(described["ProductionVariants"]) == 1


def test_shadow_cannot_be_invoked(platform: Platform, shadowed: str) -> None:
    code, _ = refusal(
        platform.runtime.invoke_endpoint, EndpointName=shadowed, Body="1", TargetVariant="Shadow"
    )
    assert code == "ValidationError"


def test_weight_of_zero_ends_the_copies(platform: Platform, shadowed: str) -> None:
    _outputs(platform, shadowed, "Shadow", 5)
    wish = {"VariantName": "Shadow", "DesiredWeight": 0.0}
    platform.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=shadowed, DesiredWeightsAndCapacities=[wish]
    )
    platform.settled(shadowed)
    before = len(_outputs(platform, shadowed, "AllTraffic", 6))
    for _ in range(3):
        platform.invoke(shadowed, "name")
    _outputs(platform, shadowed, "AllTraffic", before + 3)
    assert len(_outputs(platform, shadowed, "Shadow", 1)) == 5


def test_one_shadow_needs_one_variant(platform: Platform) -> None:
    model = platform.model()
    request: dict[str, Any] = {
        "EndpointConfigName": platform.unique("config"),
        "ProductionVariants": [variant(model, "One"), variant(model, "Two")],
        "ShadowProductionVariants": [variant(model, "Shadow")],
    }
    code, message = refusal(platform.sagemaker.create_endpoint_config, **request)
    assert code == "ValidationException"
    assert "one production variant and one shadow" in message


class _Shadow:
    """A shadow variant with an outcome for each request, which its mirror always gets."""

    name = "Shadow"

    def __init__(self, *outcomes: Any) -> None:
        self.deployment = SimpleNamespace(mirrors=lambda _: [self])
        self.is_direct = self.is_multi_model = False
        self._outcomes = iter(outcomes)

    async def ask(self, invocation: Invocation) -> Response | None:
        outcome: Response | Exception | None = next(self._outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_a_shadow_that_fails_or_is_slow_loses_copies_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shadows, "MOST_COPIES", 4)
    answer = Response(200, [], b"7")
    shadow: Any = _Shadow(
        ConnectionLostError(True), TimeoutError(), None, answer, invalid("Too many requests.")
    )
    recorded: list[Response] = []
    observations: Any = SimpleNamespace(record=lambda *args: recorded.append(args[3]))
    mirror = shadows.Shadows(observations)

    async def check() -> None:
        for _ in range(5):
            mirror.copy("churn", shadow, {}, b"1")
        while len(mirror._copies):
            await asyncio.sleep(0)
        mirror.copy("churn", shadow, {}, b"1")
        while len(mirror._copies):
            await asyncio.sleep(0)

    asyncio.run(check())
    assert recorded == [answer]
    assert [record.message for record in caplog.records] == [
        "Shadow Shadow of churn is too slow; skipping a request."
    ]
