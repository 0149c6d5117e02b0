"""Deploy the best candidate of an AutoML job to an endpoint, as ModelDeployConfig asks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ...core.store import Doc
from ...wire.errors import AwsError
from ..jobs.runner import Job
from .steps import call

if TYPE_CHECKING:
    from ...core.account import Aws

POLL = 0.2  # real seconds
# The noun of each resource, and its kind in the store.
MODEL, CONFIG, ENDPOINT = (
    ("Model", "model"),
    ("EndpointConfig", "endpoint-config"),
    ("Endpoint", "endpoint"),
)


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
        MODEL: {
            "ModelName": model,
            "Containers": winner["InferenceContainers"],
            "ExecutionRoleArn": job.doc["RoleArn"],
        },
        CONFIG: {"EndpointConfigName": model, "ProductionVariants": [variant]},
        ENDPOINT: {"EndpointName": name, "EndpointConfigName": model},
    }
    try:
        for (noun, kind), request in requests.items():
            if not _is_made(aws, kind, request[f"{noun}Name"], request):
                await call(aws, f"Create{noun}", request)
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


def _is_made(aws: Aws, kind: str, name: str, request: Doc) -> bool:
    """Return whether the job made the resource before a restart; one of others differs."""
    present = aws.store.get(kind, name) or {}
    return all(present.get(member) == value for member, value in request.items())
