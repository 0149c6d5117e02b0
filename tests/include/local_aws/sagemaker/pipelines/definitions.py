"""Definitions of pipelines as documents, and a client that creates and runs them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines.definition import parsed
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.jobs import CLUSTER, ROLE, SKLEARN, Jobs

OUTPUT = "/opt/ml/processing/output"
ENDED = ("Succeeded", "Failed", "Stopped", "CompletedWithFailures")


def definition(*steps: Doc, parameters: tuple[Doc, ...] = (), **members: Any) -> str:
    document = {"Version": "2020-12-01", "Metadata": {}, "Parameters": list(parameters)}
    return json.dumps(document | {"Steps": list(steps)} | members)


def parameter(name: str, kind: str = "String", **members: Any) -> Doc:
    return {"Name": name, "Type": kind} | members


def get(reference: str) -> Doc:
    return {"Get": reference}


def model(name: str, image: Any = SKLEARN, environment: Doc | None = None, **members: Any) -> Doc:
    """Return a Model step: the cheapest one that creates a resource."""
    container = {"Image": image, "Environment": environment or {}}
    arguments = {"ExecutionRoleArn": ROLE, "PrimaryContainer": container}
    return {"Name": name, "Type": "Model", "Arguments": arguments} | members


def processing(name: str, code: str, uri: str = "s3://jobs/out", **members: Any) -> Doc:
    """Return a Processing step that runs *code* and uploads its output as `out` to *uri*."""
    output = {"S3Uri": uri, "LocalPath": OUTPUT, "S3UploadMode": "EndOfJob"}
    arguments = {
        "ProcessingResources": {"ClusterConfig": CLUSTER},
        "RoleArn": ROLE,
        "AppSpecification": {"ImageUri": SKLEARN, "ContainerEntrypoint": ["python3", "-c", code]},
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "out", "S3Output": output}]},
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments} | members


def property_file(path: str) -> Doc:
    """Return the property file Scores at *path* below the output of a Processing step."""
    return {"PropertyFileName": "Scores", "OutputName": "out", "FilePath": path}


def condition(name: str, *conditions: Doc, then: tuple[Doc, ...], other: tuple[Doc, ...]) -> Doc:
    arguments = {"Conditions": conditions, "IfSteps": then, "ElseSteps": other}
    return {"Name": name, "Type": "Condition", "Arguments": arguments}


def equals(left: Any, right: Any) -> Doc:
    return {"Type": "Equals", "LeftValue": left, "RightValue": right}


def fail(name: str, message: Any) -> Doc:
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}}


def callback(name: str, url: str, outputs: Doc | None = None, **arguments: Any) -> Doc:
    """Return a Callback step; *outputs* are the types of its output parameters."""
    declared = [{"OutputName": key, "OutputType": kind} for key, kind in (outputs or {}).items()]
    step = {"Name": name, "Type": "Callback", "Arguments": arguments, "SqsQueueUrl": url}
    return step | {"OutputParameters": declared}


def for_each(name: str, items: Any, *body: Doc, most: int = 5, **arguments: Any) -> Doc:
    own = {"IterableItems": items, "MaxConcurrency": most, "ForEachBody": body}
    return {"Name": name, "Type": "ForEach", "Arguments": own | arguments}


def reason(*steps: Any, **members: Any) -> str:
    """Return the message that refuses a definition of *steps*."""
    with pytest.raises(AwsError) as caught:
        parsed(definition(*steps, **members))
    assert caught.value.code == "ValidationException"
    assert caught.value.message.startswith("Unable to parse pipeline definition. ")
    return caught.value.message


@dataclass
class Pipelines:
    """Creates pipelines with unique names, and waits for their executions."""

    jobs: Jobs
    unique: Callable[[str], str]

    @property
    def client(self) -> Any:
        return self.jobs.sagemaker

    def create(self, *steps: Doc, **members: Any) -> str:
        name = self.unique("pipeline")
        text = definition(*steps, **members)
        self.client.create_pipeline(PipelineName=name, PipelineDefinition=text, RoleArn=ROLE)
        return name

    def start(self, name: str, parameters: Doc | None = None, **members: Any) -> str:
        given = [{"Name": key, "Value": value} for key, value in (parameters or {}).items()]
        request = {"PipelineName": name, "PipelineParameters": given} | members
        return str(self.client.start_pipeline_execution(**request)["PipelineExecutionArn"])

    def ended(self, arn: str, timeout: float = 60) -> Doc:
        """Describe the execution once it has ended."""
        deadline = time.monotonic() + timeout
        while True:
            doc: Doc = self.client.describe_pipeline_execution(PipelineExecutionArn=arn)
            if doc["PipelineExecutionStatus"] in ENDED:
                return doc
            assert time.monotonic() < deadline, (doc, self.steps(arn))
            time.sleep(0.05)

    def status(self, arn: str) -> str:
        return str(self.ended(arn)["PipelineExecutionStatus"])

    def steps(self, arn: str) -> dict[str, Doc]:
        """Return the steps that have started, by name."""
        page = self.client.list_pipeline_execution_steps(PipelineExecutionArn=arn, MaxResults=100)
        return {step["StepName"]: step for step in page["PipelineExecutionSteps"]}

    def statuses(self, arn: str) -> dict[str, str]:
        return {name: step["StepStatus"] for name, step in self.steps(arn).items()}

    def until(self, arn: str, step: str, status: str = "Executing", attempt: int = 1) -> Doc:
        """Return a step once it has a status in its attempt of that number."""
        deadline, wanted = time.monotonic() + 60, (status, attempt)
        while True:
            state = self.steps(arn).get(step, {})
            if (state.get("StepStatus"), state.get("AttemptCount")) == wanted:
                return state
            assert time.monotonic() < deadline, state
            time.sleep(0.05)

    def token(self, arn: str, step: str) -> str:
        """Return the token of a callback step once its message is sent."""
        return str(self.until(arn, step)["Metadata"]["Callback"]["CallbackToken"])

    def model(self, arn: str, step: str) -> Doc:
        """Describe the model that a step has created."""
        model_arn = self.steps(arn)[step]["Metadata"]["Model"]["Arn"]
        listed = self.client.list_models(NameContains=model_arn.rpartition("/")[2])["Models"]
        described: Doc = self.client.describe_model(ModelName=listed[0]["ModelName"])
        return described
