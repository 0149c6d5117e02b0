"""Give each configuration a capture folder, and say later what it served."""

from __future__ import annotations

from typing import Any

from prodml.aws.client import Aws
from prodml.endpoints.attribution import apart, folder, read_record, root_of, shared
from prodml.endpoints.resources import capture, describe_config, ensure_config, production

from tests.include.local_aws.models import ROLE, Platform
from tests.plugins.conftest import register

REQUEST: dict[str, Any] = {"DataCaptureConfig": capture("s3://bucket/captured/", 100)}


def test_a_successor_shares_the_destination_and_not_the_folder() -> None:
    own = apart(REQUEST, "fraud-1") | {"EndpointConfigName": "fraud-1"}
    assert own["DataCaptureConfig"]["DestinationS3Uri"] == "s3://bucket/captured/fraud-1"
    assert folder(own, "fraud", "AllTraffic") == "s3://bucket/captured/fraud-1/fraud/AllTraffic"
    assert shared(own)["DataCaptureConfig"]["DestinationS3Uri"] == "s3://bucket/captured"
    foreign = REQUEST | {"EndpointConfigName": "theirs"}
    assert shared(foreign) == foreign
    assert root_of("s3://bucket/captured", "theirs") is None


def test_without_capture_there_is_no_folder() -> None:
    bare: dict[str, Any] = {"EndpointConfigName": "fraud-1"}
    assert apart(bare, "fraud-1") == shared(bare) == bare
    assert folder(bare, "fraud", "AllTraffic") is None


def test_a_record_outlives_its_configuration_and_the_other_way_round(
    platform: Platform, unique: str
) -> None:
    sagemaker = platform.sagemaker
    arn = register(sagemaker, platform.container())
    sagemaker.create_model(
        ModelName=unique, PrimaryContainer={"ModelPackageName": arn}, ExecutionRoleArn=ROLE
    )
    bare = platform.model()
    models = {"One": unique, "Two": bare}
    variants = [production(name, model, "ml.m5.large", 1) for name, model in models.items()]
    request = {
        "ProductionVariants": variants,
        "DataCaptureConfig": capture(f"s3://{platform.bucket}/{unique}", 100),
    }
    name = ensure_config(Aws(), unique, request, [])
    destination = describe_config(sagemaker, name)["DataCaptureConfig"]["DestinationS3Uri"]
    served = [
        {"variant": "One", "model": unique, "model_package_arn": arn},
        {"variant": "Two", "model": bare, "model_package_arn": None},
    ]
    key = f"{unique}/{name}/configuration.json"
    record = platform.s3.get_object(Bucket=platform.bucket, Key=key)["Body"].read()
    platform.s3.delete_object(Bucket=platform.bucket, Key=key)
    assert read_record(platform.s3, sagemaker, destination, name) == served
    sagemaker.delete_endpoint_config(EndpointConfigName=name)
    assert read_record(platform.s3, sagemaker, destination, name) == []
    platform.s3.put_object(Bucket=platform.bucket, Key=key, Body=record)
    assert read_record(platform.s3, sagemaker, destination, name) == served
