from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.endpoints import snapshots

OLD = {
    "Variants": [{"VariantName": "Blue", "DesiredInstanceCount": 3, "DesiredWeight": 0.5}],
    "DataCapture": {"EnableCapture": True},
}


def _new() -> dict[str, Any]:
    variants = [
        {"VariantName": name, "DesiredInstanceCount": 1, "DesiredWeight": 1.0}
        for name in ("Blue", "Green")
    ]
    return {"Variants": variants, "DataCapture": None}


def test_retained_properties_are_those_of_variants_that_stay() -> None:
    new = _new()
    snapshots.retain(new, OLD, set())
    blue, green = new["Variants"]
    assert (blue["DesiredInstanceCount"], blue["DesiredWeight"]) == (3, 0.5)
    assert (green["DesiredInstanceCount"], green["DesiredWeight"]) == (1, 1.0)
    assert new["DataCapture"] == {"EnableCapture": True}


def test_excluded_properties_come_from_the_new_configuration() -> None:
    new = _new()
    snapshots.retain(new, OLD, {"DesiredWeight", "DataCaptureConfig"})
    blue = new["Variants"][0]
    assert (blue["DesiredInstanceCount"], blue["DesiredWeight"]) == (3, 1.0)
    assert new["DataCapture"] is None


def test_summary_has_running_and_desired_instances() -> None:
    container = {"Image": "image"}
    variant = OLD["Variants"][0] | {"Containers": [container]}  # type: ignore[index]
    summaries = snapshots.summaries({"Variants": [variant]}, {"Blue": 2}, 5.0)
    (summary,) = summaries["ProductionVariants"]
    assert (summary["CurrentInstanceCount"], summary["DesiredInstanceCount"]) == (2, 3)
    assert summary["DeployedImages"][0]["ResolvedImage"] == "image"
    assert summaries["ShadowProductionVariants"] is None


@pytest.mark.parametrize(
    ("config", "status"),
    [(None, None), ({"EnableCapture": True}, "Started"), ({"EnableCapture": False}, "Stopped")],
)
def test_capture_is_summed_up_where_there_is_one(config: Any, status: str | None) -> None:
    given = {"InitialSamplingPercentage": 10, "DestinationS3Uri": "s3://b/c"}
    summary = snapshots.capture_summary({"DataCapture": config and given | config})
    assert (summary and summary["CaptureStatus"]) == status
