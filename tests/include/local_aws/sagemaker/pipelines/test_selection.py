"""Selective execution: the results that are taken over, and selections that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.pipelines.selection import initial
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    condition,
    equals,
    get,
    model,
)
from tests.include.local_aws.sagemaker.pipelines.executions import PIPELINE, stored


def test_a_selective_execution_takes_over_the_other_results(pipelines: Pipelines) -> None:
    steps = (
        model("A"),
        model("B", environment={"A": get("Steps.A.ModelName")}),
        model("C", environment={"B": get("Steps.B.ModelName")}),
        model("Alone"),
    )
    name = pipelines.create(*steps)
    source = pipelines.start(name)
    assert pipelines.status(source) == "Succeeded"
    selected: dict[str, Any] = {"SelectedSteps": [{"StepName": "B"}]}
    refused = refusal(pipelines.start, name=name, SelectiveExecutionConfig=selected)
    assert refused[1] == (
        "Invalid SourcePipelineExecutionArn: null. The selected steps [B] have dependencies on [A]"
    )
    selected["SourcePipelineExecutionArn"] = source
    arn = pipelines.start(name, SelectiveExecutionConfig=selected)
    assert pipelines.status(arn) == "Succeeded"
    result = pipelines.steps(arn)
    assert set(result) == {"A", "B"}
    assert result["A"]["SelectiveExecutionResult"] == {"SourcePipelineExecutionArn": source}
    assert "SelectiveExecutionResult" not in result["B"]
    model_of_a = pipelines.model(source, "A")["ModelName"]
    assert pipelines.model(arn, "B")["PrimaryContainer"]["Environment"] == {"A": model_of_a}
    gap = selected | {"SelectedSteps": [{"StepName": "A"}, {"StepName": "C"}]}
    message = refusal(pipelines.start, name=name, SelectiveExecutionConfig=gap)[1]
    assert "'B' is between selected steps" in message
    unknown = selected | {"SelectedSteps": [{"StepName": "X"}]}
    message = refusal(pipelines.start, name=name, SelectiveExecutionConfig=unknown)[1]
    assert "'X' is not a step that can be selected" in message


def test_a_selected_step_of_the_other_branch_is_refused(pipelines: Pipelines) -> None:
    branch = condition("C", equals(1, 2), then=(model("T"),), other=(model("E"),))
    name = pipelines.create(branch)
    source = pipelines.start(name)
    assert pipelines.status(source) == "Succeeded"
    config = {"SourcePipelineExecutionArn": source, "SelectedSteps": [{"StepName": "T"}]}
    message = refusal(pipelines.start, name=name, SelectiveExecutionConfig=config)[1]
    assert "'T' runs if 'C' is True, and it was False" in message


SOURCE = {
    "PipelineExecutionStatus": "Succeeded",
    "Steps": {"A": {"StepName": "A", "StepStatus": "Succeeded"}},
}


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"PipelineArn": f"{PIPELINE}-2"}, "Give an execution of this pipeline."),
        ({"PipelineExecutionStatus": "Stopping"}, "is Stopping. Wait until it has ended."),
        ({"Steps": {}}, "step 'A' of"),
        ({"Steps": {"A": {"StepStatus": "Failed"}}}, "Select the step, or give another execution."),
    ],
)
def test_a_source_without_the_results_is_refused(
    aws: Aws, members: dict[str, Any], words: str
) -> None:
    source = stored(aws, model("A"), model("B", DependsOn=["A"]), **SOURCE | members)
    config = {"SourcePipelineExecutionArn": source.arn, "SelectedSteps": [{"StepName": "B"}]}
    with pytest.raises(AwsError) as caught:
        initial(aws, {"PipelineArn": PIPELINE}, source.definition, config)
    assert (caught.value.code, words in caught.value.message) == ("ValidationException", True)


def test_a_first_step_needs_no_source(aws: Aws) -> None:
    definition = stored(aws, model("A"), model("B", DependsOn=["A"])).definition
    config = {"SelectedSteps": [{"StepName": "A"}]}
    assert initial(aws, {"PipelineArn": PIPELINE}, definition, config) == {}
