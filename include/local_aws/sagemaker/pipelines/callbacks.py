"""Callback steps: a message to a queue of SQS, and the answer by its token."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from ...core.account import Aws
from ...core.store import Doc
from ...wire.errors import not_found, validation
from . import cache
from .calls import Refused, call
from .expressions import Unresolved, evaluated
from .parameters import READERS
from .requests import token
from .scope import StepScope
from .state import KIND, STATUS, Execution
from .steps import Step

CALLBACK_KIND = "pipeline-callback"
ANSWER = "Answer"  # of a step's state: the outcome that was sent
GIVEN = "Token"  # of a step: stored before the message, which may be answered at once
POLL = 0.1  # real seconds
TOKEN = 10  # characters


async def callback(execution: Execution, step: Step) -> None:
    """Send the message, and wait for its answer, also while the execution stops."""
    scope = StepScope(execution, step)
    arguments = await asyncio.to_thread(evaluated, step.arguments, scope)
    url = await asyncio.to_thread(evaluated, step.source["SqsQueueUrl"], scope)
    if "Metadata" not in execution.step(step.name):
        digest = cache.signature(None, arguments)
        execution.set_step(step.name, **{cache.SIGNATURE: digest})
        if cache.reused(execution, step, digest):
            return
        await _send(execution, step, url, arguments, "Executing")
    await _answered(execution, step, url, arguments)


async def _send(execution: Execution, step: Step, url: str, arguments: Doc, status: str) -> None:
    """Send a message with the step's token; raise Unresolved."""
    given = execution.step(step.name).get(GIVEN) or _new_token(execution, step)
    body = {
        "token": given,
        "pipelineExecutionArn": execution.arn,
        "arguments": arguments,
        "status": status,
    }
    message = {"QueueUrl": url, "MessageBody": json.dumps(body)}
    try:
        await call(execution.aws, execution.role, "SendMessage", message, "sqs")
    except Refused as error:
        raise Unresolved(f"Failed to invoke sqs:SendMessage. Error Details: {error}") from None
    metadata = {"CallbackToken": given, "SqsQueueUrl": url}
    execution.set_step(step.name, StepStatus=status, Metadata={"Callback": metadata})


def _new_token(execution: Execution, step: Step) -> str:
    given = token(TOKEN)
    place = {"Execution": execution.arn, "Step": step.name}
    execution.aws.store.insert(CALLBACK_KIND, given, place)
    execution.set_step(step.name, **{GIVEN: given})
    return given


async def _answered(execution: Execution, step: Step, url: str, arguments: Doc) -> None:
    while (answer := execution.step(step.name).get(ANSWER)) is None:
        if execution.ending and execution.step(step.name)["StepStatus"] != "Stopping":
            await _send(execution, step, url, arguments, "Stopping")
        await asyncio.sleep(POLL)
    metadata = dict(execution.step(step.name)["Metadata"]["Callback"])
    if "FailureReason" in answer:
        execution.end_step(step.name, "Failed", answer["FailureReason"])
        return
    metadata["OutputParameters"] = answer["OutputParameters"]
    execution.end_step(
        step.name,
        "Succeeded",
        Metadata={"Callback": metadata},
        Properties={"OutputParameters": answer["Values"]},
    )


def answer(aws: Aws, callback_token: str, outcome: Doc) -> Doc:
    """Store the outcome of the step that waits for a token; refuse an unknown one."""
    place = aws.store.get(CALLBACK_KIND, callback_token)
    execution_doc = aws.store.get(KIND, place["Execution"]) if place else None
    if place is None or execution_doc is None:
        raise not_found(f"Callback token {callback_token} does not exist.")
    execution, name = Execution(aws, place["Execution"]), place["Step"]
    state = execution.step(name)
    if state.get(GIVEN) != callback_token:
        raise not_found(f"Callback token {callback_token} is of an earlier attempt.")
    if ANSWER in state or state.get("EndTime"):
        raise validation(
            f"Step {name} has ended: it is {state.get('StepStatus')}. Answer a callback once."
        )
    if "OutputParameters" in outcome:
        outcome = outcome | {"Values": _values(_declared(execution, name), outcome)}
    execution.set_step(name, **{ANSWER: outcome})
    return {"PipelineExecutionArn": execution.arn, STATUS: execution_doc[STATUS]}


def _declared(execution: Execution, name: str) -> dict[str, str]:
    steps = execution.definition.steps
    step = steps.get(name) or steps[name.rpartition("-")[0]]  # of an iteration
    outputs = step.source.get("OutputParameters") or []
    return {output["OutputName"]: output.get("OutputType", "String") for output in outputs}


def _values(declared: dict[str, str], outcome: Doc) -> dict[str, Any]:
    """Return the output parameters with values of their types; refuse others."""
    values: dict[str, Any] = {}
    for parameter in outcome["OutputParameters"]:
        name, value = parameter["Name"], parameter["Value"]
        if name not in declared:
            raise validation(
                f"Output parameter {name!r} is not declared. Declared: {', '.join(declared)}."
            )
        try:
            values[name] = READERS[declared[name]](value)
        except ValueError:
            kind = declared[name]
            raise validation(f"Value {value!r} of output {name} is not of type {kind}.") from None
    return values
