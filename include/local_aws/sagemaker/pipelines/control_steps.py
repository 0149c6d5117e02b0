"""Steps without a job: Condition, Fail, and the start and end of ForEach."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any

from ...core.store import Doc
from .checks import MOST_ITEMS
from .conditions import holds
from .expressions import Unresolved, evaluated, text
from .graph import ITEMS, Graph
from .paths import BadPath, lookup
from .scope import PROPERTIES, StepScope
from .state import Execution
from .steps import Step

FINAL = ("Succeeded", "Failed", "Stopped")


async def condition(execution: Execution, step: Step) -> None:
    """Evaluate the conditions, all of which must hold; raise Unresolved."""
    scope = StepScope(execution, step)
    conditions = await asyncio.to_thread(evaluated, step.arguments["Conditions"], scope)
    outcome = str(all(holds(condition) for condition in conditions))
    execution.end_step(
        step.name,
        "Succeeded",
        Metadata={"Condition": {"Outcome": outcome}},
        Properties={"Outcome": outcome},
    )


async def fail(execution: Execution, step: Step) -> None:
    """Fail the execution with the step's message; raise Unresolved."""
    message = step.arguments.get("ErrorMessage", "")
    scope = StepScope(execution, step)
    reason = text(await asyncio.to_thread(evaluated, message, scope))
    execution.failing = True
    execution.end_step(
        step.name, "Failed", reason, Metadata={"Fail": {"ErrorMessage": reason[:3072]}}
    )


async def start_loop(execution: Execution, step: Step) -> None:
    """Store the items of a ForEach step, which its children then work on; raise Unresolved."""
    scope = StepScope(execution, step)
    items = await asyncio.to_thread(evaluated, step.arguments["IterableItems"], scope)
    if isinstance(items, str):
        try:
            items = json.loads(items)
        except ValueError:
            raise Unresolved(f"IterableItems is not a JSON list: {items[:100]!r}.") from None
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise Unresolved(f"IterableItems must be a list of at most {MOST_ITEMS} items.")
    execution.set_step(step.name, StepStatus="Executing", **{ITEMS: list(map(_item, items))})


def _item(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def end_loop(execution: Execution, step: Step, graph: Graph) -> bool:
    """End a ForEach step whose children have ended; return whether it has ended."""
    states, children = execution.steps, graph.children(step.name)
    for child in children:
        is_final = states.get(child.name, {}).get("StepStatus") in FINAL
        if not is_final and not (graph.state(child.name) == "never" or execution.ending):
            return False
    statuses = [states.get(child.name, {}).get("StepStatus") for child in children]
    failed, stopped = statuses.count("Failed"), statuses.count("Stopped")
    status = "Failed" if failed else "Stopped" if stopped or execution.ending else "Succeeded"
    counts = {
        "Status": status,
        "InputItemCount": len(states[step.name][ITEMS]),
        "TotalStepCount": len(children),
        "SucceededStepCount": statuses.count("Succeeded"),
        "FailedStepCount": failed,
        "StoppedStepCount": stopped,
    }
    selected = _selected(step, children, states) if status == "Succeeded" else None
    metadata = counts | ({"Selector": _place(selected)} if selected else {})
    outputs = _outputs(children, states, len(states[step.name][ITEMS]))
    properties = counts | {"IterationOutputs": outputs}
    if selected:
        properties["Selected"] = states[selected.name].get(PROPERTIES, {})
    reason = "Iteration failure: One or multiple iteration steps failed." if failed else None
    execution.end_step(
        step.name, status, reason, Metadata={"ForEach": metadata}, Properties=properties
    )
    return True


def _selected(step: Step, children: list[Step], states: dict[str, Doc]) -> Step | None:
    """Return the child whose output the selector picks; one without the value is ignored."""
    selector = step.arguments.get("Selector")
    if not selector:
        return None
    _, name, path = f"{selector['Field']['Get']}.".split(".", 2)
    name, bracket, rest = name.partition("[")
    path = f"{bracket}{rest}.{path}".strip(".")
    measured: list[tuple[float, Step]] = []
    for child in children:
        if child.source["Name"] == name and child.name in states:
            try:
                value = float(lookup(states[child.name].get(PROPERTIES, {}), path))
            except (BadPath, TypeError, ValueError):
                continue
            if not math.isnan(value):
                measured.append((value, child))
    pick = max if selector["Pick"] == "MaxBy" else min
    return pick(measured, key=lambda pair: pair[0])[1] if measured else None


def _place(selected: Step) -> Doc:
    index = selected.iteration.index if selected.iteration else 0
    return {"StepName": selected.name, "Index": index}


def _outputs(children: list[Step], states: dict[str, Doc], count: int) -> list[Doc]:
    """Return the properties of each iteration's steps."""
    outputs: list[Doc] = [{} for _ in range(count)]
    for child in children:
        if child.iteration:
            properties = states.get(child.name, {}).get(PROPERTIES, {})
            outputs[child.iteration.index][child.source["Name"]] = properties
    return outputs
