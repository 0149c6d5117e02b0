"""Endpoints that end: by name, by tag, or because their time is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.aws.retries import present
from prodml.aws.tags import tag, tags_of, untag
from prodml.rendered import moment
from prodml.run_notes import skip

from include.pipelines.adapters.aws import client
from include.pipelines.errors import NothingNew

EXPIRES = "prodml:expires"


def set_expiry(endpoint: str, hours: float | None, now: datetime) -> str | None:
    """Tag *endpoint* with the moment at which the reaper takes it down; None takes the tag off."""
    sagemaker = client("sagemaker")
    arn = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointArn"]
    if hours is None:
        untag(sagemaker, arn, [EXPIRES])
        return None
    end = (now + timedelta(hours=hours)).isoformat(timespec="seconds")
    tag(sagemaker, arn, {EXPIRES: end})
    return end


def postpone(endpoint: str, hours: float | None, now: datetime) -> str | None:
    """Before an update that may last longer than the endpoint: let the reaper wait for its new end.

    An earlier end, or the first one, waits until the update has succeeded: a deployment that fails
    must not shorten the life of what still serves. Returns the end that holds during the update.
    """
    tags = _written_on(endpoint)
    if tags is None or EXPIRES not in tags:
        return None
    if hours is None or now + timedelta(hours=hours) > moment(tags[EXPIRES]):
        return set_expiry(endpoint, hours, now)
    return tags[EXPIRES]


def still_over(endpoint: str, now: datetime) -> bool:
    """Whether the time of *endpoint* is over even now, or somebody has given it more since."""
    tags = _written_on(endpoint)
    return tags is None or (EXPIRES in tags and moment(tags[EXPIRES]) <= now)


def leave_prolonged(context: Mapping[str, Any]) -> None:
    """Just before an endpoint is deleted, once nobody changes it: skip it if its time goes on."""
    endpoint = context["task"].endpoint
    context["task"].target.settle()
    if not still_over(endpoint, datetime.now(UTC)):
        skip(f"Endpoint {endpoint} was given more time meanwhile: it stays.")


def _written_on(endpoint: str) -> dict[str, str] | None:
    """None if there is no such endpoint."""
    sagemaker = client("sagemaker")
    found = present(sagemaker.describe_endpoint, EndpointName=endpoint)
    return tags_of(sagemaker, found["EndpointArn"]) if found else None


def expired(now: datetime) -> list[str]:
    """Endpoints whose time is over; raises NothingNew if there is none."""
    over = [name for name, tags in _tagged() if EXPIRES in tags and moment(tags[EXPIRES]) <= now]
    if not over:
        raise NothingNew("No endpoint has outlived its time.")
    return over


def confirm(params: Mapping[str, Any]) -> None:
    """Nothing is deleted by a stray click."""
    if not params["confirm"]:
        raise ValueError("Nothing was deleted. Trigger again and tick `confirm`.")


def chosen(params: Mapping[str, Any]) -> list[str]:
    """The endpoints that a form names, or those that carry its tag; none of either is an error."""
    names, wanted = list(params["endpoints"]), params["tag"]
    confirm(params)
    if bool(names) == bool(wanted):
        raise ValueError("Name the endpoints, or give one tag as key=value; not both, not neither.")
    if names:
        return names
    key, separator, value = wanted.partition("=")
    if not separator:
        raise ValueError(f"The tag is {wanted!r}; write it as key=value.")
    found = [name for name, tags in _tagged() if tags.get(key) == value]
    if not found:
        raise NothingNew(f"No endpoint carries the tag {wanted}.")
    return found


def _tagged() -> Iterator[tuple[str, dict[str, str]]]:
    sagemaker = client("sagemaker")
    for page in sagemaker.get_paginator("list_endpoints").paginate():
        for endpoint in page["Endpoints"]:
            yield endpoint["EndpointName"], tags_of(sagemaker, endpoint["EndpointArn"])
