"""The variants of a described endpoint, with what they cost."""

from __future__ import annotations

from typing import Any

from prodml.studio.endpoints.variants import variants

SUMMARY = {
    "VariantName": "Blue",
    "CurrentWeight": 0.9,
    "DesiredWeight": 1.0,
    "CurrentInstanceCount": 2,
    "DesiredInstanceCount": 3,
    "DeployedImages": [{"SpecifiedImage": "repository/image:1"}],
    "VariantStatus": [{"Status": "Updating"}],
}
CONFIGURED = {"VariantName": "Blue", "InstanceType": "ml.m5.large", "ModelName": "m"}


def test_a_variant_has_what_runs_and_what_was_asked_for() -> None:
    (only,) = variants(
        {"ProductionVariants": [SUMMARY]},
        {"ProductionVariants": [CONFIGURED]},
        {"ml.m5.large": 0.115},
    )
    assert only == {
        "name": "Blue",
        "shadow": False,
        "weight": 0.9,
        "desired_weight": 1.0,
        "instances": 2,
        "desired": 3,
        "instance_type": "ml.m5.large",
        "serverless": False,
        "model": "m",
        "image": "repository/image:1",
        "status": "Updating",
        "usd_per_hour": 0.23,
    }


def test_shadows_follow_and_are_marked() -> None:
    shadow = SUMMARY | {"VariantName": "Copy"}
    config = {"ShadowProductionVariants": [CONFIGURED | {"VariantName": "Copy", "ModelName": "n"}]}
    described = {"ProductionVariants": [SUMMARY], "ShadowProductionVariants": [shadow]}
    shown = variants(described, config, {})
    assert [(one["name"], one["shadow"], one["model"]) for one in shown] == [
        ("Blue", False, ""),
        ("Copy", True, "n"),
    ]


def test_a_serverless_variant_has_no_instances_and_no_price_of_them() -> None:
    config: Any = {"VariantName": "Blue", "ServerlessConfig": {"MaxConcurrency": 2}}
    summary = {"VariantName": "Blue"}
    (only,) = variants(
        {"ProductionVariants": [summary]}, {"ProductionVariants": [config]}, {"ml.m5.large": 1.0}
    )
    assert (only["serverless"], only["instances"], only["usd_per_hour"]) == (True, 0, None)
    assert (only["instance_type"], only["image"], only["status"]) == ("", "", "")


def test_an_endpoint_without_variants_has_none() -> None:
    assert variants({"EndpointStatus": "Failed"}, {}, {}) == []
