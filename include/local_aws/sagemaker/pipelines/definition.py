"""A pipeline definition of version 2020-12-01, read and checked before it is stored."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from ...core.store import Doc
from ...wire.errors import AwsError, validation
from . import parameters
from .checks import EXPERIMENT, VARIABLES, problem
from .expressions import references
from .forms import wrong_member, wrong_parameter
from .steps import NESTED, TRIGGERS, Step, steps_of

VERSION = "2020-12-01"
STEP_NAME = re.compile(r"[A-Za-z0-9\-_]{1,64}")


@dataclass(frozen=True)
class Definition:
    """The parameters and steps of a pipeline."""

    parameters: list[Doc]
    steps: dict[str, Step]  # by name, also nested ones
    experiment: Doc | None  # names of the experiment and the trial

    def body(self, loop: str) -> list[Step]:
        """Return the steps of a ForEach step's body."""
        return [step for step in self.steps.values() if step.loop == loop]


def parsed(text: str) -> Definition:
    """Return the definition in *text*; raise AwsError for one that could not be executed."""
    try:
        return _checked(read(text))
    except RecursionError:
        raise unparsed("It is nested too deeply.") from None


def _checked(definition: Definition) -> Definition:
    parameters.check(definition.parameters)
    names = {parameter["Name"] for parameter in definition.parameters}
    for step in definition.steps.values():
        if reason := problem(step, definition.steps, names):
            raise unparsed(reason)
    _check_order(definition.steps)
    _check_experiment(definition.experiment, names)
    return definition


def _check_experiment(config: Doc | None, parameters: set[str]) -> None:
    if config is None:
        return
    if missing := [name for name in EXPERIMENT if config.get(name) is None]:
        raise unparsed(f"PipelineExperimentConfig lacks {missing[0]}.")
    known = {f"Parameters.{name}" for name in parameters}
    known |= {f"Execution.{name}" for name in VARIABLES}
    if unknown := [name for name in references(config) if name not in known]:
        raise unparsed(f"PipelineExperimentConfig refers to {unknown[0]!r}, which is not defined.")


def read(text: str) -> Definition:
    """Return the definition in *text*, whose form alone is checked."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unparsed(f"It is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise unparsed("Expecting start of Json Object.")
    if document.get("Version") != VERSION:
        raise unparsed(f"Version {document.get('Version')!r} is not known. Use {VERSION!r}.")
    declared, steps = document.get("Parameters") or [], document.get("Steps", [])
    if reason := wrong_parameter(declared):
        raise unparsed(reason)
    experiment = document.get("PipelineExperimentConfig")
    if document.get("MlflowConfig"):
        raise unparsed("MlflowConfig is not emulated by the embedded AWS: remove it.")
    if experiment is not None and not isinstance(experiment, dict):
        raise unparsed("Expecting start of Json Object. PipelineExperimentConfig must be one.")
    _check_form(steps)
    flat = list(steps_of(steps))
    _check_names([step.name for step in flat])
    if not flat:
        raise unparsed("Steps is empty. Give at least one step.")
    by_name = {step.name: step for step in flat}
    return Definition(declared, by_name, experiment)


def _check_form(steps: Any) -> None:
    """Refuse steps without a name, a type, or lists where lists are wanted."""
    if not isinstance(steps, list):
        raise unparsed("Expecting start of Json Array.")
    for step in steps:
        if not isinstance(step, dict) or not isinstance(step.get("Arguments", {}), dict):
            raise unparsed("Expecting start of Json Object.")
        name = step.get("Name")
        if not isinstance(name, str) or not STEP_NAME.fullmatch(name):
            raise unparsed(
                f"Invalid step name: {name!r}. Use 1 to 64 letters, digits, hyphens and "
                "underscores."
            )
        if not isinstance(step.get("Type"), str):
            raise unparsed(f"Step {name} has no Type.")
        if reason := wrong_member(step):
            raise unparsed(f"{reason} of step {name}.")
        _check_triggers(step)
        for member in NESTED:
            _check_form((step.get("Arguments") or {}).get(member) or [])


def _check_triggers(step: Doc) -> None:
    for entry in step.get("DependsOn") or []:
        trigger = entry.get("Trigger", TRIGGERS[0]) if isinstance(entry, dict) else TRIGGERS[0]
        if trigger not in TRIGGERS:
            raise unparsed(
                f"Trigger {trigger!r} of step {step['Name']} is not one of {', '.join(TRIGGERS)}."
            )


def _check_names(names: list[str]) -> None:
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise unparsed(f"Step names must be unique. {repeated[0]!r} is used more than once.")


def _check_order(steps: dict[str, Step]) -> None:
    """Refuse steps that wait for one another."""
    waiting = {step.name: set(before(step)) for step in steps.values()}
    while free := [name for name, names in waiting.items() if not names & waiting.keys()]:
        for name in free:
            del waiting[name]
    if waiting:
        raise unparsed(
            f"Cycle detected in the dependencies of the steps {', '.join(sorted(waiting))}. "
            "Remove one of the dependencies."
        )


def before(step: Step) -> list[str]:
    """Return the steps that a step waits for."""
    parents = [step.branch[0]] if step.branch else []
    return [name for name, _ in step.depends_on] + parents + ([step.loop] if step.loop else [])


def unparsed(reason: str) -> AwsError:
    return validation(f"Unable to parse pipeline definition. {reason}")
