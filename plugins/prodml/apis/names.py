"""The names and the tag by which an endpoint's API, usage plan and API key are found again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from prodml.aws.retries import pages, with_retries
from prodml.naming import TAG, slugify
from prodml.vocabulary import Json

OWNER = f"{TAG}endpoint"
POSITION = ("position", "position")
MOST = 500  # of a page
RESOURCE = "predictions"


def api_name(endpoint: str) -> str:
    return f"prodml-{endpoint}"


def stage_name(deployment: str) -> str:
    """Return the stage of a deployment of Airflow, such as `production`."""
    return slugify(deployment) or "default"


def log_group(endpoint: str, stage: str) -> str:
    return f"/prodml/apis/{endpoint}/{stage}"


def of_endpoint(listed: Any, endpoint: str, **request: Any) -> list[Json]:
    """Return what *listed* lists with the name and the tag of an endpoint, the oldest first."""
    items = [item for item in every(listed, **request) if _is_of(item, endpoint)]
    return sorted(items, key=lambda item: (str(item.get("createdDate", "")), str(item["id"])))


def _is_of(item: Mapping[str, Any], endpoint: str) -> bool:
    has_name = item.get("name") == api_name(endpoint)
    return has_name and item.get("tags", {}).get(OWNER) == endpoint


def every(listed: Any, **request: Any) -> Iterator[Json]:
    """Yield all items that *listed* lists."""
    for page in pages(listed, tokens=POSITION, limit=MOST, **request):
        yield from page.get("items", ())


def the_oldest(listed: Any, create: Any, remove: Any, endpoint: str, **request: Any) -> Json:
    """Return the only item of an endpoint; create it if it does not exist.

    API Gateway gives a name twice. Of two that were created at once the older one stays, and the
    task that created the other one deletes it.
    """
    known = of_endpoint(listed, endpoint)
    if not known:
        created = with_retries(create, **request)
        known = of_endpoint(listed, endpoint) or [created]
        if known[0]["id"] != created["id"]:
            remove(created["id"])
    return known[0]


def url_of(endpoint_url: str, region: str, api: str, stage: str) -> str:
    """Return the URL of an API: AWS's own, else a path of the server that the client calls."""
    host = urlsplit(endpoint_url).hostname or ""
    service, _, domain = host.partition(f".{region}.")
    if service == "apigateway" and domain:
        return f"https://{api}.execute-api.{region}.{domain}/{stage}/{RESOURCE}"
    return f"{endpoint_url.rstrip('/')}/_aws/execute-api/{api}/{stage}/{RESOURCE}"
