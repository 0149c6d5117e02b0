"""The experiment and the trial that an execution creates for its jobs."""

from __future__ import annotations

import asyncio

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines.calls import Refused
from include.local_aws.sagemaker.pipelines.experiments import prepare
from include.local_aws.sagemaker.pipelines.state import VERSION_KIND, Execution
from tests.include.local_aws.sagemaker.pipelines.definitions import definition, get, model
from tests.include.local_aws.sagemaker.pipelines.executions import answering, refused, stored

NAMES = {
    "ExperimentName": get("Execution.PipelineName"),
    "TrialName": {"Std:Join": {"On": "-", "Values": ["t", get("Execution.PipelineExecutionId")]}},
}
BOTH = {"ExperimentName": "churn", "TrialName": "t-e1"}
TAKEN = refused("ValidationException", "Experiment names must be unique within an AWS account.")


def named(aws: Aws, config: Doc | None = NAMES) -> Execution:
    """Return an execution of a definition with the names of its experiment and trial."""
    text = definition(model("A"), PipelineExperimentConfig=config)
    execution = stored(aws, model("A"))
    aws.store.update(VERSION_KIND, "churn/1", PipelineDefinition=text)
    return Execution(aws, execution.arn)


def test_both_are_created_once(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    client = answering(aws, monkeypatch, create_experiment={}, create_trial={})
    execution = named(aws)
    for _ in range(2):  # again after a restart
        asyncio.run(prepare(execution))
    assert client.calls == [
        ("create_experiment", {"ExperimentName": "churn"}),
        ("create_trial", BOTH),
    ]
    assert execution.doc["PipelineExperimentConfig"] == BOTH


def test_those_that_exist_are_used(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(aws, monkeypatch, create_experiment=TAKEN, create_trial=TAKEN)
    execution = named(aws)
    asyncio.run(prepare(execution))
    assert execution.doc["PipelineExperimentConfig"] == BOTH


def test_another_refusal_names_the_operation(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    denied = refused("AccessDeniedException", "Not authorized.")
    answering(aws, monkeypatch, create_experiment={}, create_trial=denied)
    execution = named(aws)
    with pytest.raises(Refused) as caught:
        asyncio.run(prepare(execution))
    assert str(caught.value) == (
        "Failed to invoke sagemaker:CreateTrial. Error Details: Not authorized."
    )
    assert caught.value.code == "AccessDeniedException"
    assert "PipelineExperimentConfig" not in execution.doc


def test_without_names_nothing_is_created(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    client = answering(aws, monkeypatch)
    asyncio.run(prepare(named(aws, None)))
    assert client.calls == []
