"""The stored state of an execution and of its steps."""

from __future__ import annotations

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.pipelines.state import (
    VERSION_KIND,
    Execution,
    definition_text,
)
from tests.include.local_aws.sagemaker.pipelines.definitions import definition, model
from tests.include.local_aws.sagemaker.pipelines.executions import stored


def test_a_step_keeps_its_members_until_one_is_removed(aws: Aws) -> None:
    execution = stored(aws, model("A"))
    assert execution.step("A") == {}
    execution.set_step("A", StepStatus="Starting", AttemptCount=1)
    state = execution.set_step("A", StepStatus="Executing", AttemptCount=None, Job="j")
    assert state == execution.step("A") == {"StepStatus": "Executing", "Job": "j"}
    assert Execution(aws, execution.arn).steps == {"A": state}, "another process reads the same"


def test_a_step_ends_now_with_a_reason_that_aws_can_return(aws: Aws) -> None:
    execution = stored(aws, model("A"), model("B"))
    execution.end_step("A", "Failed", "x" * 2000, Metadata={})
    execution.end_step("B", "Succeeded")
    assert execution.steps == {
        "A": {
            "StepStatus": "Failed",
            "EndTime": aws.clock.now(),
            "Metadata": {},
            "FailureReason": "x" * 1024,
        },
        "B": {"StepStatus": "Succeeded", "EndTime": aws.clock.now()},
    }


def test_an_execution_that_was_stopping_stops_after_a_restart(aws: Aws) -> None:
    running = stored(aws, model("A"))
    assert not running.ending
    running.failing = True
    assert running.ending
    running.update(PipelineExecutionStatus="Stopping")
    resumed = Execution(aws, running.arn)
    assert (resumed.stopping, resumed.failing, resumed.ending) == (True, False, True)


def test_an_execution_keeps_the_version_that_it_was_started_with(aws: Aws) -> None:
    first = stored(aws, model("A"))
    aws.store.insert(VERSION_KIND, "churn/2", {"PipelineDefinition": definition(model("B"))})
    assert list(Execution(aws, first.arn).definition.steps) == ["A"]
    assert definition_text(aws, first.doc) == definition(model("A"))
    assert (first.id, first.role) == ("e1", first.doc["RoleArn"])
