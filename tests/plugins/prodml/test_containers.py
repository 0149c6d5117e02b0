"""Containers of models and versions: one, or those of an inference pipeline in their order."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.containers import (
    all_plain,
    checked,
    members,
    of_model,
    of_version,
    plain,
    version_of_model,
)
from prodml.exceptions import InvalidInputError

ONE: dict[str, Any] = {"Image": "i", "ModelDataUrl": "s3://b/model.tar.gz"}
TWO: dict[str, Any] = {"Image": "j", "Environment": {"A": "1"}}
ARN = "arn:aws:sagemaker:us-east-1:000000000000:model-package/churn/3"


@pytest.mark.parametrize("containers", [[], [ONE] * 16, ONE, "Image"])
def test_a_model_has_a_list_of_1_to_15_containers(containers: Any) -> None:
    with pytest.raises(InvalidInputError, match="Give a list of 1 to 15 containers"):
        checked(containers)
    assert len(checked([ONE] * 15)) == 15


def test_a_model_of_one_container_is_no_inference_pipeline() -> None:
    assert members([ONE]) == {"PrimaryContainer": ONE}
    assert members([ONE, TWO]) == {"Containers": [ONE, TWO]}
    for several in ([ONE], [ONE, TWO]):
        assert of_model(members(several)) == several
    assert of_model({}) == []


def test_checked_containers_are_copies() -> None:
    given = dict(ONE)
    checked([given])[0]["Environment"] = {}
    assert given == ONE


def test_a_version_without_a_specification_has_no_container() -> None:
    assert of_version({"InferenceSpecification": {"Containers": [ONE, TWO]}}) == [ONE, TWO]
    assert of_version({"ModelPackageArn": ARN}) == []


@pytest.mark.parametrize(
    ("model", "version"),
    [
        ({"PrimaryContainer": {"ModelPackageName": ARN}}, ARN),
        ({"Containers": [{"ModelPackageName": ARN}]}, ARN),
        ({"PrimaryContainer": ONE}, None),
        ({"Containers": [{"ModelPackageName": ARN}, ONE]}, None),
        ({}, None),
    ],
)
def test_a_model_is_of_a_version_if_that_is_its_only_container(
    model: dict[str, Any], version: str | None
) -> None:
    assert version_of_model(model) == version


def test_members_that_only_the_registry_has_are_left_out() -> None:
    assert plain(ONE | {"ImageDigest": "sha256:0", "Framework": "XGBOOST"}) == ONE
    assert plain({"ModelPackageName": ARN}) is None


def test_containers_are_plain_only_together() -> None:
    assert all_plain([ONE | {"ImageDigest": "d"}, TWO]) == [ONE, TWO]
    assert all_plain([ONE, {"ModelPackageName": ARN}]) is None
    assert all_plain([]) is None
