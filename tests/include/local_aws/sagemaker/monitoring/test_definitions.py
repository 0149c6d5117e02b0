from __future__ import annotations

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.monitoring import (
    definitions,
)
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.monitoring.world import (
    CLUSTER,
    IMAGE,
    ROLE,
    World,
    config,
)

SOURCE = {"EndpointInput": {"EndpointName": "churn", "LocalPath": "/in"}}
OUTPUT = {"MonitoringOutputs": [{"S3Output": {"S3Uri": "s3://b/r", "LocalPath": "/out"}}]}
INLINE = {
    "MonitoringAppSpecification": {"ImageUri": IMAGE},
    "Environment": {"a": "b"},
    "MonitoringInputs": [SOURCE],
    "MonitoringOutputConfig": OUTPUT,
    "MonitoringResources": {"ClusterConfig": CLUSTER},
    "RoleArn": ROLE,
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}
BATCH = INLINE | {"MonitoringInputs": [{"BatchTransformInput": {}}]}


def test_inline_definition_reads_as_one_by_name(world: World) -> None:
    definition = definitions.of(world.aws, {"MonitoringJobDefinition": INLINE})
    assert (definition.kind, definition.endpoint) == ("DataQuality", "churn")
    assert definition.application == {"ImageUri": IMAGE, "Environment": {"a": "b"}}
    assert definition.limits == {"StoppingCondition": {"MaxRuntimeInSeconds": 60}}
    world.define()
    named = definitions.of(world.aws, config("cron(0 * ? * * *)"))
    assert (named.kind, named.endpoint, named.role) == ("DataQuality", "churn", ROLE)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "Give either MonitoringJobDefinition or MonitoringJobDefinitionName"),
        (
            {"MonitoringJobDefinition": INLINE, "MonitoringJobDefinitionName": "checks"},
            "and only one",
        ),
        ({"MonitoringJobDefinitionName": "checks", "MonitoringType": "ModelBias"}, "ModelBias"),
        (
            {"MonitoringJobDefinitionName": "gone", "MonitoringType": "DataQuality"},
            "Could not find job definition 'gone'",
        ),
        (
            {
                "MonitoringJobDefinition": INLINE
                | {"MonitoringInputs": [{"BatchTransformInput": {}}]}
            },
            "Only an EndpointInput is monitored here",
        ),
    ],
)
def test_definition_that_cannot_run_is_refused(world: World, asked: Doc, message: str) -> None:
    with pytest.raises(AwsError, match=message):
        definitions.of(world.aws, asked)
