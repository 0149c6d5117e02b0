"""The form of a definition, the order of its steps, and its experiment."""

from __future__ import annotations

import json

import pytest

import include.local_aws.operations  # noqa: F401  (the operations that steps call)
from include.local_aws.sagemaker.pipelines.definition import before, parsed, read
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    condition,
    definition,
    equals,
    for_each,
    get,
    model,
    reason,
)


def test_the_names_of_the_experiment_are_checked() -> None:
    config = {"ExperimentName": get("Parameters.X"), "TrialName": "a"}
    assert "refers to 'Parameters.X'" in reason(model("A"), PipelineExperimentConfig=config)
    del config["TrialName"]
    assert "lacks TrialName" in reason(model("A"), PipelineExperimentConfig=config)


def test_deep_nesting_is_refused() -> None:
    deep = '{"Std:Join": {"Values": [' * 320 + '"x"' + "]}}" * 320
    text = definition(model("A", environment={"X": "deep"})).replace('"deep"', deep)
    with pytest.raises(AwsError, match=r"nested too deeply|recursion"):
        parsed(text)


DEEP = '{"Std:Join": {"On": "", "Values": [' * 250 + '"x"' + "]}}" * 250


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "It is not JSON"),
        ("[]", "Expecting start of Json Object."),
        ('{"Version": "2021"}', "Version '2021' is not known"),
        ('{"Version": "2020-12-01"}', "Steps is empty"),
        ('{"Version": "2020-12-01", "Steps": {}}', "Expecting start of Json Array."),
        ('{"Version": "2020-12-01", "Steps": [[]]}', "Expecting start of Json Object."),
        ('{"Version": "2020-12-01", "Steps": [{"Name": "A"}]}', "Step A has no Type"),
        ('{"Version": "2020-12-01", "Parameters": "x"}', "Change Parameters"),
        ('{"Version": "2020-12-01", "Parameters": [{"Name": []}]}', "must be strings, not []"),
        ('{"Version": "2020-12-01", "MlflowConfig": {"a": 1}}', "MlflowConfig is not emulated"),
        ('{"Version": "2020-12-01", "PipelineExperimentConfig": 1}', "Expecting start of Json"),
        (json.dumps({"Version": "2020-12-01", "Steps": [model("A")] * 2}), "'A' is used more"),
        (definition(model("A", image="X")).replace('"X"', DEEP), "It is nested too deeply."),
    ],
)
def test_a_document_of_another_form_is_refused(text: str, words: str) -> None:
    with pytest.raises(AwsError) as caught:
        parsed(text)
    assert words in caught.value.message


def test_steps_that_wait_for_one_another_are_refused() -> None:
    first = model("A", DependsOn=["C"])
    rest = (model("B", DependsOn=["A"]), model("C", DependsOn=["B"]), model("D", DependsOn=["C"]))
    assert "Cycle detected in the dependencies of the steps A, B, C, D." in reason(first, *rest)


def test_a_nested_step_waits_for_the_step_that_it_is_in() -> None:
    branch = condition("If", equals(1, 1), then=(model("Yes"),), other=())
    loop = for_each("Loop", ["x"], model("First"), model("Second", DependsOn=["First"]))
    result = read(definition(branch, loop))
    waits = {name: before(step) for name, step in result.steps.items()}
    assert waits == {
        "If": [],
        "Yes": ["If"],
        "Loop": [],
        "First": ["Loop"],
        "Second": ["First", "Loop"],
    }
    assert [step.name for step in result.body("Loop")] == ["First", "Second"]
