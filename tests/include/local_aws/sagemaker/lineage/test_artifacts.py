from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


def create(sagemaker: Any, uri: str) -> str:
    request = {"Source": {"SourceUri": uri}, "ArtifactType": "DataSet"}
    return str(sagemaker.create_artifact(**request)["ArtifactArn"])


def test_artifact_is_described_and_found_by_source(sagemaker: Any, unique: Unique) -> None:
    uri = f"s3://bucket/{unique('data')}"
    arn = create(sagemaker, uri)
    described = sagemaker.describe_artifact(ArtifactArn=arn)
    assert described["Source"]["SourceUri"] == uri
    artifacts = sagemaker.list_artifacts(SourceUri=uri)["ArtifactSummaries"]
    assert [artifact["ArtifactArn"] for artifact in artifacts] == [arn]


def test_deleted_artifact_does_not_exist(sagemaker: Any, unique: Unique) -> None:
    arn = create(sagemaker, f"s3://bucket/{unique('data')}")
    sagemaker.delete_artifact(ArtifactArn=arn)
    assert refusal(sagemaker.describe_artifact, ArtifactArn=arn)[0] == "ResourceNotFound"


def test_artifact_may_be_deleted_by_its_source(sagemaker: Any, unique: Unique) -> None:
    uri = f"s3://bucket/{unique('data')}"
    arn = create(sagemaker, uri)
    assert sagemaker.delete_artifact(Source={"SourceUri": uri})["ArtifactArn"] == arn
    code, _ = refusal(sagemaker.delete_artifact, Source={"SourceUri": uri})
    assert code == "ResourceNotFound"
    assert refusal(sagemaker.delete_artifact)[0] == "ValidationException"
