"""Delete configurations and models that an endpoint no longer uses."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.aws.retries import delete, pages
from prodml.aws.tags import tag, visible_tags
from prodml.endpoints import references
from prodml.endpoints.resources import describe_config
from prodml.naming import TAG, stem
from prodml.vocabulary import ENDPOINT_CONFIG, Json, Resource

log = logging.getLogger(__name__)
OWNER = f"{TAG}endpoint"  # the tag of everything that belongs to an endpoint
SERVED = f"{TAG}served"  # the tag of a verified configuration: when it was last verified
GRACE = timedelta(days=1)


def clean_up(
    sagemaker: Any,
    endpoint: str,
    config: str,
    before: str | None,
    keep: int,
    grace: timedelta = GRACE,
) -> list[str]:
    """Delete the old configurations of *endpoint*, which is verified to serve *config*.

    The *keep* configurations that stay for a rollback are *before*, which served until now, and
    those that served most recently, by a tag that each one gets here. By age alone, failed updates
    would displace the last good one. A configuration that never served is deleted once it is older
    than *grace*; a younger one may belong to a deployment in progress.

    A model is deleted with its configuration, unless a remaining configuration uses it. A failure
    is logged and left to the next deployment, since the endpoint itself serves. Returns the names
    of the deleted configurations.
    """
    try:
        _mark(sagemaker, config)
        owned = [Former.of(*pair) for pair in belongings(sagemaker, endpoint, ENDPOINT_CONFIG)]
        used = {config, *references.configs(sagemaker)}
        idle = [former for former in owned if former.name not in used]
        old = _too_many(idle, before, keep, datetime.now(UTC) - grace)
        stay = {*used, *(former.name for former in owned)} - set(old)
        _delete(sagemaker, endpoint, old, stay)
    except Exception as error:  # noqa: BLE001 -- a verified deployment must not fail
        log.warning("Cannot delete all old configurations of endpoint %s: %s", endpoint, error)
        return []
    return old


@dataclass(frozen=True)
class Former:
    """An old configuration of the endpoint, and when it was last verified, as ISO text."""

    name: str
    created: datetime
    served: str | None

    @classmethod
    def of(cls, summary: Json, tags: Mapping[str, str]) -> Former:
        return cls(summary["EndpointConfigName"], summary["CreationTime"], tags.get(SERVED))


def _too_many(idle: list[Former], before: str | None, keep: int, oldest: datetime) -> list[str]:
    good = [former for former in idle if former.served or former.name == before]
    good.sort(key=lambda former: (former.name == before, former.served or ""), reverse=True)
    never = [former for former in idle if former not in good and former.created <= oldest]
    return [former.name for former in (*good[keep:], *never)]


def _mark(sagemaker: Any, config: str) -> None:
    arn = describe_config(sagemaker, config)["EndpointConfigArn"]
    tag(sagemaker, arn, {SERVED: datetime.now(UTC).isoformat()})


def belongings(
    sagemaker: Any, endpoint: str, kind: Resource
) -> Iterator[tuple[Json, dict[str, str]]]:
    """Yield the summaries of what has the tag of *endpoint*, each with its tags."""
    listed = getattr(sagemaker, kind.method("list"))
    for page in pages(listed, NameContains=stem(endpoint), MaxResults=100):
        for summary in page[f"{kind.noun}s"]:
            tags = visible_tags(sagemaker, summary[f"{kind.noun}Arn"])
            if tags.get(OWNER) == endpoint:
                yield summary, tags


def _delete(sagemaker: Any, endpoint: str, old: list[str], stay: set[str]) -> None:
    models = references.models(sagemaker, old)
    for name in old:
        delete(sagemaker.delete_endpoint_config, EndpointConfigName=name)
    for model in models - references.models(sagemaker, stay):
        if model.startswith(stem(endpoint)):
            delete(sagemaker.delete_model, ModelName=model)
