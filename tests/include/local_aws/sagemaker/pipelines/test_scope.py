"""The values of references: parameters, variables, other steps, items and files."""

from __future__ import annotations

import io
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.pipelines.expressions import Unresolved
from include.local_aws.sagemaker.pipelines.scope import StepScope
from include.local_aws.sagemaker.pipelines.steps import Iteration
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    for_each,
    model,
    processing,
    property_file,
)
from tests.include.local_aws.sagemaker.pipelines.executions import (
    PIPELINE,
    answering,
    refused,
    stored,
)

FILE = property_file("/a/e.json")
OUTPUTS = [{"OutputName": "out", "S3Output": {"S3Uri": "s3://jobs/out/"}}]
STATES = {
    "Evaluate": {"Properties": {"ProcessingOutputConfig": {"Outputs": OUTPUTS}}},
    "Make-1": {"Properties": {"ModelName": "second"}},
}
LOOP = for_each("Loop", ["x", "y"], model("Make"), model("Use"))


def scope(aws: Aws, item: Any = None, identity: str = "e1") -> StepScope:
    """Return the scope of the step Use, of a loop's second item if one is given."""
    evaluate = processing("Evaluate", "", PropertyFiles=[FILE])
    execution = stored(
        aws,
        *(evaluate, LOOP),
        identity=identity,
        Parameters={"Rate": 0.5},
        Steps=STATES,
        PipelineExperimentConfig={"TrialName": "t"},
    )
    step = execution.definition.steps["Use"]
    return StepScope(execution, step.of_item(Iteration(1, item)) if item else step, "job-1")


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("Parameters.Rate", 0.5),
        ("Execution.PipelineName", "churn"),
        ("Execution.PipelineExecutionId", "e1"),
        ("Execution.PipelineExecutionArn", f"{PIPELINE}/execution/e1"),
        ("Execution.TrainingJobName", "job-1"),
        ("Execution.StartDateTime", "2023-11-14T22:13:20+00:00"),
        ("PipelineExperimentConfig.TrialName", "t"),
        ("Steps.Evaluate.ProcessingOutputConfig.Outputs[0].OutputName", "out"),
    ],
)
def test_a_reference_has_its_value(aws: Aws, reference: str, value: Any) -> None:
    assert scope(aws).value(reference) == value


@pytest.mark.parametrize(
    "reference",
    [
        *("Parameters.None", "Execution.Name", "PipelineExperimentConfig.None", "Other.X"),
        *("Steps.Evaluate.None", "Steps.None.X", "ForEach.CurrentItem.a"),
    ],
)
def test_a_reference_without_a_value_is_named(aws: Aws, reference: str) -> None:
    with pytest.raises(Unresolved, match=rf"^Cannot resolve {reference}"):
        scope(aws).value(reference)


def test_a_step_of_a_loop_reads_its_item_and_the_steps_of_the_same_item(aws: Aws) -> None:
    assert scope(aws, "y").value("ForEach.CurrentItem") == "y"
    inner = scope(aws, '{"name": "b"}', "e2")
    assert inner.value("ForEach.CurrentItem.name") == "b"
    assert inner.value("Steps.Make.ModelName") == "second"
    with pytest.raises(Unresolved, match=r"ForEach\.CurrentItem\.size of the item"):
        inner.value("ForEach.CurrentItem.size")


def test_a_property_file_is_below_the_output_of_its_step(aws: Aws) -> None:
    uri = scope(aws).property_file("Steps.Evaluate.PropertyFiles.Scores")
    assert uri == "s3://jobs/out/a/e.json"


def test_a_json_file_is_read_by_path(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    body = io.BytesIO(b'{"m": [{"auc": 0.9}]}')
    client = answering(aws, monkeypatch, get_object={"Body": body})
    assert scope(aws).json_value("s3://jobs/out/e.json", "m[0].auc") == 0.9
    assert client.calls == [("get_object", {"Bucket": "jobs", "Key": "out/e.json"})]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"{}", r"^JsonGet of s3://b/k: There is no value at 'm'\.$"),
        (b"m,1", r"^The file s3://b/k is not JSON\.$"),
        (None, r"^Cannot read the file s3://b/k: .*NoSuchKey"),
    ],
)
def test_a_file_without_the_value_is_named(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, text: bytes | None, sentence: str
) -> None:
    missing = refused("NoSuchKey", "The specified key does not exist.", 404)
    answer = missing if text is None else {"Body": io.BytesIO(text)}
    answering(aws, monkeypatch, get_object=answer)
    with pytest.raises(Unresolved, match=sentence):
        scope(aws).json_value("s3://b/k", "m")
