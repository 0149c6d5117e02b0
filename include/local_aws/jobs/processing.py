"""A processing job: inputs in, a command of the user's, outputs back to S3."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from include.local_aws.containers.container import Container
from include.local_aws.containers.images import image_for
from include.local_aws.containers.sandbox import OPT_ML, Box, toolchain
from include.local_aws.files import download_prefix, upload_folder
from include.local_aws.jobs.runner import Job, JobFailed, JobStopped
from include.local_aws.services.trial_components import finish_component

Doc = dict[str, Any]
GROUP = "/aws/sagemaker/ProcessingJobs"
HOST = "algo-1"
MESSAGE_SIZE = 1024  # bytes of /opt/ml/output/message that become the ExitMessage


class Processing:
    """The phases of one processing job."""

    def __init__(self, job: Job, component: str | None) -> None:
        self.job = job
        self.component = component
        self.request = job.doc
        self.stream = f"{job.name}/{HOST}-{int(job.aws.clock.now())}"

    async def work(self) -> None:
        try:
            status, reason = await self._phases(), None
        except JobStopped:
            status, reason = "Stopped", None
        except JobFailed as failed:
            status, reason = "Failed", str(failed)
        self._end(status, reason)

    async def _phases(self) -> str:
        image = image_for(self.request["AppSpecification"]["ImageUri"])
        python = await self.job.aws.jobs.environments.python(image.requirements, self.log)
        await asyncio.to_thread(self._prepare)
        self.job.check_stopped()
        self.job.update(ProcessingStartTime=self.job.aws.clock.now())
        box = Box(self.job.root, toolchain(python), HOST, self._environment(python))
        argv = [_interpreter(word, python) for word in self._command()]
        container = await Container.start(box, argv, self.job.aws.options.sandbox, self.log)
        limit = self.request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
        code = await self.job.run(container, limit)
        if self.job.stopping == "MaxRuntimeExceeded":
            raise JobFailed("ClientError: Job exceeded its MaxRuntimeInSeconds and was stopped.")
        self.job.check_stopped()
        if code:
            raise JobFailed(f"AlgorithmError: See job logs for more information, exit code: {code}")
        await asyncio.to_thread(self._upload)
        return "Completed"

    def log(self, line: str) -> None:
        self.job.aws.logs.put(GROUP, self.stream, line)

    def _command(self) -> list[str]:
        specification = self.request["AppSpecification"]
        entry: list[str] = specification.get("ContainerEntrypoint", [])
        if not entry:
            raise JobFailed(
                "ClientError: The image has no command of its own here: "
                "set AppSpecification.ContainerEntrypoint."
            )
        return entry + list(specification.get("ContainerArguments", []))

    def _prepare(self) -> None:
        for folder in ("config", "output", "processing"):
            (self.job.root / folder).mkdir(parents=True, exist_ok=True)
        hosts = {"current_host": HOST, "hosts": [HOST]}
        config = self.job.root / "config"
        (config / "resourceconfig.json").write_text(json.dumps(hosts))
        (config / "processingjobconfig.json").write_text(json.dumps(self.request))
        for given in self.request.get("ProcessingInputs", []):
            source = given["S3Input"]
            target = self._inside(source["LocalPath"])
            if not download_prefix(self.job.aws.s3, source["S3Uri"], target):
                raise JobFailed(
                    f"ClientError: Data download failed: No S3 objects found under S3 URL "
                    f"{source['S3Uri']!r} given in input {given['InputName']!r}."
                )
        for output in self._outputs():
            self._inside(output["LocalPath"]).mkdir(parents=True, exist_ok=True)

    def _outputs(self) -> list[Doc]:
        outputs = self.request.get("ProcessingOutputConfig", {}).get("Outputs", [])
        return [output["S3Output"] for output in outputs if "S3Output" in output]

    def _inside(self, local_path: str) -> Path:
        """The place on this machine of a path that the container knows as /opt/ml/..."""
        if not local_path.startswith(f"{OPT_ML}/processing"):
            raise JobFailed(
                f"ClientError: LocalPath {local_path!r} is not below {OPT_ML}/processing."
            )
        return self.job.root / local_path.removeprefix(OPT_ML).lstrip("/")

    def _environment(self, python: Path) -> dict[str, str]:
        aws = self.job.aws
        return {
            "PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin",
            "AWS_REGION": aws.options.region,
            "AWS_DEFAULT_REGION": aws.options.region,
            "AWS_ENDPOINT_URL": aws.options.url,
            "AWS_ACCESS_KEY_ID": "job",
            "AWS_SECRET_ACCESS_KEY": "job",
            "PROCESSING_JOB_NAME": self.job.name,
            "PROCESSING_JOB_ARN": self.request["ProcessingJobArn"],
            **self.request.get("Environment", {}),
        }

    def _upload(self) -> None:
        for output in self._outputs():
            folder = self._inside(output["LocalPath"])
            upload_folder(self.job.aws.s3, folder, output["S3Uri"])

    def _end(self, status: str, reason: str | None) -> None:
        message = self.job.root / "output" / "message"
        changes: Doc = {"ProcessingEndTime": self.job.aws.clock.now()}
        if message.exists():
            text = message.read_bytes()[:MESSAGE_SIZE].decode(errors="ignore")
            changes["ExitMessage"] = text
        if reason:
            changes["FailureReason"] = reason
        outputs = self.request.get("ProcessingOutputConfig", {}).get("Outputs", [])
        artifacts = {o["OutputName"]: {"Value": o["S3Output"]["S3Uri"]} for o in outputs}
        finish_component(self.job.aws, self.component, status, OutputArtifacts=artifacts)
        self.job.update(**changes, ProcessingJobStatus=status)


def _interpreter(word: str, python: Path) -> str:
    """An image's python is the environment's."""
    return str(python) if word in ("python", "python3") else word
