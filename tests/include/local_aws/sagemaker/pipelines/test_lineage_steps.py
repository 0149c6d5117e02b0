"""Lineage steps: entities and their associations, their ARNs as properties, and restarts."""

from __future__ import annotations

import asyncio

import pytest

import include.local_aws.operations  # noqa: F401  (the operations that steps call)
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.pipelines.expressions import Unresolved
from include.local_aws.sagemaker.pipelines.lineage_steps import lineage
from tests.include.local_aws.sagemaker.pipelines.definitions import Pipelines, get, model
from tests.include.local_aws.sagemaker.pipelines.executions import answering, refused, stored
from tests.include.local_aws.sagemaker.pipelines.lineages import (
    MODEL,
    action,
    artifact,
    association,
    record,
)


def test_entities_are_associated_and_their_arns_are_properties(pipelines: Pipelines) -> None:
    name = pipelines.unique("train")
    produced = association({"Name": name, "Type": "Action"}, MODEL)
    step = record(Actions=[action(name)], Artifacts=[artifact()], Associations=[produced])
    environment = {"ARN": get("Steps.Record.ArtifactArns['model']")}
    arn = pipelines.start(pipelines.create(step, model("After", environment=environment)))
    assert pipelines.status(arn) == "Succeeded", pipelines.steps(arn)
    made = pipelines.steps(arn)["Record"]["Metadata"]["Lineage"]
    listed = pipelines.client.list_associations(SourceArn=made["ActionArns"][name])
    (edge,) = listed["AssociationSummaries"]
    assert edge["DestinationArn"] == made["ArtifactArns"]["model"]
    assert edge["AssociationType"] == "Produced"
    ends = {end: edge[end] for end in ("SourceArn", "DestinationArn")}
    assert made["Associations"] == [ends]
    described = pipelines.client.describe_action(ActionName=name)
    assert described["Source"]["SourceUri"] == arn
    after = pipelines.model(arn, "After")["PrimaryContainer"]["Environment"]
    assert after == {"ARN": edge["DestinationArn"]}
    again = pipelines.start(pipelines.create(record(Actions=[action(name)])))
    assert pipelines.status(again) == "Failed"
    failure = pipelines.steps(again)["Record"]["FailureReason"]
    assert failure.startswith("ClientError: Failed to invoke sagemaker:CreateAction. Error Details")


def test_a_restart_creates_what_is_not_there_yet(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    execution = stored(aws, record(Actions=[action()], Artifacts=[artifact()]))
    step = execution.definition.steps["Record"]
    error = refused("ThrottlingException", "Slower.")
    answering(aws, monkeypatch, create_action={"ActionArn": "arn:a"}, create_artifact=error)
    with pytest.raises(Unresolved, match=r"^Failed to invoke sagemaker:CreateArtifact"):
        asyncio.run(lineage(execution, step))
    client = answering(aws, monkeypatch, create_artifact={"ArtifactArn": "arn:m"})
    asyncio.run(lineage(execution, step))
    assert [operation for operation, _ in client.calls] == ["create_artifact"]
    arns = {"ActionArns": {"train": "arn:a"}, "ArtifactArns": {"model": "arn:m"}}
    assert execution.step("Record")["Properties"] == arns


def test_an_end_that_the_step_does_not_create_is_named(aws: Aws) -> None:
    other = {"Name": "other", "Type": "Context"}
    execution = stored(aws, record(Associations=[association(other, {"Arn": "arn:m"})]))
    with pytest.raises(Unresolved, match=r"^The step creates no Context other\. Give its Arn\."):
        asyncio.run(lineage(execution, execution.definition.steps["Record"]))


def test_a_restart_associates_once(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = association({"Arn": "arn:a"}, {"Arn": "arn:b"})
    execution = stored(aws, record(Associations=[ends]))
    client = answering(aws, monkeypatch, add_association={})
    for _ in range(2):
        asyncio.run(lineage(execution, execution.definition.steps["Record"]))
    ((_, request),) = client.calls
    assert (request["SourceArn"], request["DestinationArn"]) == ("arn:a", "arn:b")
