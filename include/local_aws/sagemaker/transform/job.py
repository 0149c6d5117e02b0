"""A batch transform job: files through a separate model server, by record or in batches."""

from __future__ import annotations

import asyncio

import aiohttp

from ...cloudwatch.logs import Logs
from ...containers.model_data import ServerFailed
from ...containers.model_servers import ModelServers, container_names, start_servers
from ...core.s3_encryption import under_some_key
from ...core.s3_files import BAD_INPUT, split_uri
from ...core.store import Doc
from ..experiments.trial_components import finish_component
from ..jobs.channels import S3Object, objects
from ..jobs.runner import Job, JobFailed, JobStopped
from ..models.models import serving_containers
from .data_processing import Association
from .invocations import Client, container_strategy
from .records import BadRecord, Payload, associated, payloads, unpacked

GROUP = "/aws/sagemaker/TransformJobs"


class Transform:
    """The phases of one transform job."""

    def __init__(self, job: Job, component: str) -> None:
        self.job = job
        self.component = component
        self.request = job.doc
        self.split: str = self.request["TransformInput"].get("SplitType", "None")
        self.association = Association(self.request)
        self.stream = f"{job.name}/i-{int(job.aws.clock.now()):x}"
        self.containers = serving_containers(job.aws, self.request["ModelName"])
        self.names = container_names(self.containers)
        job.role = self.containers[0]["ExecutionRoleArn"]  # the model's: the job has none

    async def work(self) -> None:
        servers: list[ModelServers] = []
        try:
            status, reason = await self._outcome(servers)
        finally:
            await asyncio.gather(*(server.stop(patience=2) for server in servers))
        self._end(status, reason)

    async def _outcome(self, servers: list[ModelServers]) -> tuple[str, str | None]:
        """Run the phases; return the job's status, and its FailureReason if it failed."""
        try:
            for container in self.containers:
                await self.job.prepare(container["Image"], GROUP)
            await self._start(servers)
            await self._transform(servers)
        except JobStopped:
            return "Stopped", None
        except (JobFailed, ServerFailed) as failed:
            return "Failed", str(failed)
        except BAD_INPUT as error:
            return "Failed", f"ClientError: {error}"
        return "Completed", None

    def log(self, line: str) -> None:
        if self.job.may_log:
            self.job.aws.part(Logs).put(GROUP, self.stream, line)

    def _log_of_container(self, name: str, line: str) -> None:
        """Store a line of a container; of several ones, each has a stream of its own."""
        if self.job.may_log:
            stream = self.stream if len(self.names) == 1 else f"{self.stream}/{name}"
            self.job.aws.part(Logs).put(GROUP, stream, line)

    async def _start(self, servers: list[ModelServers]) -> None:
        """Start the model's containers on each instance, and add them to *servers*."""
        aws, resources = self.job.aws, self.request["TransformResources"]
        for number in range(resources.get("InstanceCount", 1)):
            folder = self.job.directory / f"server-{number}"
            servers.append(
                await start_servers(
                    aws,
                    self.containers,
                    folder,
                    self._log_of_container,
                    self._environment(),
                    resources.get("InstanceType"),
                )
            )
        self.job.update(TransformStartTime=aws.clock.now())
        await asyncio.gather(*(server.ready() for server in servers))
        self.job.check_stopped()

    def _environment(self) -> dict[str, str]:
        """Return SAGEMAKER_BATCH, and the limits that the user has set."""
        request = self.request
        set_by_user = {
            "SAGEMAKER_MAX_PAYLOAD_IN_MB": request.get("MaxPayloadInMB"),
            "SAGEMAKER_BATCH_STRATEGY": container_strategy(request.get("BatchStrategy")),
            "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": request.get("MaxConcurrentTransforms"),
        }
        chosen = {name: str(value) for name, value in set_by_user.items() if value is not None}
        environment: dict[str, str] = request.get("Environment", {})
        return {"SAGEMAKER_BATCH": "true"} | chosen | environment

    async def _transform(self, servers: list[ModelServers]) -> None:
        """Distribute the files over the instances; a request has records of one file only."""
        config = self.request.get("ModelClientConfig", {})
        timeout = aiohttp.ClientTimeout(total=config.get("InvocationsTimeoutInSeconds", 600))
        async with aiohttp.ClientSession(timeout=timeout) as http:
            clients = [
                Client(http, server, self.request, self.log, self.job.check_stopped)
                for server in servers
            ]
            limits = await clients[0].limits()
            summary = ", ".join(f"{name}={value}" for name, value in limits.items())
            self.log(f"[sagemaker logs]: {summary}")
            files = await asyncio.to_thread(self._inputs)
            shares = [
                self._transform_files(client, limits, files[number :: len(clients)])
                for number, client in enumerate(clients)
            ]
            done = await asyncio.gather(*shares)
        if not all(done):
            raise JobFailed("ClientError: See job logs for more information")

    async def _transform_files(self, client: Client, limits: Doc, files: list[S3Object]) -> bool:
        """Transform *files*, even after a failure; return whether all succeeded."""
        done = [await self._transform_file(client, limits, *file) for file in files]
        return all(done)

    def _inputs(self) -> list[S3Object]:
        source = self.request["TransformInput"]["DataSource"]["S3DataSource"]
        inputs = list(objects(self.job.s3, source))
        if not inputs:
            raise JobFailed(f"ClientError: No S3 objects found under S3 URL {source['S3Uri']!r}.")
        return inputs

    async def _transform_file(
        self, client: Client, limits: Doc, bucket: str, key: str, name: str
    ) -> bool:
        """Transform one object to one `.out` object; return False if a record was refused."""
        source = self.request["TransformInput"]
        data = await asyncio.to_thread(self._read, bucket, key)
        try:
            text = await asyncio.to_thread(unpacked, data, source)
            cut = await asyncio.to_thread(self._payloads, text, limits)
            results = await self._invoke_all(client, limits, cut)
        except BadRecord as refused:
            self.log(f"[sagemaker logs]: {bucket}/{key}: {refused}")
            return False
        await asyncio.to_thread(self._upload, name, results)
        return True

    def _read(self, bucket: str, key: str) -> bytes:
        content: bytes = self.job.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def _payloads(self, text: bytes, limits: Doc) -> list[Payload]:
        return list(payloads(text, self.split, limits, self.association))

    async def _invoke_all(self, client: Client, limits: Doc, cut: list[Payload]) -> list[bytes]:
        """Invoke the model, MaxConcurrentTransforms at a time; return responses in order."""
        slots = asyncio.Semaphore(limits["MaxConcurrentTransforms"])

        async def invoke(payload: Payload) -> bytes:
            async with slots:
                answer = await client.invoke(payload.body)
            return await asyncio.to_thread(
                associated, payload, answer, self.split, self.association
            )

        return list(await asyncio.gather(*(invoke(payload) for payload in cut)))

    def _upload(self, name: str, results: list[bytes]) -> None:
        output = self.request["TransformOutput"]
        if output.get("AssembleWith") == "Line":
            results = [r if r.endswith(b"\n") else r + b"\n" for r in results]
        bucket, prefix = split_uri(output["S3OutputPath"])
        key = "/".join(filter(None, [prefix.rstrip("/"), f"{name}.out"]))
        body = b"".join(results)
        self.job.s3.put_object(Bucket=bucket, Key=key, Body=body, **under_some_key(output))

    def _end(self, status: str, reason: str | None) -> None:
        changes: Doc = {"TransformEndTime": self.job.aws.clock.now()}
        if reason:
            changes["FailureReason"] = reason
        output = {"SageMaker.TransformOutput": {"Value": self._output_uri()}}
        finish_component(self.job.aws, self.component, status, OutputArtifacts=output)
        self.job.update(**changes, TransformJobStatus=status)

    def _output_uri(self) -> str:
        return str(self.request["TransformOutput"]["S3OutputPath"])
