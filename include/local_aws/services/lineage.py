"""Artifacts and associations, as the experiment SDK's Tracker writes them."""

from __future__ import annotations

import uuid

from include.local_aws.context import Aws
from include.local_aws.registry import operation
from include.local_aws.store import Doc
from include.local_aws.wire import paging
from include.local_aws.wire.errors import not_found

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


@operation("sagemaker", "ListArtifacts")
def list_artifacts(aws: Aws, request: Doc) -> Doc:
    found = aws.store.list(ARTIFACT)
    if source := request.get("SourceUri"):
        found = [a for a in found if a["Source"]["SourceUri"] == source]
    summaries, token = paging.page(paging.ordered(found, request, {}), request)
    return {"ArtifactSummaries": summaries, "NextToken": token}


@operation("sagemaker", "AddAssociation")
def add_association(aws: Aws, request: Doc) -> Doc:
    aws.store.link(ASSOCIATION, request["SourceArn"], request["DestinationArn"])
    return request


@operation("sagemaker", "ListAssociations")
def list_associations(aws: Aws, request: Doc) -> Doc:
    rows = aws.store.query("SELECT parent, child, created FROM links WHERE kind=?", ASSOCIATION)
    found = [
        {"SourceArn": source, "DestinationArn": destination, "CreationTime": created}
        for source, destination, created in rows
        if request.get("SourceArn", source) == source
        and request.get("DestinationArn", destination) == destination
    ]
    summaries, token = paging.page(found, request)
    return {"AssociationSummaries": summaries, "NextToken": token}
