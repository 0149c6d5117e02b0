"""Artifacts and associations, as the experiment SDK's Tracker writes them."""

from __future__ import annotations

import uuid

from include.local_aws.context import Aws
from include.local_aws.registry import operation
from include.local_aws.store import Doc, Duplicate, Missing
from include.local_aws.wire import paging
from include.local_aws.wire.errors import not_found, validation

ARTIFACT = "artifact"
ASSOCIATION = "association"


@operation("sagemaker", "CreateArtifact")
def create_artifact(aws: Aws, request: Doc) -> Doc:
    arn = aws.arn(f"{ARTIFACT}/{uuid.uuid4().hex}")
    now = aws.clock.now()
    document = request | {"ArtifactArn": arn, "CreationTime": now, "LastModifiedTime": now}
    aws.store.insert(ARTIFACT, arn, document)
    return {"ArtifactArn": arn}


@operation("sagemaker", "DescribeArtifact")
def describe_artifact(aws: Aws, request: Doc) -> Doc:
    artifact = aws.store.get(ARTIFACT, request["ArtifactArn"])
    if artifact is None:
        raise not_found(f"Artifact {request['ArtifactArn']} does not exist.")
    return artifact


@operation("sagemaker", "DeleteArtifact")
def delete_artifact(aws: Aws, request: Doc) -> Doc:
    arn = request.get("ArtifactArn", "")
    describe_artifact(aws, {"ArtifactArn": arn})
    aws.store.delete(ARTIFACT, arn)
    aws.store.drop_tags(arn)
    return {"ArtifactArn": arn}


@operation("sagemaker", "ListArtifacts")
def list_artifacts(aws: Aws, request: Doc) -> Doc:
    found = aws.store.list(ARTIFACT)
    if source := request.get("SourceUri"):
        found = [a for a in found if a["Source"]["SourceUri"] == source]
    summaries, token = paging.page(paging.ordered(found, request, {}), request)
    return {"ArtifactSummaries": summaries, "NextToken": token}


@operation("sagemaker", "AddAssociation")
def add_association(aws: Aws, request: Doc) -> Doc:
    edge = request | {"CreationTime": aws.clock.now()}
    try:
        aws.store.insert(ASSOCIATION, _edge(request), edge)
    except Duplicate:
        message = f"An association {_edge(request)} already exists."
        raise validation(message) from None
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
    wanted = ("SourceArn", "DestinationArn", "AssociationType")
    found = [
        edge
        for edge in aws.store.list(ASSOCIATION)
        if all(request.get(member, edge.get(member)) == edge.get(member) for member in wanted)
    ]
    summaries, token = paging.page(paging.ordered(found, request, {}), request)
    return {"AssociationSummaries": summaries, "NextToken": token}


def _edge(request: Doc) -> str:
    return f"{request['SourceArn']} -> {request['DestinationArn']}"
