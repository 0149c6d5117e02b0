"""A training job: from its channels to model.tar.gz."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from include.local_aws.containers.container import Container
from include.local_aws.containers.images import TOOLKIT, Image, image_for
from include.local_aws.containers.sandbox import Box, toolchain
from include.local_aws.files import download_prefix, upload_archive
from include.local_aws.jobs.metrics import Scraper
from include.local_aws.jobs.runner import Job, JobFailed, JobStopped
from include.local_aws.services.trial_components import finish_component

Doc = dict[str, Any]
GROUP = "/aws/sagemaker/TrainingJobs"
HOST = "algo-1"
MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "Failed": "Training job failed",
}


class Training:
    """The phases of one training job, in AWS's words."""

    def __init__(self, job: Job, component: str | None) -> None:
        self.job = job
        self.component = component
        self.request = job.doc
        self.image: Image = image_for(self.request["AlgorithmSpecification"]["TrainingImage"])
        specified = self.request["AlgorithmSpecification"].get("MetricDefinitions")
        self.scraper = Scraper(job.aws, job.name, specified or self.image.metric_definitions)
        self.stream = f"{job.name}/{HOST}-{int(job.aws.clock.now())}"

    async def work(self) -> None:
        try:
            status, reason = await self._phases(), None
        except JobStopped as stopped:
            status, reason = str(stopped), None
        except JobFailed as failed:
            status, reason = "Failed", str(failed)
        self._end(status, reason)

    async def _phases(self) -> str:
        """Everything from Starting on; returns the last secondary status."""
        self._enter("Starting")
        python = await self.job.aws.jobs.environments.python(self.image.requirements, self.log)
        self._enter("Downloading")
        await asyncio.to_thread(self._prepare)
        self.job.check_stopped()
        self._enter("Training")
        code = await self._train(python)
        self._enter("Uploading")
        await asyncio.to_thread(self._upload)
        if self.job.stopping:
            return self.job.stopping
        if code:
            raise JobFailed(self._failure(code))
        return "Completed"

    def log(self, line: str) -> None:
        """To CloudWatch Logs, as the platform writes it: a tab becomes #011."""
        line = line.replace("\t", "#011")
        self.job.aws.logs.put(GROUP, self.stream, line)
        self.scraper.read(line, self.job.aws.clock.now())

    def _enter(self, secondary: str) -> None:
        now = self.job.aws.clock.now()
        transitions = self.job.doc.get("SecondaryStatusTransitions", [])
        if transitions:
            transitions[-1].setdefault("EndTime", now)
        message = MESSAGES[secondary]
        transitions.append({"Status": secondary, "StartTime": now, "StatusMessage": message})
        changes: Doc = {"SecondaryStatus": secondary, "SecondaryStatusTransitions": transitions}
        if secondary == "Downloading":
            changes["TrainingStartTime"] = now
        self.job.update(**changes)

    def _prepare(self) -> None:
        """Lay out /opt/ml as AWS does: configuration, channels, empty output folders."""
        root = self.job.root
        for folder in ("input/config", "input/data", "model", "output/data", "code"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        config = {
            "hyperparameters": self.request.get("HyperParameters", {}),
            "inputdataconfig": self._channels(),
            "resourceconfig": self._resources(),
        }
        for name, document in config.items():
            (root / "input" / "config" / f"{name}.json").write_text(json.dumps(document))
        for channel in self.request.get("InputDataConfig", []):
            self._download(channel, root / "input" / "data" / channel["ChannelName"])

    def _download(self, channel: Doc, target: Path) -> None:
        uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
        if not download_prefix(self.job.aws.s3, uri, target):
            raise JobFailed(
                f"ClientError: Data download failed: No S3 objects found under S3 URL {uri!r} "
                f"given in input data source {channel['ChannelName']!r}."
            )

    def _channels(self) -> Doc:
        return {
            channel["ChannelName"]: {
                "TrainingInputMode": "File",
                "S3DistributionType": "FullyReplicated",
                "RecordWrapperType": channel.get("RecordWrapperType", "None"),
            }
            | ({"ContentType": channel["ContentType"]} if "ContentType" in channel else {})
            for channel in self.request.get("InputDataConfig", [])
        }

    def _resources(self) -> Doc:
        kind = self.request["ResourceConfig"].get("InstanceType", "ml.m5.large")
        group = {"instance_group_name": "homogeneousCluster", "instance_type": kind}
        return {
            "current_host": HOST,
            "hosts": [HOST],
            "current_instance_type": kind,
            "current_group_name": "homogeneousCluster",
            "instance_groups": [group | {"hosts": [HOST]}],
            "network_interface_name": "lo",
        }

    async def _train(self, python: Path) -> int:
        argv, visible, environment = await self._entry(python)
        box = Box(self.job.root, visible, HOST, self._environment() | environment)
        container = await Container.start(box, argv, self.job.aws.options.sandbox, self.log)
        limit = self.request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
        return await self.job.run(container, limit)

    async def _entry(self, python: Path) -> tuple[list[str], tuple[Path, ...], dict[str, str]]:
        """A built-in algorithm runs its own code; a script runs through AWS's toolkit."""
        visible = (*toolchain(python), self.image.code)
        if not self.image.script_mode:
            return [str(python), str(self.image.code / "train.py")], visible, {}
        toolkit = await self.job.aws.jobs.environments.python(TOOLKIT, self.log)
        environment = {
            "SAGEMAKER_TRAINING_MODULE": "launcher:main",
            "PYTHONPATH": str(self.image.code),
            "FRAMEWORK_PYTHON": str(python),
        }
        argv = [str(toolkit), "-m", "sagemaker_training.cli.train"]
        return argv, (*visible, toolkit.parents[1]), environment

    def _environment(self) -> dict[str, str]:
        aws = self.job.aws
        return {
            "TRAINING_JOB_NAME": self.job.name,
            "TRAINING_JOB_ARN": self.request["TrainingJobArn"],
            "AWS_REGION": aws.options.region,
            "AWS_DEFAULT_REGION": aws.options.region,
            "AWS_ENDPOINT_URL": aws.options.url,
            "AWS_ACCESS_KEY_ID": "job",
            "AWS_SECRET_ACCESS_KEY": "job",
            "OMP_NUM_THREADS": "1",
            **self.request.get("Environment", {}),
        }

    def _upload(self) -> None:
        base = f"{self.request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{self.job.name}"
        model, output = self.job.root / "model", self.job.root / "output"
        if any(model.iterdir()):
            uri = f"{base}/output/model.tar.gz"
            upload_archive(self.job.aws.s3, model, uri)
            self.job.update(ModelArtifacts={"S3ModelArtifacts": uri})
        if any((output / "data").iterdir()) or (output / "failure").exists():
            upload_archive(self.job.aws.s3, output, f"{base}/output/output.tar.gz")

    def _failure(self, code: int) -> str:
        written = self.job.root / "output" / "failure"
        text = written.read_text(errors="replace") if written.exists() else f"exit code: {code}"
        prefix = "" if text.startswith(("ClientError:", "AlgorithmError:")) else "AlgorithmError: "
        return (prefix + text)[:1024]

    def _end(self, secondary: str, reason: str | None) -> None:
        now = self.job.aws.clock.now()
        self._enter(secondary)
        transitions = self.job.doc["SecondaryStatusTransitions"]
        transitions[-1] |= {"EndTime": now} | ({"StatusMessage": reason} if reason else {})
        status = secondary if secondary in ("Completed", "Failed") else "Stopped"
        seconds = int(now - self.job.doc.get("TrainingStartTime", now)) + 1
        self.scraper.publish(self.component)
        changes = {
            "TrainingEndTime": now,
            "TrainingTimeInSeconds": seconds,
            "BillableTimeInSeconds": seconds,
            "SecondaryStatusTransitions": transitions,
            "FinalMetricDataList": self.scraper.final(),
        } | ({"FailureReason": reason} if reason else {})
        model = self.job.doc.get("ModelArtifacts", {}).get("S3ModelArtifacts")
        artifact = {"SageMaker.ModelArtifact": {"Value": model}} if model else {}
        finish_component(self.job.aws, self.component, status, OutputArtifacts=artifact)
        self.job.update(**changes, TrainingJobStatus=status)
