"""An AutoML job: analysis, then tuning or ensembles; each step is a job of SageMaker."""

from __future__ import annotations

import asyncio
import json
import math
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ...core.s3_encryption import under_some_key
from ...core.store import Doc
from ...wire.errors import AwsError
from ..jobs.runner import Job
from . import deployment, ensembling, program, searches, settings
from .candidates import best, candidates
from .containers import data_processor
from .requests import Requests
from .steps import ENDED, LOST, MOST_ATTEMPTS, STEPS, TUNING, Steps, call

if TYPE_CHECKING:
    from ...core.account import Aws

POLL = 0.2  # real seconds
OMITTED = (
    "The explainability report and the model insights report are not emulated by the embedded "
    "AWS, and were not generated."
)


class Over(Exception):
    """Raised when the job is stopped, or its time is over."""


class StepFailed(Exception):
    """Raised when the job cannot continue; the message becomes its FailureReason."""


class AutoML:
    """One AutoML job, whose state is in its steps, so that it survives a restart."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.aws: Aws = job.aws
        self.steps = Steps(job.aws, job.doc)
        limit = settings.criteria(job.doc).get("MaxAutoMLJobRuntimeInSeconds", math.inf)
        self.deadline = job.doc["CreationTime"] + limit
        self.partial = [OMITTED]

    @property
    def requests(self) -> Requests:
        return Requests(self.job.doc, self.aws.region)

    async def work(self) -> None:
        secondary, reason = "Completed", None
        try:
            secondary = await self._phases()
        except Over:
            secondary = "Stopped" if self.job.stopping else "MaxAutoMLJobRuntimeReached"
        except (StepFailed, AwsError, ClientError, BotoCoreError) as error:
            secondary, reason = "Failed", str(error)
        self._end(secondary, reason)

    async def _phases(self) -> str:
        doc = self.job.doc
        self._enter("AnalyzingData")
        encryption = under_some_key(doc["OutputDataConfig"])
        await asyncio.to_thread(program.upload, self.job.s3, self.requests, encryption)
        analysis = await self._run("db", self.requests.analysis())
        facts = json.loads(analysis["ExitMessage"])
        self.job.update(ResolvedProblemType=facts["ProblemType"], ResolvedClasses=facts["Classes"])
        if settings.is_ensembling(doc):
            self._enter("ModelTuning")
            await self._ensemble()
        else:
            await self._search()
        return await self._deployed(self._completed())

    async def _ensemble(self) -> None:
        """Train the ensembles one after the other; fail if each of them fails."""
        failure: StepFailed | None = None
        for number in range(1, settings.most_candidates(self.job.doc) + 1):
            try:
                await self._run(ensembling.part(number), self.requests.trial(number))
            except StepFailed as error:
                failure = error
        if failure and not self._has_candidate():
            raise failure

    async def _search(self) -> None:
        """Encode the data for each algorithm, and tune their hyperparameters."""
        doc = self.job.doc
        self._enter("FeatureEngineering")
        known = [searches.KNOWN[name] for name in settings.algorithms(doc)]
        for algorithm in {a.processor: a for a in known}.values():
            await self._process(algorithm)
        self._enter("ModelTuning")
        await self._tune()

    async def _deployed(self, secondary: str) -> str:
        """Deploy the best candidate if the job asks for it; return the secondary status."""
        winner = best(candidates(self.aws, self.job.doc))
        if "ModelDeployConfig" not in self.job.doc or not winner:
            return secondary
        self._enter("DeployingModel")
        if reason := await deployment.deploy(self.job, winner):
            self.partial.append(reason)
            return "ModelDeploymentError"
        return secondary

    async def _process(self, algorithm: searches.Algorithm) -> None:
        """Fit a data processor, and encode the data with it."""
        part = algorithm.processor
        fitted = await self._run(part, self.requests.processor(algorithm))
        model = fitted["TrainingJobName"]
        if not self.aws.store.get("model", model):
            containers = [data_processor(self.aws.region, fitted, None)]
            role = {"ExecutionRoleArn": self.job.doc["RoleArn"]}
            await call(
                self.aws, "CreateModel", {"ModelName": model, "Containers": containers} | role
            )
        await self._run(f"{part}-csv", self.requests.transform(algorithm, model))

    async def _tune(self) -> None:
        most = settings.most_candidates(self.job.doc)
        left = self.deadline - self.aws.clock.now()
        seconds = None if math.isinf(left) else int(left)
        await self._run("tuning", self.requests.tuning(most, seconds))

    async def _run(self, part: str, request: Doc) -> Doc:
        """Return the description of a completed step, which may have run before a restart."""
        step = STEPS[part]
        for attempt in range(1, MOST_ATTEMPTS + 1):
            name = self.steps.name(part, attempt)
            if not self.steps.get(part, attempt):
                self._check_time()
                tags = self.aws.store.tags(self.job.doc["AutoMLJobArn"])
                named = {f"{step.noun}Name": name, "Tags": tags}
                await call(self.aws, f"Create{step.noun}", request | named)
            doc = await self._ended(part, attempt)
            if step.status(doc) == "Completed":
                return doc
            if not doc.get("FailureReason", "").startswith(LOST):
                break
        raise StepFailed(_reason(step.noun, name, doc))

    async def _ended(self, part: str, attempt: int) -> Doc:
        """Wait for the end of a step; stop it if the job is stopped or its time is over."""
        step = STEPS[part]
        while True:
            doc = self.steps.get(part, attempt) or {}
            # A tuning job has the time limit itself, and ends with the candidates so far.
            is_over = bool(self.job.stopping) if step is TUNING else self._is_over()
            if step.status(doc) in ENDED:
                if is_over:
                    raise Over
                return doc
            if is_over and step.status(doc) == "InProgress":
                name = {f"{step.noun}Name": doc[f"{step.noun}Name"]}
                await call(self.aws, f"Stop{step.noun}", name)
            await asyncio.sleep(POLL)

    def _is_over(self) -> bool:
        return bool(self.job.stopping) or self.aws.clock.now() > self.deadline

    def _check_time(self) -> None:
        if self._is_over():
            raise Over

    def _enter(self, secondary: str) -> None:
        if not self.job.stopping:
            self.job.update(AutoMLJobSecondaryStatus=secondary)

    def _completed(self) -> str:
        """Return the secondary status of a job whose tuning has ended."""
        count = len(candidates(self.aws, self.job.doc))
        if count < settings.most_candidates(self.job.doc):
            return "MaxAutoMLJobRuntimeReached"
        most = settings.criteria(self.job.doc).get("MaxCandidates")
        return "MaxCandidatesReached" if count == most else "Completed"

    def _end(self, secondary: str, reason: str | None) -> None:
        changes: Doc = {"EndTime": self.aws.clock.now()}
        if secondary == "MaxAutoMLJobRuntimeReached" and not self._has_candidate():
            secondary = "Failed"
            reason = (
                "MaxAutoMLJobRuntimeInSeconds was reached before a candidate was trained. "
                "Raise the limit."
            )
        if reason:
            changes["FailureReason"] = reason[:1024]
        status = secondary if secondary in ("Failed", "Stopped") else "Completed"
        if status == "Completed":
            reasons = [{"PartialFailureMessage": text} for text in self.partial]
            changes["PartialFailureReasons"] = reasons
        self.job.update(**changes, AutoMLJobStatus=status, AutoMLJobSecondaryStatus=secondary)

    def _has_candidate(self) -> bool:
        return best(candidates(self.aws, self.job.doc)) is not None


def _reason(noun: str, name: str, doc: Doc) -> str:
    why = doc.get("ExitMessage") or doc.get("FailureReason") or "it was stopped"
    return f"{noun} {name} failed: {why}"
