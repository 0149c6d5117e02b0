"""A training job: from its channels to model.tar.gz, on one instance or several."""

from __future__ import annotations

import asyncio
import contextlib
import json

from ...cloudwatch.logs import Logs
from ...containers.command import Box, Network
from ...containers.container import Container, StartFailed
from ...containers.image import Image
from ...containers.images import image_for
from ...containers.instance_types import process_memory
from ...containers.layers import add_layer
from ...containers.requirements import BuildFailed
from ...containers.sandbox import network_for
from ...core.s3_encryption import Encryption, under_some_key
from ...core.s3_files import BAD_INPUT
from ...core.untrusted_files import remove_tree
from ..experiments import metric_files
from ..experiments.trial_components import finish_component
from ..jobs.channels import download_channels
from ..jobs.checkpoints import Checkpoints
from ..jobs.cluster import Cluster, Host
from ..jobs.runner import Job, JobFailed, JobInterrupted, JobStopped
from . import artifacts, source, spot
from .configuration import configuration
from .debugging import RULES, Evaluation, ended
from .entry_point import Entry, training_entry
from .metrics import Scraper
from .pipes import streamed
from .progress import Progress
from .usage import publish_usage

GROUP = "/aws/sagemaker/TrainingJobs"
LAYOUT = ("input/config", "input/data", "model", "output/data", "code")


