"""Associations: the edges of the lineage graph."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc, Duplicate, Missing
from ...wire import paging
from ...wire.errors import not_found, validation
from .queries import ASSOCIATION, entity

EQUAL = ("SourceArn", "DestinationArn", "SourceType", "DestinationType", "AssociationType")


@operation("sagemaker", "AddAssociation")
def add_association(aws: Aws, request: Doc) -> Doc:
    source, target = (entity(aws, request[end]) for end in ("SourceArn", "DestinationArn"))
    edge = request | {
        "SourceType": source["Type"],
        "SourceName": source["Name"],
        "DestinationType": target["Type"],
        "DestinationName": target["Name"],
        "CreationTime": aws.clock.now(),
    }
    try:
        aws.store.insert(ASSOCIATION, _edge(request), edge)
    except Duplicate:
        raise validation(f"An association {_edge(request)} already exists.") from None
    return request


@operation("sagemaker", "DeleteAssociation")
def delete_association(aws: Aws, request: Doc) -> Doc:
    try:
        aws.store.delete(ASSOCIATION, _edge(request))
    except Missing:
        raise not_found(f"Association {_edge(request)} does not exist.") from None
    return request


@operation("sagemaker", "ListAssociations")
def list_associations(aws: Aws, request: Doc) -> Doc:
    associations = paging.filtered(aws.store.list(ASSOCIATION), request, "SourceName", None, EQUAL)
    summaries, token = paging.listed("ListAssociations", associations, request, {})
    return {"AssociationSummaries": summaries, "NextToken": token}


def _edge(request: Doc) -> str:
    return f"{request['SourceArn']} -> {request['DestinationArn']}"
