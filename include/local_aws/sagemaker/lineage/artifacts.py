"""Artifacts: data, models and images in lineage, identified by ARN and source."""

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
    """Delete an artifact, given by its ARN or its source."""
    arn = request.get("ArtifactArn") or _of_source(aws, request.get("Source"))
    artifact = describe_artifact(aws, {"ArtifactArn": arn})
    refuse_associated(aws, arn)
    aws.store.delete(KIND, arn)
    aws.store.drop_tags(arn)
    return artifact


def _of_source(aws: Aws, source: Doc | None) -> str:
    if source is None:
        raise validation("Either ArtifactArn or Source must be given to delete an artifact.")
    artifacts = with_source(aws.store.list(KIND), source)
    if not artifacts:
        raise not_found(f"Artifact of source {source['SourceUri']} does not exist.")
    return str(artifacts[0]["ArtifactArn"])


@operation("sagemaker", "ListArtifacts")
def list_artifacts(aws: Aws, request: Doc) -> Doc:
    artifacts = with_source(aws.store.list(KIND), request)
    artifacts = paging.filtered(artifacts, request, "ArtifactName", None, ("ArtifactType",))
    summaries, token = paging.listed("ListArtifacts", artifacts, request, {})
    return {"ArtifactSummaries": summaries, "NextToken": token}
