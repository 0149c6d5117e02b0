"""Results of earlier executions that a step with the same arguments takes over."""

from __future__ import annotations

import hashlib
import json
import math

from ...core.account import Aws
from ...core.store import Doc
from . import durations
from .kinds import Kind
from .state import KIND, Execution
from .steps import Step

SIGNATURE = "Signature"
KEPT = ("Metadata", "Properties")


def signature(kind: Kind | None, arguments: Doc) -> str:
    """Return a digest of the arguments that decide whether a result can be reused."""
    members = kind.signature if kind and kind.signature else tuple(arguments)
    deciding = {member: arguments.get(member) for member in members}
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()


def reused(execution: Execution, step: Step, digest: str) -> bool:
    """End a step with the newest result of the same arguments; return whether there is one."""
    config = step.source.get("CacheConfig") or {}
    if not config.get("Enabled"):
        return False
    expiry = config.get("ExpireAfter")
    longest = durations.seconds(str(expiry)) if expiry else math.inf
    hit = _newest(execution.aws, execution.doc["PipelineArn"], step.name, digest, longest)
    if hit is None:
        return False
    source, state = hit
    kept = {member: state[member] for member in KEPT if member in state}
    result = {"SourcePipelineExecutionArn": source}
    execution.end_step(step.name, "Succeeded", CacheHitResult=result, **kept)
    return True


def _newest(
    aws: Aws, pipeline: str, step: str, digest: str, longest: float
) -> tuple[str, Doc] | None:
    now = aws.clock.now()
    for execution in reversed(aws.store.list(KIND)):
        state = execution.get("Steps", {}).get(step, {})
        if (
            execution["PipelineArn"] == pipeline
            and state.get("StepStatus") == "Succeeded"
            and state.get(SIGNATURE) == digest
            and "CacheHitResult" not in state
            and now - state["EndTime"] <= longest
        ):
            return execution["PipelineExecutionArn"], state
    return None
