"""Artifacts: data, models and images as lineage has them. They have an ARN and need no name."""

from __future__ import annotations

import uuid

from ...core.account import Aws
from ...core.registry import merged, operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import not_found, validation
from .queries import refuse_associated, with_source

KIND = "artifact"


@operation("sagemaker", "CreateArtifact")
def create_artifact(aws: Aws, request: Doc) -> Doc:
    arn = aws.arn(f"{KIND}/{uuid.uuid4().hex}")
    now = aws.clock.now()
    doc = {key: value for key, value in request.items() if key != "Tags"}
    doc |= {"ArtifactArn": arn, "CreationTime": now, "LastModifiedTime": now}
    aws.store.insert(KIND, arn, doc)
    aws.store.put_tags(arn, request.get("Tags", []))
    return doc


@operation("sagemaker", "DescribeArtifact")
def describe_artifact(aws: Aws, request: Doc) -> Doc:
    artifact = aws.store.get(KIND, request["ArtifactArn"])
    if artifact is None:
        raise not_found(f"Artifact {request['ArtifactArn']} does not exist.")
    return artifact


@operation("sagemaker", "UpdateArtifact")
def update_artifact(aws: Aws, request: Doc) -> Doc:
    artifact = describe_artifact(aws, request)
    changes = merged(artifact, request, ("Properties",))
    return aws.store.update(KIND, artifact["ArtifactArn"], **changes)


@operation("sagemaker", "DeleteArtifact")
def delete_artifact(aws: Aws, request: Doc) -> Doc:
    """By its ARN, or by its source."""
    arn = request.get("ArtifactArn") or _of_source(aws, request.get("Source"))
    artifact = describe_artifact(aws, {"ArtifactArn": arn})
    refuse_associated(aws, arn)
    aws.store.delete(KIND, arn)
    aws.store.drop_tags(arn)
    return artifact


def _of_source(aws: Aws, source: Doc | None) -> str:
    if source is None:
        raise validation("Either ArtifactArn or Source must be given to delete an artifact.")
    found = with_source(aws.store.list(KIND), source)
    if not found:
        raise not_found(f"Artifact of source {source['SourceUri']} does not exist.")
    return str(found[0]["ArtifactArn"])


@operation("sagemaker", "ListArtifacts")
def list_artifacts(aws: Aws, request: Doc) -> Doc:
    found = with_source(aws.store.list(KIND), request)
    found = paging.filtered(found, request, "ArtifactName", None, ("ArtifactType",))
    summaries, token = paging.listed("ListArtifacts", found, request, {})
    return {"ArtifactSummaries": summaries, "NextToken": token}
