"""Condition and ForEach steps."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.pipelines import control_steps
from include.local_aws.sagemaker.pipelines.checks import MOST_ITEMS
from include.local_aws.sagemaker.pipelines.expressions import Unresolved
from include.local_aws.sagemaker.pipelines.graph import Graph
from include.local_aws.testing import Server
from tests.include.local_aws.raw import page
from tests.include.local_aws.sagemaker.pipelines.callback_messages import Queue
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    callback,
    condition,
    equals,
    fail,
    for_each,
    get,
    model,
    parameter,
)
from tests.include.local_aws.sagemaker.pipelines.executions import stored


def test_nested_conditions_choose_one_branch(local_aws: Server, pipelines: Pipelines) -> None:
    inner = condition(
        "Inner",
        {"Type": "In", "QueryValue": get("Parameters.P"), "Values": ["a", "b"]},
        then=(model("Yes"),),
        other=(fail("No", "unknown"),),
    )
    outer = condition(
        "Outer", equals(get("Parameters.P"), "x"), then=(fail("X", "x"),), other=(inner,)
    )
    name = pipelines.create(outer, parameters=(parameter("P"),))
    arn = pipelines.start(name, {"P": "b"})
    assert pipelines.status(arn) == "Succeeded"
    assert set(pipelines.steps(arn)) == {"Outer", "Inner", "Yes"}
    shown = page(local_aws).partition("<h2>Pipeline executions")[2]
    (row,) = [line for line in shown.split("<tr>") if arn.rpartition("/")[2] in line]
    assert "<td>Succeeded</td>" in row
    assert "Outer: Succeeded, Inner: Succeeded, Yes: Succeeded" in row


def test_a_loop_runs_its_body_for_each_item_and_selects_one(
    pipelines: Pipelines, queue: Queue
) -> None:
    """The items are JSON, the second step of an item reads the first, two run at a time."""
    client = pipelines.client
    body = (
        callback("Score", queue[1], {"auc": "Float"}, of=get("ForEach.CurrentItem.name")),
        model("Make", environment={"AUC": get("Steps.Score.OutputParameters['auc']")}),
    )
    selector = {"Pick": "MaxBy", "Field": get("IterationOutput.Score.OutputParameters['auc']")}
    loop = for_each("Loop", get("Parameters.Items"), *body, most=2, Selector=selector)
    environment = {
        "BEST": get("Steps.Loop.Selected.OutputParameters['auc']"),
        "FIRST": get("Steps.Loop.IterationOutputs[0].Make.ModelName"),
        "COUNT": get("Steps.Loop.TotalStepCount"),
    }
    name = pipelines.create(
        loop, model("Use", environment=environment), parameters=(parameter("Items"),)
    )
    items = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    arn = pipelines.start(name, {"Items": json.dumps(items)})
    for index, auc in enumerate(("0.7", "0.9", "0.8")):
        step = pipelines.until(arn, f"Score-{index}")
        if index == 0:
            assert step["IterationContext"] == {
                "ParentStepName": "Loop",
                "Index": 0,
                "Item": json.dumps(items[0]),
            }
            pipelines.until(arn, "Score-1")
            assert "Score-2" not in pipelines.steps(arn)
        token = step["Metadata"]["Callback"]["CallbackToken"]
        values = [{"Name": "auc", "Value": auc}]
        client.send_pipeline_execution_step_success(CallbackToken=token, OutputParameters=values)
    assert pipelines.status(arn) == "Succeeded"
    steps = pipelines.steps(arn)
    assert steps["Loop"]["Metadata"]["ForEach"] == {
        "Status": "Succeeded",
        "InputItemCount": 3,
        "TotalStepCount": 6,
        "SucceededStepCount": 6,
        "FailedStepCount": 0,
        "StoppedStepCount": 0,
        "Selector": {"StepName": "Score-1", "Index": 1},
    }
    used = pipelines.model(arn, "Use")["PrimaryContainer"]["Environment"]
    first = pipelines.model(arn, "Make-0")
    assert used == {"BEST": "0.9", "FIRST": first["ModelName"], "COUNT": "6"}
    assert first["PrimaryContainer"]["Environment"] == {"AUC": "0.7"}


def test_a_failed_item_fails_the_loop_after_the_others(pipelines: Pipelines) -> None:
    good = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
    bad = "000000000000.dkr.ecr.us-east-1.amazonaws.com/none:1"
    loop = for_each("Loop", [bad, good], model("Make", image=get("ForEach.CurrentItem")), most=1)
    arn = pipelines.start(pipelines.create(loop))
    assert pipelines.status(arn) == "Failed"
    assert pipelines.statuses(arn) == {
        "Loop": "Failed",
        "Make-0": "Failed",
        "Make-1": "Succeeded",
    }


def test_items_that_are_no_list_fail_the_loop(pipelines: Pipelines) -> None:
    loop = for_each("Loop", get("Parameters.Items"), model("Make"))
    name = pipelines.create(loop, parameters=(parameter("Items", DefaultValue="[]"),))
    empty = pipelines.start(name)
    assert pipelines.status(empty) == "Succeeded"
    assert pipelines.steps(empty)["Loop"]["Metadata"]["ForEach"]["TotalStepCount"] == 0
    arn = pipelines.start(name, {"Items": "a,b"})
    assert pipelines.status(arn) == "Failed"
    reason = pipelines.steps(arn)["Loop"]["FailureReason"]
    assert reason == "ClientError: IterableItems is not a JSON list: 'a,b'."


@pytest.mark.parametrize("items", ['{"a": 1}', list(range(MOST_ITEMS + 1))])
def test_items_of_another_form_are_refused(aws: Aws, items: Any) -> None:
    execution = stored(aws, for_each("Loop", items, model("Make")))
    with pytest.raises(Unresolved, match="must be a list of at most"):
        asyncio.run(control_steps.start_loop(execution, execution.definition.steps["Loop"]))


@pytest.mark.parametrize(("pick", "selected"), [("MaxBy", "Score-3"), ("MinBy", "Score-1")])
def test_an_iteration_without_a_number_is_not_selected(aws: Aws, pick: str, selected: str) -> None:
    """Ignore NaN, which compares with nothing and would hide better metrics."""
    outputs: list[Any] = ["nan", 0.5, "high", 0.9, None]
    field = get("IterationOutput.Score.OutputParameters['auc']")
    body = callback("Score", "https://queue", {"auc": "Float"})
    loop = for_each("Loop", list(range(5)), body, Selector={"Pick": pick, "Field": field})
    execution = stored(aws, loop)
    step = execution.definition.steps["Loop"]
    execution.set_step("Loop", StepName="Loop")
    asyncio.run(control_steps.start_loop(execution, step))
    for index, auc in enumerate(outputs):
        values = {} if auc is None else {"OutputParameters": {"auc": auc}}
        execution.end_step(f"Score-{index}", "Succeeded", Properties=values)
    graph = Graph(execution.definition, execution.steps, frozenset())
    assert control_steps.end_loop(execution, step, graph)
    selector = execution.step("Loop")["Metadata"]["ForEach"]["Selector"]
    assert selector["StepName"] == selected
