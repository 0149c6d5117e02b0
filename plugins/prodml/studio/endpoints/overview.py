"""Read the endpoints of this deployment, and everything that describes one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from prodml.aws.client import Clients
from prodml.aws.retries import visible
from prodml.aws.tagged import SERVICE as TAGGING
from prodml.endpoints.component_hosts import hosts_components
from prodml.endpoints.tagged import tagged_endpoints
from prodml.naming import TAG, identity_of
from prodml.studio.components import components_on
from prodml.studio.endpoints.alarms import Alarm, alarms
from prodml.studio.endpoints.components import Component, components, rollback_alarms
from prodml.studio.endpoints.deployments import Deployments, deployments
from prodml.studio.endpoints.scaling import Scaling, scaling
from prodml.studio.endpoints.variants import Variant, variants
from prodml.studio.moments import iso
from prodml.studio.together import concurrently
from prodml.vocabulary import EndpointStatus, Json


class Summary(TypedDict):
    """An endpoint in the list; *dag* and *run* created it."""

    name: str
    status: str
    created: str | None
    modified: str | None
    dag: str
    run: str


class Capture(TypedDict):
    """The capture of requests: the percentage, and the S3 prefix."""

    enabled: bool
    percent: int
    uri: str


class Endpoint(TypedDict):
    """Everything about one endpoint but its metrics."""

    name: str
    status: str
    failure: str
    config: str
    created: str | None
    modified: str | None
    variants: list[Variant]
    components: list[Component]
    usd_per_hour: float | None
    scaling: Scaling
    alarms: list[Alarm]
    deployments: Deployments
    capture: Capture | None


def endpoints(aws: Clients, deployment: str | None = None) -> list[Summary]:
    """Return the endpoints that *deployment*'s tasks created, by name; None means all of them."""
    tagged = tagged_endpoints(
        aws.client("sagemaker"), aws.client(TAGGING), f"{TAG}deployment", deployment
    )
    return sorted(
        (_summary(endpoint, tags) for endpoint, tags in tagged), key=lambda item: item["name"]
    )


def _summary(endpoint: Json, tags: Mapping[str, str]) -> Summary:
    owner = identity_of(tags)
    return {
        "name": endpoint["EndpointName"],
        "status": endpoint["EndpointStatus"],
        "created": iso(endpoint.get("CreationTime")),
        "modified": iso(endpoint.get("LastModifiedTime")),
        "dag": owner.dag if owner else "",
        "run": owner.run if owner else "",
    }


def endpoint(
    aws: Clients, name: str, prices: Mapping[str, float], seldom: Clients | None = None
) -> Endpoint | None:
    """Return what SageMaker, Application Auto Scaling and CloudWatch say of endpoint *name*.

    :param prices: USD per hour by instance type.
    :param seldom: Reads, of an endpoint in service, what changes with a deployment only.
    :returns: None for an endpoint that does not exist.
    """
    sagemaker = aws.client("sagemaker")
    described = visible(sagemaker.describe_endpoint, EndpointName=name)
    if described is None:
        return None
    is_steady = described["EndpointStatus"] == EndpointStatus.IN_SERVICE
    rest = seldom if seldom and is_steady else aws
    config_name = described["EndpointConfigName"]
    describe = rest.client("sagemaker").describe_endpoint_config
    with concurrently() as reads:
        deployed = reads.start(lambda: deployments(rest, described))
        config = visible(describe, EndpointConfigName=config_name) or {}
        serving = variants(described, config, prices)
        hosted = components_on(aws, name) if hosts_components(config) else []
        placed = components(aws, hosted)
        scaled = scaling(aws, name, _names(serving), _names(placed))
        history = deployed.result()
    rollback = [*history["rollback_alarms"], *rollback_alarms(hosted)]
    return {
        "name": name,
        "status": described["EndpointStatus"],
        "failure": described.get("FailureReason", ""),
        "config": config_name,
        "created": iso(described.get("CreationTime")),
        "modified": iso(described.get("LastModifiedTime")),
        "variants": serving,
        "components": placed,
        "usd_per_hour": _total(serving),
        "scaling": scaled,
        "alarms": alarms(aws, name, rollback, scaled["alarms"]),
        "deployments": history,
        "capture": _capture(described),
    }


def _names(served: Sequence[Variant] | Sequence[Component]) -> list[str]:
    return [each["name"] for each in served]


def _total(serving: list[Variant]) -> float | None:
    """Return the price of all variants an hour; None if one of them has no price."""
    prices = [variant["usd_per_hour"] for variant in serving]
    known = [price for price in prices if price is not None]
    return round(sum(known), 4) if len(known) == len(prices) else None


def _capture(described: Json) -> Capture | None:
    capture = described.get("DataCaptureConfig")
    if not capture:
        return None
    return {
        "enabled": bool(capture.get("EnableCapture")),
        "percent": capture.get("CurrentSamplingPercentage", 0),
        "uri": capture.get("DestinationS3Uri", ""),
    }
