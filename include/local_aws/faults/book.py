"""The configured faults, and how often each was injected."""

from __future__ import annotations

import asyncio
import random
import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..wire import model
from ..wire.document import Doc
from ..wire.errors import validation

SERVICES = (
    *("sagemaker", "sagemaker-runtime", "sagemaker-metrics", "application-autoscaling"),
    *("resourcegroupstaggingapi", "cloudwatch", "logs", "s3", "sts", "iam", "ecr", "kms"),
)
JOB = {
    "fail": "AlgorithmError: An injected fault.",
    "capacity": "CapacityError: Unable to provision requested ML compute capacity due to "
    "InsufficientInstanceCapacity error. Please retry using a different ML instance type.",
    "interrupt": "InternalServerError: The instance was lost while the job ran.",
}
ENDPOINT = dict.fromkeys(("update-fails", "instance-dies"), "An injected fault.")
COMPONENT = {"update-fails": "An injected fault."}
# resource -> event -> the default reason
EVENTS = {
    **dict.fromkeys(("training-job", "processing-job", "transform-job"), JOB),
    "endpoint": ENDPOINT,
    "inference-component": COMPONENT,
}


class Fault(BaseModel):
    """The base of both kinds: a fault is injected *count* times, or until it is deleted."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    count: int | None = Field(default=None, ge=1)
    hits: int = Field(default=0, ge=0, le=0, description="is counted here")

    @property
    def spent(self) -> bool:
        return self.count is not None and self.hits >= self.count


class OperationFault(Fault):
    """An operation that fails or is delayed; "after" executes it and loses the response."""

    operation: str
    error: str | None = None
    message: str = "An injected fault."
    status: int | None = Field(default=None, ge=400, le=599)
    when: Literal["before", "after"] = "before"
    probability: float = Field(default=1.0, ge=0, le=1)
    delay_ms: float = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _checked(self) -> OperationFault:
        if not any(self.operation in model.service(s).operation_names for s in SERVICES):
            raise ValueError(f"no service here has an operation {self.operation!r}")
        if self.error is None and not self.delay_ms:
            raise ValueError("give it an error, a delay_ms, or both")
        return self

    def strikes(self, operation: str) -> bool:
        return self.operation == operation and random.random() < self.probability


class ResourceFault(Fault):
    """An event of the resources whose full name matches the pattern *name*."""

    resource: Literal[tuple(EVENTS)]  # type: ignore[valid-type]
    event: str
    name: re.Pattern[str] = re.compile(".*")
    reason: str = ""
    count: int | None = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _checked(self) -> ResourceFault:
        events = EVENTS[self.resource]
        if self.event not in events:
            raise ValueError(f"{self.resource} has no event {self.event!r}; use {list(events)}")
        self.reason = self.reason or events[self.event]
        return self

    def strikes(self, resource: str, name: str, events: tuple[str, ...]) -> bool:
        matches = self.resource == resource and self.event in events
        return matches and bool(self.name.fullmatch(name))


class Faults:
    """Holds the faults in memory: a restart removes them."""

    def __init__(self) -> None:
        self.operations: list[OperationFault] = []
        self.resources: list[ResourceFault] = []
        self._added = asyncio.Event()

    def add(self, doc: Any) -> Doc:
        """Add a fault from a request to `/_local/faults`; raise ValidationException."""
        is_operation = isinstance(doc, dict) and "operation" in doc
        try:
            fault = (OperationFault if is_operation else ResourceFault).model_validate(doc)
        except ValidationError as error:
            raise validation(_sentence(error)) from None
        except OverflowError as error:  # of a pattern such as a{99999999999}
            raise validation(f"Invalid fault: name: {error}.") from None
        if isinstance(fault, OperationFault):
            self.operations.append(fault)
        else:
            self.resources.append(fault)
            self._added.set()
            self._added = asyncio.Event()
        return _described(fault)

    def described(self) -> list[Doc]:
        return [_described(fault) for fault in (*self.operations, *self.resources)]

    def clear(self) -> None:
        self.operations.clear()
        self.resources.clear()

    def strike(self, operation: str) -> OperationFault | None:
        """Return the fault for this call, if any, and count it down."""
        for fault in self.operations:
            if not fault.spent and fault.strikes(operation):
                fault.hits += 1
                return fault
        return None

    def take(self, resource: str, name: str, *events: str) -> str | None:
        """Return the reason if one of *events* is to happen to this resource now; count it down."""
        for fault in self.resources:
            if not fault.spent and fault.strikes(resource, name, events):
                fault.hits += 1
                return fault.reason
        return None

    async def wait(self, resource: str, name: str, *events: str) -> str:
        """Wait for a fault of a running resource, and return its reason as `take` does."""
        while (reason := self.take(resource, name, *events)) is None:
            await self._added.wait()
        return reason


def _described(fault: Fault) -> Doc:
    return fault.model_dump(mode="json", exclude_none=True)


def _sentence(error: ValidationError) -> str:
    problems = (f"{'.'.join(map(str, e['loc'])) or 'it'}: {e['msg']}" for e in error.errors())
    return (
        f"Invalid fault: {'; '.join(problems)}. See the examples in docs/how-to/inject-faults.md."
    )
