"""A name proves nothing: each difference from the request is reported in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from prodml.endpoints.verification import differences
from prodml.vocabulary import Json

from tests.include.local_aws.models import IMAGE, Platform, variant
from tests.plugins.conftest import register


@dataclass
class Case:
    """An endpoint as it is described, and what was asked for: the same, until a test says not."""

    sagemaker: Any
    served: Json
    asked: Json
    model: str
    package: Json

    def differences(self) -> list[str]:
        return differences(self.sagemaker, self.served, self.asked, self.model, self.package)


@pytest.fixture(scope="module")
def deployed(platform: Platform) -> tuple[str, str, str]:
    """A version, its model, and a configuration with it."""
    arn = register(platform.sagemaker, platform.container())
    model = platform.unique("model")
    platform.sagemaker.create_model(ModelName=model, PrimaryContainer={"ModelPackageName": arn})
    return arn, model, platform.config(variant(model))


@pytest.fixture
def case(platform: Platform, deployed: tuple[str, str, str]) -> Case:
    arn, model, config = deployed
    running = {"VariantName": "AllTraffic", "DeployedImages": [{"SpecifiedImage": IMAGE}]}
    return Case(
        platform.sagemaker,
        {"EndpointConfigName": config, "ProductionVariants": [running]},
        {"ProductionVariants": [variant(model)]},
        model,
        platform.sagemaker.describe_model_package(ModelPackageName=arn),
    )


def test_nothing_is_said_of_what_serves_as_asked(case: Case) -> None:
    assert case.differences() == []


REPOSITORY = IMAGE.rpartition(":")[0]
DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("specified", "stated", "same"),
    [
        (f"{REPOSITORY}@{DIGEST}", None, True),
        (f"{REPOSITORY}@{DIGEST}", DIGEST, True),
        (f"{REPOSITORY}@{DIGEST}", "sha256:1", False),
        (f"other@{DIGEST}", None, False),
    ],
)
def test_an_image_may_be_named_by_its_digest(
    case: Case, specified: str, stated: str | None, same: bool
) -> None:
    """SageMaker may show the digest where a model was made from a model package."""
    deployed = {"SpecifiedImage": specified, "ResolvedImage": specified}
    case.served["ProductionVariants"][0]["DeployedImages"] = [deployed]
    container = case.package["InferenceSpecification"]["Containers"][0]
    del container["ImageDigest"]
    if stated:
        container["ImageDigest"] = stated
    assert (case.differences() == []) == same


def test_another_image(case: Case) -> None:
    case.served["ProductionVariants"][0]["DeployedImages"] = [{"SpecifiedImage": "other:1"}]
    assert case.differences() == [f"AllTraffic runs ['other:1'], not {IMAGE}"]


def test_a_pipeline_runs_every_image_of_its_version_and_no_other(case: Case) -> None:
    first, *_ = case.package["InferenceSpecification"]["Containers"]
    case.package["InferenceSpecification"]["Containers"] = [first, {"Image": "answers:1"}]
    case.served["ProductionVariants"][0]["DeployedImages"] = [
        {"SpecifiedImage": name} for name in (IMAGE, "answers:1")
    ]
    assert case.differences() == []
    case.served["ProductionVariants"][0]["DeployedImages"][1]["SpecifiedImage"] = "answers:2"
    runs = sorted([IMAGE, "answers:2"])
    assert case.differences() == [f"AllTraffic runs {runs}, not {IMAGE}, answers:1"]


def test_another_variant(case: Case) -> None:
    case.served["ProductionVariants"][0]["VariantName"] = "Other"
    assert "ProductionVariants are ['Other'], not ['AllTraffic']" in case.differences()


def test_a_shadow_that_is_missing(case: Case) -> None:
    case.asked["ShadowProductionVariants"] = [variant(case.model, "Challenger")]
    assert "ShadowProductionVariants are [], not ['Challenger']" in case.differences()


@pytest.mark.parametrize("key", ["ModelName", "InstanceType", "InitialInstanceCount"])
def test_another_model_type_or_count_in_the_configuration(key: str, case: Case) -> None:
    has = case.asked["ProductionVariants"][0][key]
    case.asked["ProductionVariants"][0][key] = "another"
    assert case.differences() == [f"{key} of AllTraffic is {has}, not another"]


def test_the_data_of_another_version(case: Case, platform: Platform) -> None:
    other = register(platform.sagemaker, platform.container(name="other"))
    case.package = platform.sagemaker.describe_model_package(ModelPackageName=other)
    (said,) = case.differences()
    assert said.startswith(f"model {case.model} is of ")
    assert said.endswith(f"not of {other}")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"Environment": {"THRESHOLD": "0.5"}}, "the variables THRESHOLD with other values"),
        ({"ModelDataUrl": "s3://b/other.tar.gz"}, "the data s3://b/other.tar.gz, not"),
        ({"Image": IMAGE.replace(":v1", ":v2")}, "the image "),
        (None, "the containers of model"),
    ],
    ids=["environment", "data", "image", "missing"],
)
def test_a_second_container_that_is_not_the_versions(
    second: dict[str, Any] | None, said: str, case: Case, platform: Platform
) -> None:
    """A model of the same name that another user created from containers of their own."""
    parts: list[Json] = [{**platform.container(name=name)} for name in ("raw", "answers")]
    parts[1] |= {"Environment": {"THRESHOLD": "0.3"}}
    arn = register(platform.sagemaker, *parts)
    case.package = platform.sagemaker.describe_model_package(ModelPackageName=arn)
    case.model = platform.pipeline(parts[0], *([parts[1] | second] if second else []))
    (difference,) = case.differences()
    assert said in difference
    assert difference.startswith("container 2 of model") is bool(second)
    case.model = platform.pipeline(*parts)
    assert case.differences() == []
