"""The steps that can run, by the states of the others."""

from __future__ import annotations

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines.definition import read
from include.local_aws.sagemaker.pipelines.graph import Graph, handled
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    condition,
    definition,
    equals,
    for_each,
    get,
    model,
)


def graph(*steps: Doc, excluded: frozenset[str] = frozenset(), **states: Doc | str) -> Graph:
    """Return the graph of *steps*, some of which have a status or a state."""
    known = {
        name: {"StepStatus": state} if isinstance(state, str) else state
        for name, state in states.items()
    }
    return Graph(read(definition(*steps)), known, excluded)


def ready(result: Graph) -> list[str]:
    return [step.name for step in result.ready()]


A, B = model("A"), model("B", image=get("Steps.A.ModelName"))


def test_a_step_waits_for_those_that_it_refers_to() -> None:
    assert ready(graph(A, B)) == ["A"]
    assert ready(graph(A, B, A="Executing")) == []
    assert ready(graph(A, B, A="Succeeded")) == ["B"]
    assert graph(A, B, A="Failed").state("B") == "never"


@pytest.mark.parametrize(
    ("trigger", "status", "state"),
    [
        ("Failed", "Failed", "ready"),
        ("Failed", "Succeeded", "never"),
        ("Stopped", "Stopped", "ready"),
        ("Any", "Failed", "ready"),
        ("Any", "Succeeded", "ready"),
        ("Any", "Executing", "waiting"),
        ("Completed", "Failed", "never"),
    ],
)
def test_a_trigger_waits_for_an_outcome(trigger: str, status: str, state: str) -> None:
    after = model("Z", DependsOn=[{"Step": "A", "Trigger": trigger}])
    assert graph(A, after, A=status).state("Z") == state


def test_a_failure_is_handled_by_a_step_that_ran_because_of_it() -> None:
    after = model("Z", DependsOn=[{"Step": "A", "Trigger": "Failed"}])
    states = {"A": {"StepStatus": "Failed"}}
    assert not handled(graph(A, after, A=states["A"]), states, "A")
    states["Z"] = {"StepStatus": "Succeeded"}
    assert handled(graph(A, after, A=states["A"], Z=states["Z"]), states, "A")


def test_only_the_branch_of_the_outcome_runs() -> None:
    branch = condition("C", equals(1, 1), then=(model("T"),), other=(model("E"),))
    after = model("Z", DependsOn=["E"])
    outcome = {"StepStatus": "Succeeded", "Metadata": {"Condition": {"Outcome": "True"}}}
    result = graph(branch, after, C=outcome)
    assert (ready(result), result.state("E"), result.state("Z")) == (["T"], "never", "never")


def test_a_running_loop_has_the_steps_of_each_item() -> None:
    body = (model("P"), model("Q", image=get("Steps.P.ModelName")))
    result = graph(for_each("L", ["x", "y"], *body), L={"StepStatus": "Executing", "Items": [7, 8]})
    assert ready(result) == ["P-0", "P-1"]
    assert result.steps["Q-1"].depends_on == (("P-1", "Completed"),)
    assert [step.name for step in result.children("L")] == ["P-0", "Q-0", "P-1", "Q-1"]


def test_excluded_steps_never_run() -> None:
    result = graph(A, B, excluded=frozenset({"A"}))
    assert (ready(result), result.state("B")) == ([], "never")
