from __future__ import annotations

from typing import Any

import pytest

from tests.include.local_aws.models import PART, ROLE, Platform, variant
from tests.include.local_aws.refusals import refusal


def serverless(model: str, **config: int) -> dict[str, Any]:
    """Return a serverless variant of *model*."""
    plain = {"MemorySizeInMB": 2048, "MaxConcurrency": 2}
    named = {"VariantName": "AllTraffic", "ModelName": model, "InitialVariantWeight": 1.0}
    return named | {"ServerlessConfig": plain | config}


def _refused(platform: Platform, *variants: dict[str, Any], **members: Any) -> str:
    """Return the message with which the configuration is refused."""
    code, message = refusal(lambda: platform.config(*variants, **members))
    assert code == "ValidationException"
    return message


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({"MemorySizeInMB": 1500}, "MemorySizeInMB of variant AllTraffic is 1500"),
        ({"ProvisionedConcurrency": 3}, "ProvisionedConcurrency 3"),
        ({"MaxConcurrency": 201}, "maxConcurrency"),
    ],
)
def test_capacity_is_checked(platform: Platform, config: dict[str, int], complaint: str) -> None:
    model = platform.model()
    assert complaint in _refused(platform, serverless(model, **config))


@pytest.mark.parametrize(
    ("members", "complaint"),
    [
        ({"DataCaptureConfig": True}, "DataCaptureConfig is not supported"),
        ({"AsyncInferenceConfig": True}, "AsyncInferenceConfig is not supported"),
    ],
)
def test_other_features_are_refused(
    platform: Platform, members: dict[str, Any], complaint: str
) -> None:
    uri = f"s3://{platform.bucket}/out"
    full = {
        "DataCaptureConfig": {
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": uri,
            "CaptureOptions": [{"CaptureMode": "Input"}],
        },
        "AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": uri}},
    }
    given = {name: full[name] for name in members}
    assert complaint in _refused(platform, serverless(platform.model()), **given)


def test_instances_and_further_variants_are_refused(platform: Platform) -> None:
    model = platform.model()
    mixed = serverless(model) | {"InstanceType": "ml.m5.large"}
    assert "cannot have an InstanceType" in _refused(platform, mixed)
    two = (serverless(model), variant(model, "Other"))
    assert "has one variant, not 2" in _refused(platform, *two)


def test_models_that_serverless_cannot_serve_are_refused(platform: Platform) -> None:
    pipeline = platform.pipeline(platform.container(PART), platform.container(PART))
    assert "several containers" in _refused(platform, serverless(pipeline))
    isolated = platform.unique("isolated")
    platform.sagemaker.create_model(
        ModelName=isolated,
        PrimaryContainer=platform.container(),
        ExecutionRoleArn=ROLE,
        EnableNetworkIsolation=True,
    )
    assert "EnableNetworkIsolation" in _refused(platform, serverless(isolated))
    source = {"S3Uri": "s3://b/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    plain = platform.unique("plain")
    container = {"Image": platform.image, "ModelDataSource": {"S3DataSource": source}}
    platform.sagemaker.create_model(
        ModelName=plain, PrimaryContainer=container, ExecutionRoleArn=ROLE
    )
    assert "has a ModelDataSource, which is not" in _refused(platform, serverless(plain))
    assert "Mode MultiModel" in _refused(platform, serverless(many_models(platform)))


def many_models(platform: Platform) -> str:
    """Return a model of Mode MultiModel, whose container is never started."""
    name = platform.unique("many")
    container = {"Image": platform.image, "Mode": "MultiModel", "ModelDataUrl": "s3://b/m/"}
    platform.sagemaker.create_model(
        ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE
    )
    return name


def test_models_that_answer_by_a_name_are_not_asynchronous(platform: Platform) -> None:
    queue = {"OutputConfig": {"S3OutputPath": f"s3://{platform.bucket}/out"}}
    named = [platform.container(PART) | {"ContainerHostname": name} for name in ("a", "b")]
    direct = platform.pipeline(*named, InferenceExecutionConfig={"Mode": "Direct"})
    for model in (direct, many_models(platform)):
        message = _refused(platform, variant(model), AsyncInferenceConfig=queue)
        assert message.endswith("Remove AsyncInferenceConfig.")


def test_a_models_own_variant_has_no_managed_scaling(platform: Platform) -> None:
    scaling = {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 2}
    managed = variant(platform.model(), ManagedInstanceScaling=scaling)
    assert "scale the variant by Application Auto Scaling." in _refused(platform, managed)


def test_a_variant_of_instances_has_no_concurrency(platform: Platform, endpoint: str) -> None:
    wish = {"VariantName": "AllTraffic", "ServerlessUpdateConfig": {"MaxConcurrency": 2}}
    code, message = refusal(
        platform.sagemaker.update_endpoint_weights_and_capacities,
        EndpointName=endpoint,
        DesiredWeightsAndCapacities=[wish],
    )
    assert (code, message) == (
        "ValidationException",
        "Variant AllTraffic is not serverless. Remove ServerlessUpdateConfig.",
    )


def test_capacity_is_not_changed_by_instances(platform: Platform) -> None:
    endpoint = platform.serving(serverless(platform.model()))
    code, message = refusal(
        platform.sagemaker.update_endpoint_weights_and_capacities,
        EndpointName=endpoint,
        DesiredWeightsAndCapacities=[{"VariantName": "AllTraffic", "DesiredInstanceCount": 2}],
    )
    assert (code, "is serverless" in message) == ("ValidationException", True)
    scaling = platform.server.client("application-autoscaling")
    code, message = refusal(
        scaling.register_scalable_target,
        ServiceNamespace="sagemaker",
        ResourceId=f"endpoint/{endpoint}/variant/AllTraffic",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=2,
    )
    assert (code, "is serverless" in message) == ("ValidationException", True)
