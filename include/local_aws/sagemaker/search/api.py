"""The operations Search and GetSearchSuggestions."""

from __future__ import annotations

from typing import Any

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc
from ...wire import model, paging
from ...wire.errors import validation
from . import properties
from .expressions import compiled, number, property_names
from .resources import Searched, searched

MOST_SUGGESTIONS = 100


@operation("sagemaker", "Search")
def search(aws: Aws, request: Doc) -> Doc:
    target = searched(request["Resource"])
    holds = compiled(request.get("SearchExpression"), target.shape)
    with_defaults = model.listing_defaults("sagemaker", "Search") | request
    docs = _visible(aws, target, request)
    is_detailed = not target.details.isdisjoint(_properties(with_defaults))
    if is_detailed:
        docs = [target.detailed(aws, doc) for doc in docs]
    matching = [doc for doc in docs if holds(doc)]
    page, token = paging.page(_sorted(matching, target, with_defaults), with_defaults)
    if not is_detailed:
        page = [target.detailed(aws, doc) for doc in page]
    return {"Results": [{target.member: doc} for doc in page], "NextToken": token}


def _properties(request: Doc) -> set[str]:
    """Return the members of the resource that the search filters or sorts by, in lower case."""
    names = [*property_names(request.get("SearchExpression")), request["SortBy"]]
    return {name.partition(".")[0].lower() for name in names}


def _visible(aws: Aws, target: Searched, request: Doc) -> list[Doc]:
    """Return the visible resources: all of this account, as none is shared across accounts."""
    alone = request.get("CrossAccountFilterOption") == "CrossAccount"
    return [] if alone else target.docs(aws)


def _sorted(docs: list[Doc], target: Searched, request: Doc) -> list[Doc]:
    """Sort by any property; resources without it are last in either direction."""
    name = request["SortBy"]
    if name == "LastModifiedTime" and name not in target.shape.members:
        name = "CreationTime"  # the default of resources that are never modified
    by = properties.find(target.shape, name)
    if by.kind == properties.WHOLE:
        raise validation(f"Results cannot be sorted by {request['SortBy']}: it is a structure.")
    present = [doc for doc in docs if by.read(doc)]
    absent = [doc for doc in docs if not by.read(doc)]
    reverse = request["SortOrder"] == "Descending"
    return sorted(present, key=lambda doc: _comparable(by.read(doc)[0]), reverse=reverse) + absent


def _comparable(value: Any) -> tuple[int, float, str]:
    known = number(value)
    return (0, known, "") if known is not None else (1, 0.0, str(value))


@operation("sagemaker", "GetSearchSuggestions")
def get_search_suggestions(aws: Aws, request: Doc) -> Doc:
    """Return the property names of used hyperparameters, tags and metrics with the prefix."""
    query = request.get("SuggestionQuery", {}).get("PropertyNameQuery", {})
    hint = query.get("PropertyNameHint", "").lower()
    target = searched(request["Resource"])
    docs = [target.detailed(aws, doc) for doc in target.docs(aws)]
    names = {name for doc in docs for name in _named(doc)}
    suggestions = sorted(name for name in names if name.lower().startswith(hint))[:MOST_SUGGESTIONS]
    return {"PropertyNameSuggestions": [{"PropertyName": name} for name in suggestions]}


def _named(doc: Doc) -> list[str]:
    names = [
        f"{kind}.{name}" for kind in ("HyperParameters", "Parameters") for name in doc.get(kind, {})
    ]
    names += [f"Tags.{tag['Key']}" for tag in doc["Tags"]]
    names += [f"Metrics.{metric['MetricName']}" for metric in doc.get("FinalMetricDataList") or []]
    for metric in doc.get("Metrics", []):
        names += [f"Metrics.{metric['MetricName']}.{s}" for s in properties.STATISTICS.values()]
    return names
