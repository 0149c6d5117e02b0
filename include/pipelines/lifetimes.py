"""Endpoints that end: by name, by tag, or because their time is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from include.pipelines.clients import client
from include.pipelines.slices import NothingNew

EXPIRES = "prodml:expires"


def set_expiry(endpoint: str, hours: float | None, now: datetime) -> str | None:
    """Tag *endpoint* with the moment at which the reaper takes it down; None takes the tag off."""
    sagemaker = client("sagemaker")
    arn = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointArn"]
    if hours is None:
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=[EXPIRES])
        return None
    moment = (now + timedelta(hours=hours)).isoformat(timespec="seconds")
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": EXPIRES, "Value": moment}])
    return moment


def expired(now: datetime) -> list[str]:
    """Endpoints whose time is over; raises NothingNew if there is none."""
    over = [name for name, tags in _tagged() if EXPIRES in tags and _moment(tags[EXPIRES]) <= now]
    if not over:
        raise NothingNew("No endpoint has outlived its time.")
    return over


def confirm(params: Mapping[str, Any]) -> None:
    """Nothing is deleted by a stray click."""
    if not params["confirm"]:
        raise ValueError("Nothing was deleted. Trigger again and tick `confirm`.")


def chosen(params: Mapping[str, Any]) -> list[str]:
    """The endpoints that a form names, or those that carry its tag; none of either is an error."""
    names, tag = list(params["endpoints"]), params["tag"]
    confirm(params)
    if bool(names) == bool(tag):
        raise ValueError("Name the endpoints, or give one tag as key=value; not both, not neither.")
    if names:
        return names
    key, separator, value = tag.partition("=")
    if not separator:
        raise ValueError(f"The tag is {tag!r}; write it as key=value.")
    found = [name for name, tags in _tagged() if tags.get(key) == value]
    if not found:
        raise NothingNew(f"No endpoint carries the tag {tag}.")
    return found


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tagged() -> Iterator[tuple[str, dict[str, str]]]:
    sagemaker = client("sagemaker")
    for page in sagemaker.get_paginator("list_endpoints").paginate():
        for endpoint in page["Endpoints"]:
            pages = sagemaker.get_paginator("list_tags").paginate(
                ResourceArn=endpoint["EndpointArn"]
            )
            tags = {tag["Key"]: tag["Value"] for found in pages for tag in found["Tags"]}
            yield endpoint["EndpointName"], tags
