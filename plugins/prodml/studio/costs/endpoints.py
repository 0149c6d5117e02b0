"""Price the endpoints of this deployment, by their present instances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from prodml.aws.retries import visible
from prodml.aws.tags import by_key
from prodml.endpoints.variants import instances, variants
from prodml.jobs.billing import Rates
from prodml.naming import Identity, identity_of
from prodml.studio.gradually import Gradually
from prodml.studio.jobs.job import Place
from prodml.studio.models import searched
from prodml.studio.reader import KeepingClients, Reader
from prodml.vocabulary import Json

CONFIGS = 2  # endpoint configurations read a minute; they never change


@dataclass(frozen=True)
class Serving:
    """An endpoint that is billed; *hourly* is None without a price, or until *is_read*."""

    name: str
    pipeline: str
    owner: Identity
    created: datetime
    instances: int
    instance_types: list[str]
    hourly: float | None
    is_read: bool = True


def serving(reader: Reader, place: Place, rates: Rates) -> list[Serving]:
    """Return the endpoints that *place*'s tasks created, by the listing of the Models page.

    Configurations that are new are read, a few a minute.
    """
    owned = [
        (endpoint, owner)
        for endpoint in searched(reader, "Endpoint")
        if (owner := identity_of(by_key(endpoint.get("Tags", []))))
        and owner.deployment == place.deployment
    ]
    configs = _configs(reader).known(endpoint["EndpointConfigName"] for endpoint, _ in owned)
    return [_serving(endpoint, owner, configs, place, rates) for endpoint, owner in owned]


def _serving(
    endpoint: Json, owner: Identity, configs: dict[str, Json], place: Place, rates: Rates
) -> Serving:
    name, config = endpoint["EndpointName"], configs.get(endpoint["EndpointConfigName"], {})
    stated = {variant["VariantName"]: variant for variant in variants(config)}
    running = instances(endpoint)
    capture = (endpoint.get("DataCaptureConfig") or {}).get("DestinationS3Uri", "")
    prices = [_hourly(stated.get(variant, {}), n, rates) for variant, n in running.items()]
    priced = [price for price in prices if price is not None]
    types = {stated[variant].get("InstanceType", "") for variant in running if variant in stated}
    return Serving(
        name=name,
        pipeline=place.pipeline(capture) or name,
        owner=owner,
        created=endpoint["CreationTime"],
        instances=sum(running.values()),
        instance_types=sorted(filter(None, types)),
        hourly=sum(priced) if len(priced) == len(prices) else None,
        is_read=endpoint["EndpointConfigName"] in configs,
    )


def _hourly(stated: Json, count: int, rates: Rates) -> float | None:
    kind, volume = stated.get("InstanceType", ""), stated.get("VolumeSizeInGB", 0)
    hourly = rates.hourly(kind, volume)
    return None if hourly is None else hourly * count


@lru_cache(maxsize=4)
def _configs(reader: Reader) -> Gradually[Json]:
    sagemaker = KeepingClients(reader, 0.0).client("sagemaker")

    def described(name: str) -> Json:
        return visible(sagemaker.describe_endpoint_config, EndpointConfigName=name) or {}

    return Gradually(described, CONFIGS)
