"""In service on what was asked for, or a failure with its reason; never silently on the old one."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest
from prodml.exceptions import DeploymentError, RequestRefusedError
from prodml.notifications.outbox import take
from prodml.notifications.version_events import ModelDeployed
from prodml.operators.smoke import SmokeTestOperator

from include.local_aws.testing import Server
from tests.plugins.conftest import register
from tests.plugins.runs import Ti, deploying, run


@pytest.mark.parametrize("deferrable", [False, True])
def test_an_endpoint_is_made_once(
    deferrable: bool, endpoint: str, package: str, bucket: str, sagemaker: Any, ti: Ti
) -> None:
    capture = f"s3://{bucket}/capture"
    settings = {"LEVEL": "debug"}
    arguments: dict[str, Any] = {"data_capture_uri": capture, "deferrable": deferrable}
    arguments["environment"] = settings
    take()
    first = run(deploying(endpoint, package, **arguments), ti)
    assert (first["changed"], first["instances"]) == (True, 1)
    assert take() == [ModelDeployed(endpoint=endpoint, model_package_arn=package)]
    assert run(deploying(endpoint, package, **arguments), ti) == first | {"changed": False}
    assert take() == []
    description = sagemaker.describe_endpoint(EndpointName=endpoint)
    assert description["EndpointConfigName"] == first["config"]
    assert description["DataCaptureConfig"]["DestinationS3Uri"] == f"{capture}/{first['config']}"
    assert first["capture"] == f"{capture}/{first['config']}/{endpoint}/AllTraffic"
    model = sagemaker.describe_model(ModelName=first["model"])
    assert model["PrimaryContainer"]["Environment"] == settings
    answer = run(SmokeTestOperator(task_id="smoke", endpoint=endpoint, payload="59,1"), ti)
    assert float(answer["answer"]) > 0.5


def test_an_update_keeps_what_autoscaling_decided_and_the_capture(
    endpoint: str, package: str, trained: dict[str, Any], sagemaker: Any, bucket: str, ti: Ti
) -> None:
    capture = {"data_capture_uri": f"s3://{bucket}/kept"}
    run(deploying(endpoint, package, **capture), ti)
    wish = {"VariantName": "AllTraffic", "DesiredInstanceCount": 2}
    sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=endpoint, DesiredWeightsAndCapacities=[wish]
    )
    newer = register(sagemaker, trained["container"])
    # Asked while the endpoint is still scaling.
    result = run(deploying(endpoint, newer, capture_percentage=50, **capture), ti)
    assert (result["changed"], result["instances"]) == (True, 2)
    summary = sagemaker.describe_endpoint(EndpointName=endpoint)["DataCaptureConfig"]
    assert summary["DestinationS3Uri"] == f"{capture['data_capture_uri']}/{result['config']}"
    assert (summary["CaptureStatus"], summary["CurrentSamplingPercentage"]) == ("Started", 50)


def test_a_model_that_does_not_start_fails_the_task_and_the_old_one_serves(
    endpoint: str,
    package: str,
    trained: dict[str, Any],
    sagemaker: Any,
    s3: Any,
    bucket: str,
    ti: Ti,
) -> None:
    good = run(deploying(endpoint, package), ti)
    with io.BytesIO() as packed:
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            tar.addfile(tarfile.TarInfo("not-a-model"))
        s3.put_object(Bucket=bucket, Key="broken/model.tar.gz", Body=packed.getvalue())
    broken = trained["container"] | {"ModelDataUrl": f"s3://{bucket}/broken/model.tar.gz"}
    with pytest.raises(DeploymentError, match=f"on {good['config']}, not in service on"):
        run(deploying(endpoint, register(sagemaker, broken)), ti)
    run(SmokeTestOperator(task_id="smoke", endpoint=endpoint, payload="59,1"), ti)


def test_only_an_approved_version_is_deployed(
    endpoint: str, trained: dict[str, Any], sagemaker: Any, ti: Ti
) -> None:
    arn = register(sagemaker, trained["container"])
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")
    with pytest.raises(RequestRefusedError, match="is Rejected"):
        run(deploying(endpoint, arn), ti)


def test_an_update_that_is_rolled_back_fails_the_task(
    endpoint: str, package: str, trained: dict[str, Any], sagemaker: Any, server: Server, ti: Ti
) -> None:
    good = run(deploying(endpoint, package), ti)
    newer = register(sagemaker, trained["container"])
    fault = {"resource": "endpoint", "event": "update-fails", "name": endpoint}
    with server.faults(fault), pytest.raises(DeploymentError, match="An injected fault"):
        run(deploying(endpoint, newer), ti)
    description = sagemaker.describe_endpoint(EndpointName=endpoint)
    assert description["EndpointConfigName"] == good["config"]


def test_an_endpoint_that_does_not_answer_goes_back(
    endpoint: str, package: str, trained: dict[str, Any], sagemaker: Any, ti: Ti
) -> None:
    good = run(deploying(endpoint, package), ti)
    newer = register(sagemaker, trained["container"])
    with pytest.raises(DeploymentError, match=f"Rolled back to {good['config']}"):
        run(deploying(endpoint, newer, smoke_payload="no numbers at all"), ti)
    description = sagemaker.describe_endpoint(EndpointName=endpoint)
    assert description["EndpointConfigName"] == good["config"]


def test_superseded_configurations_are_cleaned_up(
    endpoint: str, trained: dict[str, Any], sagemaker: Any, ti: Ti
) -> None:
    packages = [register(sagemaker, trained["container"]) for _ in range(3)]
    results = [run(deploying(endpoint, arn, keep=1), ti) for arn in packages]
    listed = sagemaker.list_endpoint_configs(NameContains=endpoint)["EndpointConfigs"]
    left = {config["EndpointConfigName"] for config in listed}
    assert left == {result["config"] for result in results[1:]}
    models = sagemaker.list_models(NameContains=endpoint)["Models"]
    assert {m["ModelName"] for m in models} == {result["model"] for result in results[1:]}
