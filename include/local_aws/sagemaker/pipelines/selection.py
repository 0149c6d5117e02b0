"""Selective execution: run some steps with the results of an earlier execution."""

from __future__ import annotations

from ...core.account import Aws
from ...core.store import Doc
from ...wire.errors import validation
from .definition import Definition, before
from .graph import ITEMS
from .state import KIND, RUNNING, STATUS
from .steps import Step

SOURCE = "SourcePipelineExecutionArn"


def initial(aws: Aws, pipeline: Doc, definition: Definition, config: Doc | None) -> dict[str, Doc]:
    """Return the states of the steps that an execution takes over; raise AwsError."""
    if config is None:
        return {}
    selected = _selected(definition, config)
    needed = _needed(definition, selected)
    if not needed:
        return {}
    arn = config.get(SOURCE)
    if arn is None:
        raise validation(
            f"Invalid {SOURCE}: null. The selected steps [{', '.join(sorted(selected))}] have "
            f"dependencies on [{', '.join(sorted(needed))}]"
        )
    states = _taken_over(_source(aws, pipeline, arn), needed)
    _check_branches(definition, selected, states)
    return states


def excluded(definition: Definition, config: Doc | None) -> frozenset[str]:
    """Return the steps that a selective execution does not run."""
    if config is None:
        return frozenset()
    return frozenset(definition.steps.keys() - _selected(definition, config))


def _selected(definition: Definition, config: Doc) -> set[str]:
    names = {entry["StepName"] for entry in config["SelectedSteps"]}
    unknown = sorted(names - definition.steps.keys())
    inside = sorted(name for name in names - set(unknown) if definition.steps[name].loop)
    if unknown or inside:
        raise validation(
            f"Invalid SelectedSteps: {(unknown or inside)[0]!r} is not a step that can be "
            "selected. Select steps of the definition that are not in the body of a ForEach step."
        )
    for name in sorted(names):
        between = _upstream(definition, name) - names
        if gaps := sorted(step for step in between if _upstream(definition, step) & names):
            raise validation(
                f"Invalid SelectedSteps: {gaps[0]!r} is between selected steps. Select it as well."
            )
    return names


def _upstream(definition: Definition, name: str) -> set[str]:
    """Return every step that the step called *name* waits for, directly or not."""
    known: set[str] = set()
    waiting = _before(definition, definition.steps[name])
    while waiting:
        step = waiting.pop()
        if step not in known:
            known.add(step)
            waiting += _before(definition, definition.steps[step])
    return known


def _before(definition: Definition, step: Step) -> list[str]:
    body = definition.body(step.name)
    inner = {other.name for other in body}
    outside = [name for other in body for name in before(other) if name not in inner]
    return [name for name in before(step) + outside if name != step.name]


def _needed(definition: Definition, selected: set[str]) -> set[str]:
    steps = [definition.steps[name] for name in selected]
    return {name for step in steps for name in _before(definition, step)} - selected


def _source(aws: Aws, pipeline: Doc, arn: str) -> Doc:
    source = aws.store.get(KIND, arn)
    if source is None or source["PipelineArn"] != pipeline["PipelineArn"]:
        raise validation(f"Invalid {SOURCE}: {arn}. Give an execution of this pipeline.")
    if source[STATUS] in RUNNING:
        raise validation(f"Invalid {SOURCE}: {arn} is {source[STATUS]}. Wait until it has ended.")
    return source


def _taken_over(source: Doc, needed: set[str]) -> dict[str, Doc]:
    arn, states = source["PipelineExecutionArn"], {}
    for name in sorted(needed):
        state = source["Steps"].get(name)
        if state is None or state["StepStatus"] != "Succeeded":
            raise validation(
                f"Invalid {SOURCE}: step {name!r} of {arn} has not succeeded. Select the step, or "
                "give another execution."
            )
        result = {key: value for key, value in state.items() if key != ITEMS}
        states[name] = result | {"SelectiveExecutionResult": {SOURCE: arn}}
    return states


def _check_branches(definition: Definition, selected: set[str], states: dict[str, Doc]) -> None:
    """Refuse a selected step whose Condition step chose the other branch."""
    for name in sorted(selected):
        condition, wanted = definition.steps[name].branch or ("", "")
        if condition in states:
            outcome = states[condition]["Metadata"]["Condition"]["Outcome"]
            if outcome != wanted:
                raise validation(
                    f"Invalid SelectedSteps: {name!r} runs if {condition!r} is {wanted}, and it "
                    f"was {outcome}. Select {condition!r} as well."
                )
