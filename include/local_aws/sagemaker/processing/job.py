"""A processing job: download inputs, run the user's command, upload outputs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from pathlib import Path

from ...cloudwatch.logs import Logs
from ...containers.command import OPT_ML, Box, Network
from ...containers.container import Container, StartFailed
from ...containers.environments import Environments
from ...containers.image import Image
from ...containers.images import image_for
from ...containers.instance_types import process_memory
from ...containers.layers import INTERPRETER, add_layer, variables
from ...containers.requirements import BuildFailed
from ...containers.sandbox import network_for, toolchain
from ...core.s3_encryption import under_key
from ...core.s3_files import BAD_INPUT
from ...core.store import Doc
from ...core.untrusted_files import Folder
from ..experiments import metric_files
from ..experiments.trial_components import finish_component
from ..jobs.channels import download_input
from ..jobs.cluster import Cluster, Host
from ..jobs.outputs import Outputs
from ..jobs.paths import below_opt_ml
from ..jobs.runner import Job, JobFailed, JobStopped
from .collected_metrics import publish

GROUP = "/aws/sagemaker/ProcessingJobs"
MESSAGE_SIZE = 1024  # bytes of /opt/ml/output/message that become the ExitMessage


class Processing:
    """The phases of one processing job."""

    def __init__(self, job: Job, component: str) -> None:
        self.job = job
        self.component = component
        self.request = job.doc
        resources = self.request["ProcessingResources"]["ClusterConfig"]
        count, gigabytes = resources.get("InstanceCount", 1), resources.get("VolumeSizeInGB", 30)
        self.cluster = Cluster(job.name, job.directory, count, gigabytes)
        self.instance_type: str = resources.get("InstanceType", "ml.m5.large")
        self.outputs: list[Outputs] = []
        self.began = int(job.aws.clock.now())

    async def work(self) -> None:
        try:
            status, reason = await self._phases(), None
        except JobStopped:
            status, reason = "Stopped", None
        except (JobFailed, BuildFailed, StartFailed) as failed:
            status, reason = "Failed", str(failed)
        await self._end(status, reason)

    async def _phases(self) -> str:
        uri = self.request["AppSpecification"]["ImageUri"]
        await self.job.prepare(uri, GROUP)
        image = image_for(uri)
        python = await self.job.aws.part(Environments).of(image, self.log)
        await asyncio.to_thread(self._prepare)
        self.job.check_stopped()
        self.job.update(ProcessingStartTime=self.job.aws.clock.now())
        code = await self._run(image, python)
        if self.job.stopping == "MaxRuntimeExceeded":
            raise JobFailed("ClientError: Job exceeded its MaxRuntimeInSeconds and was stopped.")
        self.job.check_stopped()
        if code:
            raise JobFailed(f"AlgorithmError: See job logs for more information, exit code: {code}")
        await asyncio.to_thread(self._upload)
        return "Completed"

    async def _run(self, image: Image, python: Path) -> int:
        together = self.cluster.environment()
        hosts, mode = self.cluster.hosts, self.job.aws.options.sandbox
        with network_for(self._isolated, len(hosts), mode) as network:
            containers = await self.job.start_all(
                self._container(host, image, python, together, network) for host in hosts
            )
        keeping = [asyncio.create_task(outputs.keep()) for outputs in self.outputs]
        try:
            return await self.job.run(containers, self._seconds())
        finally:
            for task in keeping:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    @property
    def _isolated(self) -> bool:
        return bool(self.request.get("NetworkConfig", {}).get("EnableNetworkIsolation"))

    def _seconds(self) -> float | None:
        limit: float | None = self.request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
        return limit

    async def _container(
        self, host: Host, image: Image, python: Path, together: dict[str, str], network: Network
    ) -> Container:
        box = Box(
            host.root,
            (*toolchain(python), image.folder, *image.import_folders, *image.script_folders),
            host.name,
            self._environment(image, python) | together,
            hosts=self.cluster.addresses,
            network=network,
            seconds=self._seconds(),
            memory=process_memory(self.instance_type),
        )
        await asyncio.to_thread(add_layer, python, host.root, image.script_folders)
        argv = [_interpreter(word) for word in self._command(image)]
        mode = self.job.aws.options.sandbox
        return await Container.start(box, argv, mode, lambda line: self.log(line, host.name))

    def log(self, line: str, host: str = "algo-1") -> None:
        if self.job.may_log:
            self.job.aws.part(Logs).put(GROUP, f"{self.job.name}/{host}-{self.began}", line)

    def _command(self, image: Image) -> list[str]:
        specification = self.request["AppSpecification"]
        entry: list[str] = specification.get("ContainerEntrypoint") or image.processing_command
        if not entry:
            folder = f", or add an executable {image.folder / 'process'}" if image.own else ""
            raise JobFailed(
                "ClientError: The image has no default command here: "
                f"set AppSpecification.ContainerEntrypoint{folder}."
            )
        return entry + list(specification.get("ContainerArguments", []))

    def _prepare(self) -> None:
        for host in self.cluster.hosts:
            for folder in ("config", "output", "processing"):
                (host.root / folder).mkdir(parents=True, exist_ok=True)
            metric_files.create_folder(host.root)
            config = host.root / "config"
            resources = self.cluster.config(host, self.instance_type)
            (config / "resourceconfig.json").write_text(json.dumps(resources))
            (config / "processingjobconfig.json").write_text(json.dumps(self.request))
            for given in self.request.get("ProcessingInputs", []):
                self._download(host, given)
            paths = {o["LocalPath"]: below_processing(o) for o in self._wanted()}
            encryption = under_key(self.request.get("ProcessingOutputConfig", {}))
            outputs = Outputs(self.job.s3, self._wanted(), host, paths, encryption)
            self.outputs.append(outputs)

    def _download(self, host: Host, given: Doc) -> None:
        source, count = given["S3Input"], len(self.cluster.hosts)
        path = below_processing(source)
        download_input(self.job.s3, source, given["InputName"], host, path, count)

    def _upload(self) -> None:
        try:
            for outputs in self.outputs:
                outputs.finish()
        except BAD_INPUT as error:
            raise JobFailed(f"ClientError: Output upload failed: {error}") from None

    def _wanted(self) -> list[Doc]:
        outputs = self.request.get("ProcessingOutputConfig", {}).get("Outputs", [])
        return [output["S3Output"] for output in outputs if "S3Output" in output]

    def _environment(self, image: Image, python: Path) -> dict[str, str]:
        folders = os.pathsep.join(map(str, image.import_folders))
        found = variables(python)
        found["PATH"] += f":{image.programs}"
        return {
            **found,
            **({"PYTHONPATH": folders} if folders else {}),
            **metric_files.VARIABLE,
            **self.job.reach(self._isolated),
            "PROCESSING_JOB_NAME": self.job.name,
            "PROCESSING_JOB_ARN": self.request["ProcessingJobArn"],
            **self.request.get("Environment", {}),
        }

    async def _end(self, status: str, reason: str | None) -> None:
        changes: Doc = {"ProcessingEndTime": self.job.aws.clock.now()}
        if messages := list(filter(None, map(_message, self.cluster.hosts))):
            changes["ExitMessage"] = messages[0].decode(errors="ignore")
        if reason:
            changes["FailureReason"] = reason[:1024]
        publish(self.job.aws, self.request, self.cluster.hosts[0].root)
        for host in self.cluster.hosts:
            await asyncio.to_thread(
                metric_files.store_metrics, self.job.aws, self.component, host.root
            )
        outputs = self.request.get("ProcessingOutputConfig", {}).get("Outputs", [])
        artifacts = {
            o["OutputName"]: {"Value": o["S3Output"]["S3Uri"]} for o in outputs if "S3Output" in o
        }
        finish_component(self.job.aws, self.component, status, OutputArtifacts=artifacts)
        self.job.update(**changes, ProcessingJobStatus=status)


def _message(host: Host) -> bytes | None:
    with Folder.at(host.root) as root:
        return root.read("output/message", MESSAGE_SIZE)


def below_processing(member: Doc) -> str:
    """Return the LocalPath of an S3Input or S3Output relative to /opt/ml; raise AwsError."""
    return below_opt_ml(member.get("LocalPath", ""), "LocalPath", f"{OPT_ML}/processing")


def _interpreter(word: str) -> str:
    """Return the container's interpreter for `python`; any other word unchanged."""
    return str(INTERPRETER) if word in ("python", "python3") else word
