"""The steps of an execution that can run now, and those that never will."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ...core.store import Doc
from .definition import Definition
from .steps import ANY, COMPLETED, FAILED, STOPPED, Iteration, Step

State = Literal["ready", "waiting", "never", "started"]
OUTCOMES = {"Succeeded": COMPLETED, "Failed": FAILED, "Stopped": STOPPED}
ITEMS = "Items"  # of a ForEach step that runs


class Graph:
    """The steps of a definition, with those of running ForEach steps, and their *states*."""

    def __init__(
        self,
        definition: Definition,
        states: Mapping[str, Doc],
        excluded: frozenset[str] = frozenset(),
    ) -> None:
        """Add the steps of the iterations to those of the definition.

        :param excluded: The steps that a selective execution does not run.
        """
        self._states = states
        self._excluded = excluded
        self.steps = {step.name: step for step in definition.steps.values() if not step.loop}
        for name in list(self.steps):
            for index, item in enumerate(states.get(name, {}).get(ITEMS) or []):
                for step in definition.body(name):
                    child = step.of_item(Iteration(index, item))
                    self.steps[child.name] = child
        self._known: dict[str, State] = {}

    def ready(self) -> list[Step]:
        """Return the steps that can start, in the order of the definition."""
        return [step for step in self.steps.values() if self.state(step.name) == "ready"]

    def children(self, loop: str) -> list[Step]:
        """Return the steps of a ForEach step's iterations."""
        return [step for step in self.steps.values() if step.loop == loop]

    def state(self, name: str) -> State:
        """Return whether a step can start; definitions have no cycles."""
        if name not in self._known:
            self._known[name] = self._state(name)
        return self._known[name]

    def _state(self, name: str) -> State:
        if name in self._states:
            return "started"
        if name in self._excluded:
            return "never"
        step = self.steps[name]
        waits = [self._wait(*dependency) for dependency in step.depends_on]
        waits += [self._branch(*step.branch)] if step.branch else []
        if "never" in waits:
            return "never"
        return "waiting" if "waiting" in waits else "ready"

    def _wait(self, name: str, trigger: str) -> State:
        """Return the state that a dependency on *name* allows."""
        state = self.state(name)
        if state == "never":
            return "never"
        outcome = OUTCOMES.get(self._states.get(name, {}).get("StepStatus", ""))
        if state != "started" or outcome is None:
            return "waiting"
        return "ready" if trigger in (ANY, outcome) else "never"

    def _branch(self, condition: str, outcome: str) -> State:
        wait = self._wait(condition, COMPLETED)
        if wait != "ready":
            return wait
        metadata = self._states[condition].get("Metadata", {})
        return "ready" if metadata.get("Condition", {}).get("Outcome") == outcome else "never"


def handled(graph: Graph, states: Mapping[str, Doc], name: str) -> bool:
    """Return whether another step ran because the step called *name* did not succeed."""
    outcome = OUTCOMES.get(states[name]["StepStatus"])
    return any(
        step.name in states and (name, trigger) in step.depends_on
        for step in graph.steps.values()
        for trigger in (outcome, ANY)
    )
