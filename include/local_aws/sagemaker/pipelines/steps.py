"""The steps of a definition, also those inside of Condition and ForEach steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ...core.store import Doc
from .expressions import references
from .kinds import CONDITION, FOR_EACH

COMPLETED, FAILED, STOPPED, ANY = "Completed", "Failed", "Stopped", "Any"
TRIGGERS = (COMPLETED, FAILED, STOPPED, ANY)
BRANCHES = {"IfSteps": "True", "ElseSteps": "False"}
BODY = "ForEachBody"
NESTED = (*BRANCHES, BODY)


@dataclass(frozen=True)
class Iteration:
    """One item of a ForEach step."""

    index: int
    item: Any


@dataclass(frozen=True)
class Step:
    """One step; *source* is its part of the definition."""

    name: str
    type: str
    source: Doc
    depends_on: tuple[tuple[str, str], ...] = ()  # steps, and the outcome that is waited for
    branch: tuple[str, str] | None = None  # the Condition step and its outcome
    loop: str | None = None  # the ForEach step whose body it is in
    siblings: frozenset[str] = field(default_factory=frozenset)  # the steps of that body
    iteration: Iteration | None = None

    @property
    def arguments(self) -> Doc:
        """Return its own arguments, without nested steps."""
        arguments = self.source.get("Arguments") or {}
        return {key: value for key, value in arguments.items() if key not in NESTED}

    def of_item(self, iteration: Iteration) -> Step:
        """Return the step of a ForEach body that works on one item."""
        index = iteration.index
        depends_on = tuple(
            (f"{name}-{index}" if name in self.siblings else name, trigger)
            for name, trigger in self.depends_on
        )
        name = f"{self.name}-{index}"
        return replace(self, name=name, depends_on=depends_on, iteration=iteration)


def steps_of(sources: Any) -> Iterator[Step]:
    """Yield every step of a list in a definition, nested ones after their parent."""
    for source in sources:
        yield from _flattened(source, None, None, frozenset())


def _flattened(
    source: Doc, branch: tuple[str, str] | None, loop: str | None, siblings: frozenset[str]
) -> Iterator[Step]:
    name, kind = source["Name"], source["Type"]
    step = Step(name, kind, source, (), branch, loop, siblings)
    yield replace(step, depends_on=_dependencies(step))
    arguments = source.get("Arguments") or {}
    if kind == CONDITION:
        for member, outcome in BRANCHES.items():
            for nested in arguments.get(member) or []:
                yield from _flattened(nested, (name, outcome), loop, siblings)
    if kind == FOR_EACH:
        body = arguments.get(BODY) or []
        names = frozenset(nested["Name"] for nested in body)
        for nested in body:
            yield from _flattened(nested, None, name, names)


def _dependencies(step: Step) -> tuple[tuple[str, str], ...]:
    """Return the dependencies that are stated, and those by references to other steps."""
    stated = [_stated(entry) for entry in step.source.get("DependsOn") or []]
    named = {name for name, _ in stated}
    used = dict.fromkeys(step_of(reference) for reference in own_references(step))
    implied = [(name, COMPLETED) for name in used if name and name not in named]
    return (*stated, *implied)


def _stated(entry: Any) -> tuple[str, str]:
    if isinstance(entry, dict):
        return str(entry.get("Step")), str(entry.get("Trigger", COMPLETED))
    return str(entry), COMPLETED


def own_references(step: Step) -> list[str]:
    """Return the references of a step's own arguments."""
    return list(references([step.arguments, step.source.get("SqsQueueUrl")]))


def step_of(reference: str) -> str | None:
    """Return the step that a reference reads; None for parameters and the like."""
    namespace, _, rest = reference.partition(".")
    return rest.partition(".")[0].partition("[")[0] if namespace == "Steps" else None
