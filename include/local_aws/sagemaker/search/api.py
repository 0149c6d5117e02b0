"""The operations Search and GetSearchSuggestions."""

from __future__ import annotations

from itertools import islice

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc
from ...wire import model, paging
from . import properties
from .candidates import candidates
from .expressions import compiled, property_names
from .order import order
from .resources import complete, searched

MOST_SUGGESTIONS = 100


@operation("sagemaker", "Search")
def search(aws: Aws, request: Doc) -> Doc:
    target, expression = searched(request["Resource"]), request.get("SearchExpression")
    holds = compiled(expression, target.shape)
    asked = model.listing_defaults("sagemaker", "Search") | request
    by = order(target.shape, asked)
    read, unread = target.divided(_members(asked))
    listed, are_sorted = candidates(aws, target, by, expression or {})
    if request.get("CrossAccountFilterOption") == "CrossAccount":
        listed = iter([])  # no resource is shared across accounts
    matching = (doc for docs in listed for doc in complete(aws, read, docs) if holds(doc))
    in_order = matching if are_sorted else by.sorted(matching)
    page, token = paging.page([*islice(in_order, paging.reach(asked))], asked)
    results = complete(aws, unread, page)
    return {"Results": [{target.member: doc} for doc in results], "NextToken": token}


def _members(request: Doc) -> set[str]:
    """Return the members of the resource that the search filters or sorts by, in lower case."""
    names = [*property_names(request.get("SearchExpression")), request["SortBy"]]
    return {name.partition(".")[0].lower() for name in names}


@operation("sagemaker", "GetSearchSuggestions")
def get_search_suggestions(aws: Aws, request: Doc) -> Doc:
    """Return the property names of used hyperparameters, tags and metrics with the prefix."""
    query = request.get("SuggestionQuery", {}).get("PropertyNameQuery", {})
    hint = query.get("PropertyNameHint", "").lower()
    target = searched(request["Resource"])
    docs = complete(aws, target.all_parts, aws.store.list(target.kind))
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