class Training:
    """The phases of one training job, in AWS's words."""

    def __init__(self, job: Job, component: str) -> None:
        self.job = job
        self.component = component
        self.request = job.doc
        self.image: Image = image_for(self.request["AlgorithmSpecification"]["TrainingImage"])
        definitions = self.request["AlgorithmSpecification"].get("MetricDefinitions", [])
        self.rules = Evaluation(job)
        watched = self.rules.see if job.doc.get(RULES) else None
        self.scraper = Scraper(job.aws, job.name, definitions, component, self._warn, watched)
        self.cluster = self._cluster()
        self.checkpoints = self._checkpoints()
        self.progress = Progress(job)
        self.retries = self.request.get("RetryStrategy", {}).get("MaximumRetryAttempts", 0)
        self.began = int(job.aws.clock.now())

    async def work(self) -> None:
        try:
            image = self.request["AlgorithmSpecification"]["TrainingImage"]
            await self.job.prepare(image, GROUP)
            status, reason = await self._until_done(), None
        except JobStopped as stopped:
            status, reason = str(stopped), None
        except (JobFailed, BuildFailed, StartFailed) as failed:
            status, reason = "Failed", str(failed)
        await self._end(status, reason)

    async def _until_done(self) -> str:
        """Run, and restart after an interruption; return the last secondary status."""
        while True:
            try:
                return await self._phases()
            except JobInterrupted as interrupted:
                await asyncio.to_thread(self._save_checkpoints)
                self._begin_again(interrupted)

    def _save_checkpoints(self) -> None:
        try:
            self.checkpoints.upload()
        except BAD_INPUT as error:
            raise JobFailed(f"ClientError: Checkpoint upload failed: {error}") from None

    def _begin_again(self, interrupted: JobInterrupted) -> None:
        """Start again on new instances from the checkpoints in S3; raise if impossible."""
        if self.request.get("EnableManagedSpotTraining"):
            self.progress.enter("Interrupted")
        elif self.retries > 0:
            self.retries -= 1
            self.progress.enter("Restarting")
        else:
            raise interrupted
        for host in self.cluster.hosts:
            remove_tree(host.root)
        self.cluster = self._cluster()
        self.checkpoints = self._checkpoints()

    async def _phases(self) -> str:
        self.progress.enter("Starting")
        if self.request.get("EnableManagedSpotTraining"):
            seconds = self._condition("MaxWaitTimeInSeconds", 1e9)
            deadline = self.request["CreationTime"] + seconds
            await spot.wait_for_capacity(self.job, deadline, self.log)
        await asyncio.to_thread(self._stage)
        entry = await training_entry(
            self.job.aws, self.image, self.request, self.cluster.hosts[0].root, self.log
        )
        self.progress.enter("Downloading")
        await asyncio.to_thread(self._prepare)
        self.job.check_stopped()
        self.progress.enter("Training")
        async with streamed(self.job.s3, self.request, self.cluster.hosts):
            code = await self._train(entry)
        self.progress.enter("Uploading")
        await asyncio.to_thread(self._upload)
        if self.job.stopping:
            return self.job.stopping
        if code:
            raise JobFailed(artifacts.failure(self.cluster, code))
        return "Completed"

    def log(self, line: str, host: str = "algo-1") -> None:
        """Write to CloudWatch Logs as the platform does: a tab becomes #011."""
        line = line.replace("\t", "#011")
        self._print(line, host)
        if self.job.may_publish:
            self.scraper.read(line, self.job.aws.clock.now())

    def _print(self, line: str, host: str) -> None:
        if self.job.may_log:
            self.job.aws.part(Logs).put(GROUP, f"{self.job.name}/{host}-{self.began}", line)

    def _warn(self, line: str) -> None:
        """Log a warning of the platform, from which no metric is read."""
        self._print(f"[sagemaker logs]: {line}", "algo-1")

    def _stage(self) -> None:
        """Unpack a script's source archive on every instance, where AWS's toolkit expects it."""
        uri = source.submitted(self.request)
        for host in self.cluster.hosts:
            for folder in LAYOUT:
                (host.root / folder).mkdir(parents=True, exist_ok=True)
            metric_files.create_folder(host.root)
            if uri:
                source.stage(self.job.s3, uri, host)

    def _prepare(self) -> None:
        """Prepare /opt/ml as AWS does: configuration, channels, checkpoints."""
        for host in self.cluster.hosts:
            for name, document in configuration(self.request, self.cluster, host).items():
                (host.root / "input" / "config" / f"{name}.json").write_text(json.dumps(document))
            download_channels(self.job.s3, self.request, host, len(self.cluster.hosts))
        try:
            self.checkpoints.download()
        except BAD_INPUT as error:
            raise JobFailed(f"ClientError: Checkpoint download failed: {error}") from None

    @property
    def _encryption(self) -> Encryption:
        return under_some_key(self.request["OutputDataConfig"])

    def _checkpoints(self) -> Checkpoints:
        config = self.request.get("CheckpointConfig")
        return Checkpoints(self.job.s3, config, self.cluster.hosts, self._encryption)

    def _cluster(self) -> Cluster:
        resources = self.request["ResourceConfig"]
        count, gigabytes = resources.get("InstanceCount", 1), resources.get("VolumeSizeInGB", 30)
        return Cluster(self.job.name, self.job.directory, count, gigabytes)

    async def _train(self, entry: Entry) -> int:
        together = self.cluster.environment()
        isolated = bool(self.request.get("EnableNetworkIsolation"))
        hosts, mode = self.cluster.hosts, self.job.aws.options.sandbox
        with network_for(isolated, len(hosts), mode) as network:
            containers = await self.job.start_all(
                self._container(host, entry, together, network) for host in hosts
            )
        processes = dict(zip(self.cluster.names, containers, strict=True))
        watching = [self.checkpoints.keep(), self.rules.watch(), publish_usage(self.job, processes)]
        tasks = [asyncio.create_task(work) for work in watching]
        try:
            return await self.job.run(containers, self._seconds())
        finally:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    def _seconds(self) -> float:
        """Return the remaining run time of the containers."""
        return self._condition("MaxRuntimeInSeconds", 86400) - self.progress.trained

    async def _container(
        self, host: Host, entry: Entry, together: dict[str, str], network: Network
    ) -> Container:
        await asyncio.to_thread(add_layer, entry.python, host.root, self.image.script_folders)
        isolated = bool(self.request.get("EnableNetworkIsolation"))
        environment = self._environment(isolated) | entry.environment | together
        box = Box(
            host.root,
            entry.visible,
            host.name,
            environment | self.request.get("Environment", {}),
            hosts=self.cluster.addresses,
            network=network,
            seconds=self._seconds(),
            memory=process_memory(self.request["ResourceConfig"].get("InstanceType")),
        )
        mode = self.job.aws.options.sandbox
        return await Container.start(box, entry.argv, mode, lambda line: self.log(line, host.name))

    def _environment(self, isolated: bool) -> dict[str, str]:
        return {
            "TRAINING_JOB_NAME": self.job.name,
            "TRAINING_JOB_ARN": self.request["TrainingJobArn"],
            "OMP_NUM_THREADS": "1",
            **metric_files.VARIABLE,
            **self.job.reach(isolated),
        }

    def _condition(self, name: str, default: float) -> float:
        return float(self.request.get("StoppingCondition", {}).get(name, default))

    def _upload(self) -> None:
        base = f"{self.request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{self.job.name}"
        self._save_checkpoints()
        try:
            model = artifacts.upload(self.job.s3, self.cluster, f"{base}/output", self._encryption)
        except BAD_INPUT as error:
            raise JobFailed(f"ClientError: Artifact upload failed: {error}") from None
        if model:
            self.job.update(ModelArtifacts={"S3ModelArtifacts": model})

    async def _end(self, secondary: str, reason: str | None) -> None:
        final = {"FinalMetricDataList": await asyncio.to_thread(self.scraper.final)}
        for host in self.cluster.hosts:
            await asyncio.to_thread(
                metric_files.store_metrics, self.job.aws, self.component, host.root
            )
        self.progress.end(secondary, reason)
        status = secondary if secondary in ("Completed", "Failed") else "Stopped"
        model = self.job.doc.get("ModelArtifacts", {}).get("S3ModelArtifacts")
        artifact = {"SageMaker.ModelArtifact": {"Value": model}} if model else {}
        finish_component(self.job.aws, self.component, status, OutputArtifacts=artifact)
        # The rules that the last lines concern were called before this.
        rules = ended(self.job.doc, self.job.aws.clock.now())
        self.job.update(**final, **rules, TrainingJobStatus=status)
