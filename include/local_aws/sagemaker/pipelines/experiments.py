"""The experiment and the trial of an execution, which its jobs belong to."""

from __future__ import annotations

import asyncio

from .calls import Refused, call
from .expressions import evaluated, text
from .scope import StepScope
from .state import Execution
from .steps import Step

EXPERIMENT = "PipelineExperimentConfig"
TAKEN = ("already exists", "must be unique")


async def prepare(execution: Execution) -> None:
    """Create the experiment and the trial unless they exist; raise Unresolved or Refused."""
    config = execution.definition.experiment
    if not config or EXPERIMENT in execution.doc:
        return
    scope = StepScope(execution, Step("", "", {}))
    names = await asyncio.to_thread(evaluated, config, scope)
    experiment = {"ExperimentName": text(names["ExperimentName"])}
    trial = {"TrialName": text(names["TrialName"])}
    await _create(execution, "CreateExperiment", experiment)
    await _create(execution, "CreateTrial", experiment | trial)
    execution.update(**{EXPERIMENT: experiment | trial})


async def _create(execution: Execution, operation: str, request: dict[str, str]) -> None:
    try:
        await call(execution.aws, execution.role, operation, request)
    except Refused as error:
        if not any(words in str(error) for words in TAKEN):
            raise Refused(
                error.code,
                f"Failed to invoke sagemaker:{operation}. Error Details: {error}",
                error.status,
            ) from None
