"""Steps that create a job or another resource, and wait until it is complete."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ...core.store import Doc
from ..jobs.runner import INTERRUPTED
from . import cache, creation, requests, retries
from .calls import Refused, call, described, may_describe
from .expressions import Unresolved
from .kinds import ENDED, GOOD, KINDS
from .state import Execution
from .steps import Step

POLL = 0.1  # real seconds
JOB, RETRIES = "Job", "Retries"  # of a step's state: the resource, and its retries by policy


@dataclass(frozen=True)
class Failure:
    """The reason why an attempt failed, and the exception type that policies name."""

    reason: str
    exception: str | None = None
    is_interrupted: bool = False  # by a restart of the embedded AWS


class JobStep:
    """One step of an execution; after a restart it adopts the resource that it has created."""

    def __init__(self, execution: Execution, step: Step) -> None:
        self._execution = execution
        self._step = step
        self._kind = KINDS[step.type]

    async def work(self) -> None:
        if JOB not in self._state and await self._reused():
            return
        while failure := await self._attempt():
            pause = self._pause(failure)
            if pause is None or self._execution.ending:
                self._execution.end_step(self._step.name, "Failed", self._failure_reason(failure))
                return
            if not await self._slept(pause):
                self._execution.end_step(self._step.name, "Stopped", failure.reason)
                return
            attempts = self._state.get("AttemptCount", 1) + 1
            again = {"StepStatus": "Starting", "AttemptCount": attempts}
            self._set(**again, Metadata=None, **{JOB: None})

    @property
    def _state(self) -> Doc:
        return self._execution.step(self._step.name)

    def _set(self, **members: object) -> None:
        self._execution.set_step(self._step.name, **members)

    async def _reused(self) -> bool:
        """Take over the result of an earlier execution, if the step's cache has one."""
        if not (self._step.source.get("CacheConfig") or {}).get("Enabled"):
            return False
        try:
            arguments = await asyncio.to_thread(
                requests.arguments, self._execution, self._step, self._kind
            )
        except Unresolved:
            return False  # the attempt fails with its reason
        digest = cache.signature(self._kind, arguments)
        self._set(**{cache.SIGNATURE: digest})
        return cache.reused(self._execution, self._step, digest)

    async def _attempt(self) -> Failure | None:
        """Create the resource unless it exists, and wait for its end."""
        try:
            arn = self._adopted() or await self._created()
        except Unresolved as error:
            return Failure(f"ClientError: {error}")
        except Refused as error:
            return Failure(str(error), retries.of_call(error.code, error.status))
        aws, role = self._execution.aws, self._execution.role
        self._set(StepStatus="Executing", Metadata={self._kind.metadata: {"Arn": arn}})
        if denial := await may_describe(aws, role, self._kind, arn):
            return Failure(f"ClientError: {denial}")
        return await self._waited()

    def _adopted(self) -> str | None:
        """Return the ARN of a resource that was created before a restart."""
        name = self._state.get(JOB)
        description = described(self._execution.aws, self._kind, name) if name else None
        return str(description[self._kind.arn]) if description and self._is_own() else None

    def _is_own(self) -> bool:
        """Return whether the resource is known to be made by this step, and not before it."""
        return not self._kind.is_updated or "Metadata" in self._state

    async def _created(self) -> str:
        """Create the resource; raise Unresolved or Refused."""
        kind, execution = self._kind, self._execution
        job = self._state.get(JOB) or requests.job_name(execution, self._step, kind)
        request = await asyncio.to_thread(requests.request, execution, self._step, kind, job)
        self._set(**{JOB: job})
        arn = await creation.create(execution, kind, request)
        if kind.noun == "ModelPackage":
            self._set(**{JOB: arn})
        return arn

    async def _waited(self) -> Failure | None:
        """Wait until the resource is complete, and end the step unless it failed."""
        asked = False
        while True:
            description = described(self._execution.aws, self._kind, self._state[JOB])
            if description is None:
                return Failure(f"ClientError: {self._kind.noun} {self._state[JOB]} was deleted.")
            status = description[self._kind.status] if self._kind.status else "Completed"
            if status in ENDED:
                return self._ended(description, status)
            if self._execution.ending and not asked:
                asked = True
                if not self._kind.is_stopped:
                    self._execution.end_step(self._step.name, "Stopped")
                    return None
                await self._stop()
            await asyncio.sleep(POLL)

    async def _stop(self) -> None:
        self._set(StepStatus="Stopping")
        request = {self._kind.name: self._state[JOB]}
        execution = self._execution
        try:
            await call(execution.aws, execution.role, f"Stop{self._kind.noun}", request)
        except Refused as error:
            self._set(FailureReason=f"Stop{self._kind.noun}: {error}")

    def _ended(self, description: Doc, status: str) -> Failure | None:
        if status in GOOD and self._is_deployed(description):
            self._execution.end_step(self._step.name, "Succeeded", Properties=description)
            return None
        if status == "Stopped":
            self._execution.end_step(self._step.name, "Stopped", Properties=description)
            return None
        reason = str(description.get("FailureReason") or f"{self._kind.noun} is {status}.")
        exception = retries.of_job(reason)
        if self._step.type == "Tuning" and exception == retries.INTERNAL:
            exception = None  # its training jobs are retried inside of it
        return Failure(f"ClientError: {reason}", exception, reason == INTERRUPTED)

    def _is_deployed(self, description: Doc) -> bool:
        """Return whether a resource is as the step wants it: an update can roll back."""
        if self._kind.noun != "Endpoint":
            return not (self._kind.is_updated and description.get("FailureReason"))
        arguments = requests.arguments(self._execution, self._step, self._kind)
        return bool(description["EndpointConfigName"] == arguments["EndpointConfigName"])

    def _pause(self, failure: Failure) -> float | None:
        """Return the AWS seconds before the next attempt; None if the step has failed."""
        if failure.is_interrupted:
            return 0.0
        policies = retries.policies(self._step.source.get("RetryPolicies") or [])
        for place, policy in enumerate(policies):
            if failure.exception in policy.exceptions:
                counts: dict[str, int] = self._state.get(RETRIES, {})
                retried = counts.get(str(place), 0)
                self._set(**{RETRIES: counts | {str(place): retried + 1}})
                return policy.pause(retried, self._elapsed())
        return None

    async def _slept(self, pause: float) -> bool:
        """Wait for *pause* AWS seconds; return False once running steps are to be stopped."""
        clock, left = self._execution.aws.clock, pause
        while left > 0 and not self._execution.ending:
            step = min(left, POLL * clock.scale)
            await clock.sleep(step)
            left -= step
        return not self._execution.ending

    def _elapsed(self) -> float:
        clock = self._execution.aws.clock
        return float((clock.now() - self._state["StartTime"]) * clock.scale)

    def _failure_reason(self, failure: Failure) -> str:
        """Return the FailureReason of the step, with AWS's note on a missing policy."""
        policies = self._step.source.get("RetryPolicies") or []
        configured = {name for policy in policies for name in policy["ExceptionType"]}
        if failure.exception is None or failure.exception in configured:
            return failure.reason
        kind = failure.exception.replace(".", "_").upper()
        return (
            f"{failure.reason}\nRetry not appropriate on execution of step with "
            f"PipelineExecutionArn {self._execution.arn} and StepId {self._step.name}. "
            f"No retry policy configured for the exception type {kind}."
        )
