"""Configurations and models that an endpoint has left behind."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.aws.retries import delete, pages
from prodml.aws.tags import tag, tags_of
from prodml.endpoints import references
from prodml.endpoints.resources import describe_config
from prodml.naming import TAG, stem
from prodml.vocabulary import ENDPOINT_CONFIG, Json, Resource

log = logging.getLogger(__name__)
OWNER = f"{TAG}endpoint"  # the tag by which what belongs to an endpoint is found
SERVED = f"{TAG}served"  # the tag of a configuration that was proved to serve: when, at the latest
GRACE = timedelta(days=1)


def clean_up(
    sagemaker: Any,
    endpoint: str,
    config: str,
    before: str | None,
    keep: int,
    grace: timedelta = GRACE,
) -> list[str]:
    """Delete what *endpoint* has left behind, now that it is proved to serve *config*.

    The *keep* configurations that stay to go back to are *before*, which has served until now, and
    those that have served last. A tag says so, which each one gets here: by age alone, the updates
    that failed would push out the last good one. What never served does not count, and goes once it
    is older than *grace*; a younger one may belong to a deployment that has yet to ask for it.

    Models go with their configurations, unless one that stays, of any endpoint, has them. What
    fails is logged and left to the next time: the endpoint serves, whatever else lies about.
    Returns the names of the deleted configurations.
    """
    try:
        _mark(sagemaker, config)
        owned = [Former.of(*found) for found in belongings(sagemaker, endpoint, ENDPOINT_CONFIG)]
        used = {config, *references.configs(sagemaker)}
        idle = [former for former in owned if former.name not in used]
        old = _too_many(idle, before, keep, datetime.now(UTC) - grace)
        stay = {*used, *(former.name for former in owned)} - set(old)
        _delete(sagemaker, endpoint, old, stay)
    except Exception as error:  # noqa: BLE001 -- a deployment that is proved does not fail any more
        log.warning("Not all that endpoint %s has left behind is deleted: %s", endpoint, error)
        return []
    return old


@dataclass(frozen=True)
class Former:
    """A configuration of the endpoint, and when it was last proved to serve, as ISO text."""

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
    """Summaries of what was made for *endpoint*, as its tag says, each with its tags."""
    listed = getattr(sagemaker, kind.method("list"))
    for page in pages(listed, NameContains=stem(endpoint), MaxResults=100):
        for summary in page[f"{kind.noun}s"]:
            tags = tags_of(sagemaker, summary[f"{kind.noun}Arn"])
            if tags.get(OWNER) == endpoint:
                yield summary, tags


def _delete(sagemaker: Any, endpoint: str, old: list[str], stay: set[str]) -> None:
    models = references.models(sagemaker, old)
    for name in old:
        delete(sagemaker.delete_endpoint_config, EndpointConfigName=name)
    for model in models - references.models(sagemaker, stay):
        if model.startswith(stem(endpoint)):
            delete(sagemaker.delete_model, ModelName=model)
