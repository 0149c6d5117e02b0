"""Select endpoints to delete: by name, by tag, or because their lifetime is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.aws import tagged
from prodml.aws.retries import present
from prodml.aws.tags import tag, tags_of, untag
from prodml.endpoints.tagged import tagged_endpoints
from prodml.naming import identity_of
from prodml.notifications.endpoint_events import EndpointExpires
from prodml.notifications.outbox import post
from prodml.rendered import moment
from prodml.run_notes import skip
from prodml.vocabulary import Json

from include.pipelines.adapters.aws import client
from include.pipelines.errors import NothingNew
from include.settings import settings

EXPIRES = "prodml:expires"
ANNOUNCED = "prodml:expiry-announced"  # the end that people were notified of
NOTICE = timedelta(days=1)


def set_expiry(endpoint: str, hours: float | None, now: datetime) -> str | None:
    """Tag *endpoint* with the time of its deletion; None removes the tag."""
    sagemaker = client("sagemaker")
    arn = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointArn"]
    if hours is None:
        untag(sagemaker, arn, [EXPIRES])
        return None
    end = (now + timedelta(hours=hours)).isoformat(timespec="seconds")
    tag(sagemaker, arn, {EXPIRES: end})
    return end


def postpone(endpoint: str, hours: float | None, now: datetime) -> str | None:
    """Extend the endpoint's lifetime before an update, so that it is not deleted meanwhile.

    An earlier end, or a first one, is set after the update: a failing deployment must not shorten
    the lifetime of what still serves. Returns the end that applies during the update.
    """
    tags = _written_on(endpoint)
    if tags is None or EXPIRES not in tags:
        return None
    if hours is None or now + timedelta(hours=hours) > moment(tags[EXPIRES]):
        return set_expiry(endpoint, hours, now)
    return tags[EXPIRES]


def still_over(endpoint: str, now: datetime) -> bool:
    """Return whether the lifetime of *endpoint* is still over, or was not extended since."""
    tags = _written_on(endpoint)
    return tags is None or (EXPIRES in tags and moment(tags[EXPIRES]) <= now)


def leave_prolonged(context: Mapping[str, Any]) -> None:
    """Skip the deletion of an endpoint whose lifetime was extended meanwhile."""
    endpoint = context["task"].endpoint
    context["task"].target.settle()
    if not still_over(endpoint, datetime.now(UTC)):
        skip(f"The lifetime of endpoint {endpoint} was extended meanwhile, so it stays.")


def _written_on(endpoint: str) -> dict[str, str] | None:
    """Return the endpoint's tags; None if it does not exist."""
    sagemaker = client("sagemaker")
    description = present(sagemaker.describe_endpoint, EndpointName=endpoint)
    return tags_of(sagemaker, description["EndpointArn"]) if description else None


def expired(now: datetime) -> list[str]:
    """Return the endpoints whose lifetime is over; raise NothingNew if all still have time."""
    mortal = [*_tagged_resources(EXPIRES)]
    for endpoint, tags in mortal:
        _announce(endpoint, tags, now)
    over = [endpoint["EndpointName"] for endpoint, tags in mortal if moment(tags[EXPIRES]) <= now]
    if not over:
        raise NothingNew("No endpoint's lifetime is over.")
    return over


def _announce(endpoint: Json, tags: Mapping[str, str], now: datetime) -> None:
    """Post once that *endpoint* expires within a day; its tag says for which time it was posted."""
    end = tags[EXPIRES]
    if now < moment(end) <= now + NOTICE and tags.get(ANNOUNCED) != end:
        tag(client("sagemaker"), endpoint["EndpointArn"], {ANNOUNCED: end})
        until = f"{moment(end):%Y-%m-%d %H:%M} UTC"
        post(EndpointExpires(endpoint=endpoint["EndpointName"], until=until))


def confirm(params: Mapping[str, Any]) -> None:
    """Refuse to delete anything without the form's confirmation."""
    if not params["confirm"]:
        raise ValueError("Nothing was deleted. Trigger again with `confirm` set.")


def chosen(params: Mapping[str, Any]) -> list[str]:
    """Return the endpoints that a form names, or those with its tag; set exactly one of them."""
    names, wanted = list(params["endpoints"]), params["tag"]
    confirm(params)
    if bool(names) == bool(wanted):
        raise ValueError("Set either `endpoints`, or `tag` as key=value.")
    if names:
        return names
    key, separator, value = wanted.partition("=")
    if not separator:
        raise ValueError(f"Invalid tag {wanted!r}. Write it as key=value.")
    matching = [name for name, _ in _tagged(key, value)]
    if not matching:
        raise NothingNew(f"No endpoint has the tag {wanted}.")
    return matching


def _tagged(key: str, value: str | None = None) -> Iterator[tuple[str, dict[str, str]]]:
    listed = _tagged_resources(key, value)
    yield from ((endpoint["EndpointName"], tags) for endpoint, tags in listed)


def _tagged_resources(key: str, value: str | None = None) -> Iterator[tuple[Json, dict[str, str]]]:
    """Yield the tagged endpoints that another Airflow of the account does not own."""
    for endpoint, tags in tagged_endpoints(client("sagemaker"), client(tagged.SERVICE), key, value):
        owner = identity_of(tags)
        if owner is None or owner.deployment == settings().deployment:
            yield endpoint, tags
