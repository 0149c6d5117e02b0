"""A definition that could not be executed is refused."""

from __future__ import annotations

from typing import Any

import pytest

import include.local_aws.operations  # noqa: F401  (the operations that steps call)
from include.local_aws.sagemaker.pipelines.definition import parsed
from include.local_aws.sagemaker.pipelines.kinds import EXECUTED, KINDS
from include.local_aws.wire.model import operation as model_of
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    callback,
    condition,
    definition,
    equals,
    fail,
    for_each,
    get,
    model,
    parameter,
    processing,
    property_file,
    reason,
)
from tests.root import ROOT

FILE = property_file("scores.json")
SELECTOR = {"Pick": "MaxBy", "Field": get("IterationOutput.B.CreationTime")}
CAPACITY = {"ExceptionType": ["SageMaker.CAPACITY_ERROR"]}
WRONG = {"Field": get("Steps.B.ModelName")}


def test_a_definition_with_every_step_type_is_accepted() -> None:
    score = {"Std:JsonGet": {"PropertyFile": get("Steps.A.PropertyFiles.Scores"), "Path": "x"}}
    branch = condition(
        "C",
        equals(score, get("Parameters.P")),
        then=(model("M", image=get("Steps.A.AppSpecification.ImageUri")),),
        other=(fail("F", "low"),),
    )
    loop = for_each("L", ["a"], model("B"), Selector=SELECTOR)
    after = model("Z", environment={"N": get("Steps.L.Selected.ModelName")})
    after["DependsOn"] = [{"Step": "A", "Trigger": "Any"}]
    result = parsed(
        definition(
            processing("A", "pass", PropertyFiles=[FILE]),
            branch,
            callback("Q", "https://queue", {"x": "String"}, of=get("Execution.PipelineName")),
            loop,
            after,
            parameters=(parameter("P"),),
        )
    )
    assert list(result.steps) == ["A", "C", "M", "F", "Q", "L", "B", "Z"]
    assert result.steps["M"].branch == ("C", "True")
    assert result.steps["C"].depends_on == (("A", "Completed"),)
    assert result.steps["Z"].depends_on == (("A", "Any"), ("L", "Completed"))


def documented() -> set[str]:
    """Return the types of AWS's steps by their metadata, besides those that are executed."""
    operation = model_of("sagemaker", "ListPipelineExecutionSteps")
    assert operation
    steps = operation.output_shape.members["PipelineExecutionSteps"].member
    executed = {kind.metadata for kind in KINDS.values()} | set(EXECUTED)
    return set(steps.members["Metadata"].members) - executed


@pytest.mark.parametrize("kind", sorted(documented() | {"X"}))
def test_a_type_that_is_not_executed_is_refused_with_the_step(kind: str) -> None:
    step = {"Name": "Check", "Type": kind, "Arguments": {}}
    assert f"Step 'Check' has Type '{kind}', which the embedded AWS does not execute" in (
        reason(step)
    )


def test_the_types_that_are_not_executed_are_documented() -> None:
    page = (ROOT / "docs" / "explanation" / "local-aws.md").read_text()
    refused = page.partition("refuses a definition with another one (")[2].partition(")")[0]
    named = {kind for kind in documented() if not kind.startswith("Bedrock")}
    assert set(refused.removesuffix(" and those of Bedrock").split(", ")) == named


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (model("A", DependsOn=["X"]), "Step 'A' depends on 'X', which is not a step"),
        (model("A", DependsOn=[{"Step": "A", "Trigger": "Late"}]), "Trigger 'Late' of step A"),
        (model("A", environment={"X": get(1)}), "Get has an invalid form"),  # type: ignore[arg-type]
        (model("A", environment={"X": {"Std:Join": 1}}), "Std:Join has an invalid form"),
        (model("A", environment={"X": {"Std:JsonGet": {}}}), "Std:JsonGet has an invalid form"),
        (model("A b"), "Invalid step name: 'A b'"),
        (model("A", image=get("Parameters.X")), "'Parameters.X', which is not defined"),
        (model("A", image=get("Execution.Name")), "'Execution.Name', which is not defined"),
        (model("A", image=get("ForEach.CurrentItem")), "'ForEach.CurrentItem', which is not"),
        (model("A", image=get("Steps.B.ModelName")), "'Steps.B.ModelName', which is not defined"),
        (model("A", image=get("Steps.A.X[")), "refers to 'Steps.A.X['. Invalid path: 'Steps.A.X['"),
        (model("A", RetryPolicies=[{"ExceptionType": ["x"]}]), "ExceptionType ['x'] is unknown"),
        (
            fail("A", "x") | {"RetryPolicies": [{"ExceptionType": []}]},
            "Type Fail cannot have RetryPolicies",
        ),
        (model("A", CacheConfig={"Enabled": True}), "Type Model cannot have a CacheConfig"),
        (
            processing("A", "", CacheConfig={"Enabled": True, "ExpireAfter": "soon"}),
            "ExpireAfter of step 'A': 'soon' is not",
        ),
        (model("A") | {"Arguments": {"Speed": 1}}, "Unknown Argument member 'Speed'."),
        ({"Name": "A", "Type": "Processing"}, "Step 'A' lacks the argument 'ProcessingResources'"),
        (condition("A", {"Type": "X"}, then=(), other=()), "'X' is not a type of condition"),
        (callback("A", ""), "Step 'A' needs an SqsQueueUrl"),
        (for_each("A", ["x"]), "ForEachBody of step 'A' must not be empty"),
        (for_each("A", ["x"], fail("F", "")), "cannot contain the Fail 'F'"),
        (for_each("A", [], model("B")), "must have 1 to 100 elements"),
        (for_each("A", "x", model("B")), "must be a list or a reference"),
        (for_each("A", ["x"], model("B"), most=51), "MaxConcurrency of step 'A' must be 1 to 50"),
        (for_each("A", ["x"], model("B"), Selector={"Pick": "Best"}), "Pick of step 'A'"),
        (
            for_each("A", ["x"], model("B"), Selector=SELECTOR | WRONG),
            "Field of step 'A' must refer to IterationOutput and one of B",
        ),
    ],
)
def test_a_step_that_cannot_be_executed_is_refused(step: Any, words: str) -> None:
    parameters = (parameter("P"),)
    assert words in reason(step, parameters=parameters)


def test_properties_that_a_step_does_not_have_are_refused() -> None:
    wrong = model("B", image=get("Steps.A.ModelArtifacts.S3ModelArtifacts"))
    assert "Step 'A' has no such property" in reason(model("A"), wrong)
    score = {"Std:JsonGet": {"PropertyFile": get("Steps.A.PropertyFiles.Other"), "Path": "x"}}
    first = processing("A", "pass", PropertyFiles=[FILE])
    assert "Step 'A' has no such file" in reason(first, model("B", environment={"X": score}))


def test_a_step_in_a_loop_cannot_be_depended_on_from_outside() -> None:
    loop = for_each("L", ["x"], model("B"))
    assert "Depend on 'L'." in reason(loop, model("A", DependsOn=["B"]))
