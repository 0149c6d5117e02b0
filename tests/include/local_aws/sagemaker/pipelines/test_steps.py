"""Steps of a definition: nesting, dependencies, and the steps of a loop's items."""

from __future__ import annotations

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines.steps import Iteration, Step, step_of, steps_of
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    callback,
    condition,
    equals,
    for_each,
    get,
    model,
)


def flat(*sources: Doc) -> dict[str, Step]:
    return {step.name: step for step in steps_of(sources)}


def test_nested_steps_follow_their_parent_with_its_outcome_or_loop() -> None:
    inner = condition("Inner", equals(1, 1), then=(model("A"),), other=())
    outer = condition("Outer", equals(1, 1), then=(), other=(inner,))
    steps = flat(outer, for_each("Loop", ["x"], model("B"), model("C")))
    assert list(steps) == ["Outer", "Inner", "A", "Loop", "B", "C"]
    assert steps["Outer"].branch is None
    assert steps["Inner"].branch == ("Outer", "False")
    assert steps["A"].branch == ("Inner", "True")
    assert (steps["B"].loop, steps["B"].siblings) == ("Loop", frozenset({"B", "C"}))


def test_own_arguments_leave_out_nested_steps() -> None:
    steps = flat(for_each("Loop", ["x"], model("A", image=get("Steps.Other.X"))))
    assert steps["Loop"].arguments == {"IterableItems": ["x"], "MaxConcurrency": 5}
    assert steps["Loop"].depends_on == ()
    assert Step("A", "Model", {"Arguments": None}).arguments == {}


def test_a_step_depends_on_what_it_states_and_on_what_it_refers_to() -> None:
    stated = [{"Step": "A", "Trigger": "Failed"}, "B"]
    references = {"X": get("Steps.A.ModelName"), "Y": get("Steps.C.List[0].Name")}
    twice = references | {"Z": get("Steps.C.Other"), "P": get("Parameters.P")}
    steps = flat(model("Z", environment=twice, DependsOn=stated))
    assert steps["Z"].depends_on == (("A", "Failed"), ("B", "Completed"), ("C", "Completed"))


def test_the_address_of_a_queue_can_refer_to_a_step() -> None:
    source = callback("Ask", "") | {"SqsQueueUrl": get("Steps.Make.OutputParameters['url']")}
    assert flat(source)["Ask"].depends_on == (("Make", "Completed"),)


def test_the_step_of_an_item_depends_on_the_same_items_steps() -> None:
    steps = flat(for_each("Loop", ["x"], model("A"), model("B", DependsOn=["A", "Before"])))
    of_item = steps["B"].of_item(Iteration(2, "x"))
    assert of_item.name == "B-2"
    assert of_item.depends_on == (("A-2", "Completed"), ("Before", "Completed"))
    assert (of_item.iteration, of_item.loop) == (Iteration(2, "x"), "Loop")


@pytest.mark.parametrize(
    ("reference", "step"),
    [
        ("Steps.A.ModelName", "A"),
        ("Steps.A[0].ModelName", "A"),
        ("Steps.A", "A"),
        ("Parameters.A", None),
        ("Execution.PipelineName", None),
    ],
)
def test_the_step_of_a_reference(reference: str, step: str | None) -> None:
    assert step_of(reference) == step
