"""Deploy the best candidate of an AutoML job to an endpoint, as ModelDeployConfig asks."""

from __future__ import annotations

import asyncio

from ...core.store import Doc
from ...wire.errors import AwsError
from ..jobs.runner import Job
from .steps import call

POLL = 0.2  # real seconds


async def deploy(job: Job, winner: Doc) -> str | None:
    """Create model, configuration and endpoint; return the reason if that fails."""
    config: Doc = job.doc["ModelDeployConfig"]
    name = config.get("EndpointName") or f"{job.name}-{winner['CandidateName'][-8:]}"
    model, aws = winner["CandidateName"], job.aws
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": model,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    requests = {
        "CreateModel": {
            "ModelName": model,
            "Containers": winner["InferenceContainers"],
            "ExecutionRoleArn": job.doc["RoleArn"],
        },
        "CreateEndpointConfig": {"EndpointConfigName": model, "ProductionVariants": [variant]},
        "CreateEndpoint": {"EndpointName": name, "EndpointConfigName": model},
    }
    try:
        for operation, request in requests.items():
            await call(aws, operation, request)
        while (endpoint := await call(aws, "DescribeEndpoint", {"EndpointName": name}))[
            "EndpointStatus"
        ] == "Creating":
            await asyncio.sleep(POLL)
    except AwsError as error:
        return f"The deployment of {model} failed: {error}"
    if endpoint["EndpointStatus"] != "InService":
        return f"Endpoint {name} is {endpoint['EndpointStatus']}: {endpoint.get('FailureReason')}"
    job.update(ModelDeployResult={"EndpointName": name})
    return None
