"""Pipelines as resources: create, versions, update, list, tags, delete."""

from __future__ import annotations

import uuid

from tests.include.local_aws.jobs import ROLE
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.pipelines.callback_messages import Queue
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    callback,
    definition,
    fail,
    model,
)

TEXT = definition(model("A"))


def test_a_pipeline_is_created_once(pipelines: Pipelines) -> None:
    client, name, token = pipelines.client, pipelines.unique("Mine"), uuid.uuid4().hex
    request = {"PipelineName": name, "PipelineDefinition": TEXT, "RoleArn": ROLE}
    tags = [{"Key": "team", "Value": "a"}]
    arn = client.create_pipeline(**request, ClientRequestToken=token, Tags=tags)["PipelineArn"]
    assert arn == f"arn:aws:sagemaker:us-east-1:000000000000:pipeline/{name}"
    assert client.create_pipeline(**request, ClientRequestToken=token)["PipelineArn"] == arn
    assert client.list_tags(ResourceArn=arn)["Tags"] == tags
    code, message = refusal(client.create_pipeline, **request)
    assert code == "ValidationException"
    assert "Pipeline names must be unique within an AWS account and region" in message
    described = client.describe_pipeline(PipelineName=arn)
    assert described["PipelineDefinition"] == TEXT
    assert described["PipelineStatus"] == "Active"
    assert (described["RoleArn"], described["PipelineDisplayName"]) == (ROLE, name)
    assert "LastRunTime" not in described


def test_a_definition_can_be_an_object_of_s3(pipelines: Pipelines) -> None:
    client, name = pipelines.client, pipelines.unique("stored")
    pipelines.jobs.put(f"{name}.json", TEXT)
    place = {"Bucket": pipelines.jobs.bucket, "ObjectKey": f"{name}.json"}
    request = {"PipelineName": name, "RoleArn": ROLE, "PipelineDefinitionS3Location": place}
    client.create_pipeline(**request)
    assert client.describe_pipeline(PipelineName=name)["PipelineDefinition"] == TEXT
    request["PipelineName"] = pipelines.unique("other")
    _, message = refusal(client.create_pipeline, **request, PipelineDefinition=TEXT)
    assert message.startswith("Both Pipeline Definition and Pipeline Definition S3 Location")
    place["ObjectKey"] = "missing.json"
    _, message = refusal(client.create_pipeline, **request)
    assert f"s3://{pipelines.jobs.bucket}/missing.json" in message
    del request["PipelineDefinitionS3Location"]
    _, message = refusal(client.create_pipeline, **request)
    assert message.startswith("Either Pipeline Definition")


def test_a_definition_that_cannot_be_executed_is_refused(pipelines: Pipelines) -> None:
    step = {"Name": "Notify", "Type": "Lambda", "Arguments": {}}
    request = {"PipelineName": pipelines.unique("no"), "RoleArn": ROLE}
    refused = refusal(
        pipelines.client.create_pipeline, **request, PipelineDefinition=definition(step)
    )
    assert refused[0] == "ValidationException"
    assert "Step 'Notify' has Type 'Lambda', which the embedded AWS does not" in refused[1]


def test_another_definition_is_another_version(pipelines: Pipelines) -> None:
    client, name = pipelines.client, pipelines.create(model("A"))
    arn = client.describe_pipeline(PipelineName=name)["PipelineArn"]
    changed = definition(fail("F", "no"))
    update = client.update_pipeline(PipelineName=name, PipelineDefinition=changed)
    assert (update["PipelineArn"], update["PipelineVersionId"]) == (arn, 2)
    update = client.update_pipeline(PipelineName=name, PipelineDescription="new")
    assert update["PipelineVersionId"] == 2
    described = client.describe_pipeline(PipelineName=name)
    assert (described["PipelineDefinition"], described["PipelineDescription"]) == (changed, "new")
    first = client.describe_pipeline(PipelineName=name, PipelineVersionId=1)
    assert first["PipelineDefinition"] == TEXT
    label = {"PipelineArn": arn, "PipelineVersionId": 1, "PipelineVersionDisplayName": "old"}
    client.update_pipeline_version(**label)
    versions = client.list_pipeline_versions(PipelineName=name, SortOrder="Ascending")
    shown = [
        (version["PipelineVersionId"], version.get("PipelineVersionDisplayName"))
        for version in versions["PipelineVersionSummaries"]
    ]
    assert shown == [(1, "old"), (2, None)]
    old, new = pipelines.start(name, PipelineVersionId=1), pipelines.start(name)
    assert [pipelines.status(old), pipelines.status(new)] == ["Succeeded", "Failed"]
    text = client.describe_pipeline_definition_for_execution(PipelineExecutionArn=old)
    assert text["PipelineDefinition"] == TEXT
    refused = refusal(client.describe_pipeline, PipelineName=name, PipelineVersionId=9)
    assert refused == ("ResourceNotFound", f"Version 9 of pipeline '{arn}' does not exist.")


def test_pipelines_are_listed_by_prefix(pipelines: Pipelines) -> None:
    client, prefix = pipelines.client, pipelines.unique("listed")
    for name in ("b", "a"):
        client.create_pipeline(
            PipelineName=f"{prefix}-{name}", PipelineDefinition=TEXT, RoleArn=ROLE
        )
    request = {"PipelineNamePrefix": prefix, "SortBy": "Name", "SortOrder": "Ascending"}
    page = client.list_pipelines(**request, MaxResults=1)
    assert [item["PipelineName"] for item in page["PipelineSummaries"]] == [f"{prefix}-a"]
    page = client.list_pipelines(**request, NextToken=page["NextToken"])
    assert [item["PipelineName"] for item in page["PipelineSummaries"]] == [f"{prefix}-b"]


def test_a_pipeline_is_deleted_with_its_executions(pipelines: Pipelines, queue: Queue) -> None:
    client, name = pipelines.client, pipelines.create(callback("Q", queue[1]))
    execution = pipelines.start(name)
    pipeline = execution.partition("/execution")[0]
    refused = refusal(client.delete_pipeline, PipelineName=name)
    assert refused == (
        "ConflictException",
        f"Pipeline '{pipeline}' has 1 running executions. Stop them by StopPipelineExecution "
        "first.",
    )
    token = pipelines.token(execution, "Q")
    client.send_pipeline_execution_step_success(CallbackToken=token)
    assert pipelines.status(execution) == "Succeeded"
    client.delete_pipeline(PipelineName=name)
    assert refusal(client.describe_pipeline, PipelineName=name) == (
        "ResourceNotFound",
        f"Pipeline '{pipeline}' does not exist.",
    )
    code, _ = refusal(client.describe_pipeline_execution, PipelineExecutionArn=execution)
    assert code == "ResourceNotFound"
