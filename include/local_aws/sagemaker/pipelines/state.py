"""One execution in the store: its document, and the states of its steps in it."""

from __future__ import annotations

from typing import Any

from ...core.account import Aws
from ...core.store import Doc
from .definition import Definition, read

KIND = "pipeline-execution"
VERSION_KIND = "pipeline-version"
STATUS = "PipelineExecutionStatus"
RUNNING = ("Executing", "Stopping")
STARTED = ("Starting", "Executing", "Stopping")  # of a step
REASON = 1024  # characters


def version_name(pipeline: str, number: int) -> str:
    return f"{pipeline}/{number}"


class Execution:
    """The stored state of one execution; every change survives a crash."""

    def __init__(self, aws: Aws, arn: str) -> None:
        self.aws = aws
        self.arn = arn
        self.id = arn.rpartition("/")[2]
        self.stopping = self.doc[STATUS] == "Stopping"
        self.failing = False  # a Fail step was reached
        self.definition: Definition = read(definition_text(aws, self.doc))

    @property
    def doc(self) -> Doc:
        return self.aws.store.get(KIND, self.arn) or {}

    @property
    def role(self) -> str:
        return str(self.doc["RoleArn"])

    @property
    def ending(self) -> bool:
        """Return whether running steps are to be stopped."""
        return self.stopping or self.failing

    @property
    def steps(self) -> dict[str, Doc]:
        """Return the states of the steps that have started, by name, oldest first."""
        states: dict[str, Doc] = self.doc.get("Steps", {})
        return states

    def update(self, **members: Any) -> None:
        self.aws.store.update(KIND, self.arn, **members)

    def step(self, name: str) -> Doc:
        return self.steps.get(name, {})

    def set_step(self, name: str, **members: Any) -> Doc:
        """Merge *members* into the state of a step; None removes one."""
        states = self.steps
        merged = states.get(name, {}) | members
        states[name] = {key: value for key, value in merged.items() if value is not None}
        self.update(Steps=states)
        return states[name]

    def end_step(self, name: str, status: str, reason: str | None = None, **members: Any) -> None:
        ended = {"StepStatus": status, "EndTime": self.aws.clock.now()} | members
        if reason:
            ended["FailureReason"] = reason[:REASON]
        self.set_step(name, **ended)


def definition_text(aws: Aws, execution: Doc) -> str:
    """Return the definition that an execution runs, whatever its pipeline has now."""
    name = version_name(execution["PipelineName"], execution["PipelineVersionId"])
    version: Doc = aws.store.get(VERSION_KIND, name) or {}
    return str(version["PipelineDefinition"])
