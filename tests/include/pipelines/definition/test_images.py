"""Image URIs by region, without asking the SDK: as the SDK has them."""

from __future__ import annotations

import pytest

from include.pipelines.definition import images


@pytest.mark.parametrize("region", images.REGISTRIES)
def test_the_table_is_the_sdks(region: str) -> None:
    image_uris = pytest.importorskip("sagemaker.core.image_uris", exc_type=ImportError)
    ours = [images.xgboost(region), images.sklearn(region), images.spark(region)]
    theirs = [
        image_uris.retrieve(framework, region, version, instance_type="ml.m5.large")
        for framework, version in (("xgboost", "3.0-5"), ("sklearn", "1.4-2"))
    ]
    processing = {"version": "3.5", "py_version": "py312", "container_version": "v1.3"}
    theirs.append(image_uris.retrieve("spark", region, **processing, instance_type="ml.m5.large"))
    assert ours == theirs
    training = {"py_version": "py312", "image_scope": "training", "instance_type": "ml.m5.large"}
    theirs_of_torch = image_uris.retrieve("pytorch", region, "2.6.0", **training)
    assert images.pytorch(region).partition("/")[0] == theirs_of_torch.partition("/")[0]


def test_framework_images_come_from_the_registry_of_deep_learning() -> None:
    registry = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
    assert images.pytorch("eu-west-1") == f"{registry}/pytorch-training:2.6.0-cpu-py312"
    assert images.pytorch_inference("eu-west-1").startswith(f"{registry}/pytorch-inference:")
    assert images.tensorflow("eu-west-1").startswith(f"{registry}/tensorflow-training:")
    assert images.tensorflow_inference("eu-west-1") == f"{registry}/tensorflow-inference:2.19.0-cpu"


def test_an_own_image_is_in_the_own_accounts_registry_in_any_region() -> None:
    uri = images.own("eu-north-1", "team/forest:v2", "123456789012")
    assert uri == "123456789012.dkr.ecr.eu-north-1.amazonaws.com/team/forest:v2"


def test_an_unknown_region_is_named_with_where_to_add_it() -> None:
    with pytest.raises(ValueError, match=r"region 'mars-1'\. Add it to .*definition/images\.py"):
        images.xgboost("mars-1")
