from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.mark.parametrize("noun", ["action", "context"])
def test_taken_and_unknown_names(sagemaker: Any, unique: Unique, noun: str) -> None:
    member = f"{noun.title()}Name"
    request = {
        member: unique(noun),
        "Source": {"SourceUri": "s3://bucket/x"},
        f"{noun.title()}Type": "Test",
    }
    create_it = getattr(sagemaker, f"create_{noun}")
    create_it(**request)
    code, message = refusal(create_it, **request)
    assert code == "ValidationException"
    assert "already exists" in message
    describe = getattr(sagemaker, f"describe_{noun}")
    assert refusal(describe, **{member: "unknown"})[0] == "ResourceNotFound"
    listed = getattr(sagemaker, f"list_{noun}s")(SourceUri="s3://bucket/x")
    names = [item[member] for item in listed[f"{noun.title()}Summaries"]]
    assert request[member] in names


def test_properties_are_merged(sagemaker: Any, chain: tuple[str, str, str]) -> None:
    name = sagemaker.describe_action(ActionName=chain[1])["ActionName"]
    sagemaker.update_action(ActionName=name, Properties={"b": "2"}, PropertiesToRemove=["a"])
    assert sagemaker.describe_action(ActionName=name)["Properties"] == {"b": "2"}
    arn = chain[0]
    sagemaker.update_artifact(ArtifactArn=arn, Properties={"rows": "9"}, ArtifactName="rows")
    described = sagemaker.describe_artifact(ArtifactArn=arn)
    assert (described["Properties"], described["ArtifactName"]) == ({"rows": "9"}, "rows")


def test_an_entity_with_associations_is_not_deleted(
    sagemaker: Any, chain: tuple[str, str, str]
) -> None:
    name = chain[1].rpartition("/")[2]
    code, message = refusal(sagemaker.delete_action, ActionName=name)
    assert code == "ValidationException"
    assert "DeleteAssociation" in message
    sagemaker.delete_association(SourceArn=chain[0], DestinationArn=chain[1])
    sagemaker.delete_association(SourceArn=chain[1], DestinationArn=chain[2])
    assert sagemaker.delete_action(ActionName=name)["ActionArn"] == chain[1]
