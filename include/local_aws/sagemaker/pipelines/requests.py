"""The requests by which steps create their resources, and the names of these."""

from __future__ import annotations

import random
import string

from ...core.store import Doc
from . import schema
from .expressions import Unresolved, evaluated
from .kinds import Kind
from .scope import StepScope
from .state import Execution
from .steps import Step

LETTERS = string.ascii_letters + string.digits
SUFFIX = 10
OF_STEP, OF_SHORT_STEP = 20, 7  # characters of a step's name in the name of its job
SHORT = 32  # characters of the longest name of a tuning job
IN_TRIALS = ("ProcessingJob", "TrainingJob", "TransformJob")


def token(length: int) -> str:
    return "".join(random.choices(LETTERS, k=length))


def job_name(execution: Execution, step: Step, kind: Kind) -> str:
    """Return a new name as AWS makes them: `pipelines-EXECUTION-STEP-SUFFIX`."""
    given = step.arguments.get(kind.name)
    if isinstance(given, dict):
        given = evaluated(given, StepScope(execution, step))
    suffix, stem = token(SUFFIX), step.name.replace("_", "-")
    if kind.is_updated:
        return str(given)
    if kind.noun == "EndpointConfig" or kind.noun == "ModelPackage":
        return f"{given}-{execution.id}" if given else f"{execution.id}-{suffix}"
    if given:
        return f"{str(given)[: _longest(kind) - 24]}-{execution.id}-{suffix}"
    if _longest(kind) <= SHORT:
        return f"{execution.id}-{stem[:OF_SHORT_STEP]}-{suffix}"
    return f"pipelines-{execution.id}-{stem[:OF_STEP]}-{suffix}"


def _longest(kind: Kind) -> int:
    return int(kind.input.members[kind.name].metadata.get("max", 63))


def arguments(execution: Execution, step: Step, kind: Kind, job: str = "") -> Doc:
    """Return a step's arguments with the values of their expressions; raise Unresolved."""
    values = evaluated(step.arguments, StepScope(execution, step, job))
    coerced: Doc = schema.coerced(values, kind.input)
    if reason := schema.problem(coerced, kind.input):
        raise Unresolved(reason)
    return coerced


def request(execution: Execution, step: Step, kind: Kind, job: str) -> Doc:
    """Return the request that creates a step's resource; raise Unresolved."""
    document = arguments(execution, step, kind, job)
    document.pop(kind.name, None)
    if kind.noun == "ModelPackage":
        return document | {"ClientToken": job}
    if kind.noun in IN_TRIALS:
        document |= _experiment(execution, document)
    return document | {kind.name: job}


def _experiment(execution: Execution, document: Doc) -> Doc:
    """Return the ExperimentConfig of a job: the experiment and the trial of the execution."""
    names = execution.doc.get("PipelineExperimentConfig")
    own = document.get("ExperimentConfig", {})
    return {"ExperimentConfig": own | names} if names else {}
