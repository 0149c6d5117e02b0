"""A tuning job: real training jobs in parallel, until a limit or a target is reached."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.store import Doc
from ...wire.errors import AwsError
from ..jobs.runner import Job
from ..training.api import launch, stop_training_job
from ..training.metrics import curve
from . import suggestions
from .completion import Completion
from .early_stopping import hopeless
from .suggestions import Observation, Values
from .training_jobs import (
    RUNNING,
    children,
    definitions,
    objective_of,
    objective_value,
    parents_of,
)

if TYPE_CHECKING:
    from ...core.account import Aws

MOST = 500  # training jobs of a tuning job without a limit
POLL = 0.2  # real seconds
PASSED_ON = (
    "RoleArn InputDataConfig VpcConfig OutputDataConfig StoppingCondition EnableNetworkIsolation "
    "EnableInterContainerTrafficEncryption EnableManagedSpotTraining CheckpointConfig "
    "RetryStrategy Environment"
).split()


class Tuning:
    """One tuning job, whose state is in its training jobs, so that it survives a restart."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.aws: Aws = job.aws
        self.request = job.doc
        self.config: Doc = self.request["HyperParameterTuningJobConfig"]
        self.limits: Doc = self.config["ResourceLimits"]
        self.completion = Completion(self.request)
        self.seed = self.config.get("RandomSeed", sum(job.name.encode()))

    async def work(self) -> None:
        reason = None
        try:
            while not self._over():
                await self._fill()
                await asyncio.sleep(POLL)
                await self._stop_hopeless()
        except (AwsError, ValueError) as refused:
            reason = f"ClientError: {refused}"
        except Exception:
            await self._drain()  # which would train on, unsupervised
            raise
        await self._drain()
        self._end(reason)

    def _children(self) -> list[Doc]:
        return children(self.aws, self.job.name)

    def _over(self) -> bool:
        """Return whether it was stopped, a criterion is met, or no candidate is left."""
        if self.job.stopping:
            return True
        jobs = self._children()
        running = any(job["TrainingJobStatus"] in RUNNING for job in jobs)
        return (
            (self._remaining(jobs) == 0 or self.completion.given_up(jobs)) and not running
        ) or self.completion.met(jobs, self.aws.clock.now())

    async def _fill(self) -> None:
        """Start as many training jobs as the limits allow."""
        jobs = self._children()
        if self.completion.given_up(jobs):
            return
        running = sum(job["TrainingJobStatus"] in RUNNING for job in jobs)
        free = self.limits["MaxParallelTrainingJobs"] - running
        for _ in range(min(free, self._remaining(jobs))):
            await self._start(self._children())

    def _remaining(self, jobs: list[Doc]) -> int:
        whole = MOST
        if self.config["Strategy"] == "Grid":
            whole = sum(len(self._grid(d)) for d in definitions(self.request))
        most: int = min(self.limits.get("MaxNumberOfTrainingJobs", whole), whole)
        return max(0, most - len(jobs))

    async def _start(self, jobs: list[Doc]) -> None:
        """Start the next training job, with a name as on AWS; definitions alternate."""
        definition = self._turn(jobs)
        values = await asyncio.to_thread(self._next_values, definition, jobs)
        name = f"{self.job.name}-{len(jobs) + 1:03d}-{uuid.uuid4().hex[:8]}"
        objective = objective_of(self.request, definition)["MetricName"]
        hyperparameters = definition.get("StaticHyperParameters", {}) | values
        request = {key: definition[key] for key in PASSED_ON if key in definition} | {
            "TrainingJobName": name,
            "AlgorithmSpecification": definition["AlgorithmSpecification"],
            "ResourceConfig": _resources(definition),
            "HyperParameters": hyperparameters | {"_tuning_objective_metric": objective},
            "Tags": self.aws.store.tags(self.request["HyperParameterTuningJobArn"]),
        }
        # Linked first, so that the tuning job has it after a crash.
        self.aws.store.link("tuned", self.job.name, name)
        launch(
            self.aws,
            request,
            TuningJobArn=self.request["HyperParameterTuningJobArn"],
            TuningJobName=self.job.name,
            TunedHyperParameters=values,
            TrainingJobDefinitionName=definition.get("DefinitionName"),
        )

    def _turn(self, jobs: list[Doc]) -> Doc:
        """Return the definition with the fewest training jobs that has candidates left."""
        counted = [(sum(_belongs(j, d) for j in jobs), d) for d in definitions(self.request)]
        if self.config["Strategy"] == "Grid":
            counted = [(n, d) for n, d in counted if n < len(self._grid(d))]
        return min(counted, key=lambda pair: pair[0])[1]

    def _next_values(self, definition: Doc, jobs: list[Doc]) -> Values:
        mine = [job for job in jobs if _belongs(job, definition)]
        if self.config["Strategy"] == "Grid":
            return self._grid(definition)[len(mine)]
        space = suggestions.parameters(self._ranges(definition))
        history = self._inherited(definition) + self._observations(mine)
        maximize = self._maximize(definition)
        return suggestions.propose(
            self.config["Strategy"], space, history, maximize=maximize, seed=self.seed
        )

    def _observations(self, jobs: list[Doc]) -> list[Observation]:
        """Return the observations of *jobs*, also of failed ones, which are not repeated."""
        return [Observation(job["TunedHyperParameters"], self._value(job)) for job in jobs]

    def _inherited(self, definition: Doc) -> list[Observation]:
        """Return the observations of a warm start's parents; only ranks if the data differ."""
        config = self.request.get("WarmStartConfig", {})
        identical = config.get("WarmStartType") == "IdenticalDataAndAlgorithm"
        observations: list[Observation] = []
        for parent in parents_of(self.request):
            known = self._observations(children(self.aws, parent))
            observations += known if identical else _ranked(known)
        return observations

    def _ranges(self, definition: Doc) -> Doc:
        ranges = definition.get("HyperParameterRanges") or self.config.get("ParameterRanges", {})
        return dict(ranges)

    def _grid(self, definition: Doc) -> list[Values]:
        return suggestions.grid(suggestions.parameters(self._ranges(definition)))

    def _maximize(self, definition: Doc) -> bool:
        return bool(objective_of(self.request, definition)["Type"] == "Maximize")

    def _value(self, job: Doc) -> float | None:
        return objective_value(self.request, job)

    async def _stop_hopeless(self) -> None:
        if self.config.get("TrainingJobEarlyStoppingType") != "Auto":
            return
        jobs = self._children()
        for definition in definitions(self.request):
            mine = [job for job in jobs if _belongs(job, definition)]
            metric = objective_of(self.request, definition)["MetricName"]
            curves = {j["TrainingJobName"]: curve(self.aws, j, metric) for j in mine}
            ended = [curves[j["TrainingJobName"]] for j in mine if _measured(j)]
            for job in mine:
                running = curves[job["TrainingJobName"]]
                if job["TrainingJobStatus"] == "InProgress" and hopeless(
                    running, ended, maximize=self._maximize(definition)
                ):
                    await self._stop(job)

    async def _stop(self, job: Doc) -> None:
        await stop_training_job(self.aws, job)

    async def _drain(self) -> None:
        """Stop the running training jobs, and wait for their end."""
        while running := [j for j in self._children() if j["TrainingJobStatus"] in RUNNING]:
            for job in running:
                if job["TrainingJobStatus"] == "InProgress":
                    await self._stop(job)
            await asyncio.sleep(POLL)

    def _end(self, reason: str | None) -> None:
        status = "Stopped" if self.job.stopping else "Completed"
        jobs = self._children()
        if not reason and status == "Completed":
            reason = self.completion.failure(jobs)
        changes: Doc = {"HyperParameterTuningEndTime": self.aws.clock.now()}
        if reason:
            status, changes["FailureReason"] = "Failed", reason
        details = {"NumberOfTrainingJobsObjectiveNotImproving": self.completion.not_improving(jobs)}
        self.job.update(
            **changes, TuningJobCompletionDetails=details, HyperParameterTuningJobStatus=status
        )


def _resources(definition: Doc) -> Doc:
    """Return the ResourceConfig of a definition, or one for the first of its instance types."""
    if given := definition.get("ResourceConfig"):
        return dict(given)
    flexible: Doc = definition["HyperParameterTuningResourceConfig"]
    first: Doc = flexible.get("InstanceConfigs", [{}])[0]
    members = ("InstanceType", "InstanceCount", "VolumeSizeInGB", "VolumeKmsKeyId")
    return {m: (flexible | first)[m] for m in members if m in flexible | first}


def _belongs(job: Doc, definition: Doc) -> bool:
    return bool(job.get("TrainingJobDefinitionName") == definition.get("DefinitionName"))


def _measured(job: Doc) -> bool:
    return bool(job["TrainingJobStatus"] == "Completed")


def _ranked(known: Sequence[Observation]) -> list[Observation]:
    """Replace objectives by their centred ranks: 0 is the middle one."""
    ordered = sorted(o.objective for o in known if o.objective is not None)
    middle = (len(ordered) - 1) / 2
    return [
        Observation(o.values, ordered.index(o.objective) - middle)
        for o in known
        if o.objective is not None
    ]
