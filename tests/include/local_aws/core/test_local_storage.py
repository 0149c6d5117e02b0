"""Refuse a key for local disks, in every request that has one."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from prodml.aws import local_storage as operators

from include.local_aws.core import local_storage
from include.local_aws.core.local_storage import FAMILIES, check_volume_keys
from include.local_aws.wire.errors import AwsError

KEY = {"VolumeKmsKeyId": "alias/team"}
GPU, CPU = {"InstanceType": "ml.g5.xlarge"}, {"InstanceType": "ml.m5.large"}
# Accelerated families with EBS volumes only; in other families, a `d` means local disks.
EBS_ALONE = {"inf1", "inf2", "p2", "p3"}


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        ({"ResourceConfig": KEY | CPU}, False),
        ({"ResourceConfig": GPU}, False),
        ({"ResourceConfig": KEY | GPU}, True),
        ({"ResourceConfig": KEY | {"InstanceGroups": [CPU, GPU]}}, True),
        ({"TrainingJobDefinitions": [{"ResourceConfig": KEY | GPU}]}, True),
        ({"ProcessingResources": {"ClusterConfig": KEY | GPU}}, True),
        ({"KmsKeyId": "alias/team", "ProductionVariants": [CPU, GPU]}, True),
        ({"KmsKeyId": "alias/team", "ProductionVariants": [CPU]}, False),
    ],
)
def test_a_key_for_local_disks_is_refused(request_: dict[str, Any], refused: bool) -> None:
    if not refused:
        check_volume_keys(request_)
        return
    with pytest.raises(AwsError, match=r"not supported for instance type ml\.g5\.xlarge") as error:
        check_volume_keys(request_)
    assert error.value.code == "ValidationException"


def test_operators_and_embedded_aws_know_the_same_families() -> None:
    assert operators.FAMILIES == local_storage.FAMILIES


def test_every_family_of_sagemaker_is_sorted() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    shapes = ("Training", "Processing", "ProductionVariant", "Transform")
    types = {kind for shape in shapes for kind in model.shape_for(f"{shape}InstanceType").enum}
    families = {kind.split(".")[1] for kind in types}
    assert families >= FAMILIES
    accelerated = {name for name in families if name.startswith(("dl", "g", "inf", "p", "trn"))}
    disks = {name for name in families - accelerated if name.endswith("d")}
    assert (accelerated - EBS_ALONE) | disks == FAMILIES
