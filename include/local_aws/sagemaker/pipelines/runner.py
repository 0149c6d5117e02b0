"""The supervisor of executions: one asyncio task for each, which starts the steps that can run."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ...core.supervision import Tasks
from ...wire.errors import INTERNAL
from . import control_steps, experiments, selection
from .callbacks import callback
from .calls import Refused
from .expressions import Unresolved
from .graph import ITEMS, Graph, handled
from .job_steps import JobStep
from .kinds import CALLBACK, CONDITION, FAIL, FOR_EACH, LINEAGE
from .lineage_steps import lineage
from .state import KIND, RUNNING, STARTED, STATUS, Execution
from .steps import Step

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
FAILURE = "Step failure: One or multiple steps failed."
OTHERS: dict[str, Callable[[Execution, Step], Awaitable[None]]] = {
    CONDITION: control_steps.condition,
    FAIL: control_steps.fail,
    FOR_EACH: control_steps.start_loop,
    CALLBACK: callback,
    LINEAGE: lineage,
}


class Run:
    """One running execution."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        config = execution.doc.get("SelectiveExecutionConfig")
        self._excluded = selection.excluded(execution.definition, config)
        self._tasks: dict[asyncio.Task[None], Step] = {}

    async def work(self) -> None:
        """Run the steps in their order, until none is left."""
        try:
            await experiments.prepare(self.execution)
        except (Refused, Unresolved) as error:
            self._end("Failed", f"ClientError: {error}")
            return
        self._resume()
        while True:
            self._start_ready()
            if self._tasks:
                await self._one_ended()
            elif not self._end_loops():
                break
        self._conclude()

    def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _graph(self) -> Graph:
        return Graph(self.execution.definition, self.execution.steps, self._excluded)

    def _resume(self) -> None:
        """Continue the steps that a restart interrupted."""
        states = self.execution.steps
        for step in self._graph().steps.values():
            state = states.get(step.name, {})
            if state.get("StepStatus") in STARTED and ITEMS not in state:
                self._launch(step)

    def _start_ready(self) -> None:
        self._end_loops()
        for step in self._graph().ready():
            if not self.execution.ending and self._is_free(step):
                self._start(step)

    def _is_free(self, step: Step) -> bool:
        """Return whether the limits of the execution and of a ForEach step allow one more."""
        running = list(self._tasks.values())
        parallel = self.execution.doc.get("ParallelismConfiguration") or {}
        if len(running) >= parallel.get("MaxParallelExecutionSteps", math.inf):
            return False
        if step.loop is None:
            return True
        most = self.execution.definition.steps[step.loop].arguments["MaxConcurrency"]
        return bool(sum(other.loop == step.loop for other in running) < most)

    def _start(self, step: Step) -> None:
        members = {
            "StepName": step.name,
            "StepDisplayName": step.source.get("DisplayName"),
            "StepDescription": step.source.get("Description"),
            "StepStatus": "Starting",
            "StartTime": self.execution.aws.clock.now(),
            "AttemptCount": 1,
        }
        if step.iteration:
            members["IterationContext"] = {
                "ParentStepName": step.loop,
                "Index": step.iteration.index,
                "Item": str(step.iteration.item),
            }
        self.execution.set_step(step.name, **members)
        self._launch(step)

    def _launch(self, step: Step) -> None:
        task = asyncio.get_running_loop().create_task(self._supervise(step))
        self._tasks[task] = step

    async def _supervise(self, step: Step) -> None:
        try:
            work = OTHERS.get(step.type)
            await (work(self.execution, step) if work else JobStep(self.execution, step).work())
        except Unresolved as error:
            self.execution.end_step(step.name, "Failed", f"ClientError: {error}")
        except Exception:
            log.exception("Step %s of %s failed", step.name, self.execution.arn)
            self.execution.end_step(step.name, "Failed", INTERNAL)

    async def _one_ended(self) -> None:
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del self._tasks[task]

    def _end_loops(self) -> bool:
        """End the ForEach steps whose children have ended; return whether one did."""
        graph, states, ended = self._graph(), self.execution.steps, False
        running = {step.loop for step in self._tasks.values()}
        for step in graph.steps.values():
            state = states.get(step.name, {})
            if ITEMS in state and "EndTime" not in state and step.name not in running:
                ended |= control_steps.end_loop(self.execution, step, graph)
        return ended

    def _conclude(self) -> None:
        """Set the final status: a failure that another step handled is not the execution's."""
        graph, states = self._graph(), self.execution.steps
        bad = [name for name, state in states.items() if state["StepStatus"] != "Succeeded"]
        top = [name for name in bad if graph.steps[name].loop is None]
        unhandled = [name for name in top if not handled(graph, states, name)]
        failed = any(states[name]["StepStatus"] == "Failed" for name in unhandled)
        if self.execution.stopping:
            self._end("Stopped")
        elif self.execution.failing or failed:
            self._end("Failed", FAILURE)
        elif unhandled:
            self._end("Stopped")
        else:
            self._end("CompletedWithFailures" if top else "Succeeded")

    def _end(self, status: str, reason: str | None = None) -> None:
        self.execution.update(**{STATUS: status, "FailureReason": reason})


class PipelineRunner:
    """Starts and stops executions, and resumes them after a restart."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._runs: dict[str, Run] = {}
        self._tasks = Tasks("The supervision of an execution")

    async def start(self) -> None:
        """Resume the executions that a restart interrupted."""
        for doc in self._aws.store.list(KIND):
            if doc[STATUS] in RUNNING:
                self.submit(doc["PipelineExecutionArn"])

    async def stop(self) -> None:
        """Leave every execution as it is: the store has its state."""
        for run in self._runs.values():
            run.cancel()
        await self._tasks.stop()

    def submit(self, arn: str) -> None:
        """Run an execution from its state in the store."""
        run = self._runs[arn] = Run(Execution(self._aws, arn))
        self._tasks.begin(self._supervise(run))

    def request_stop(self, arn: str) -> None:
        """Have the steps of an execution stopped; return at once."""
        if run := self._runs.get(arn):
            run.execution.stopping = True

    async def _supervise(self, run: Run) -> None:
        try:
            await run.work()
        except Exception:
            log.exception("Execution %s failed", run.execution.arn)
            run.execution.update(**{STATUS: "Failed", "FailureReason": INTERNAL})
        finally:
            self._runs.pop(run.execution.arn, None)
