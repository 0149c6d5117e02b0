"""A batch transform job: files through a separate model server, by record or in batches."""

from __future__ import annotations

import asyncio
import json

import aiohttp

from ...cloudwatch.logs import Logs
from ...containers.model_server import ModelServer, ServerFailed, start_server
from ...core.s3_encryption import under_some_key
from ...core.s3_files import split_uri
from ...core.store import Doc
from ..experiments.trial_components import finish_component
from ..jobs.channels import objects
from ..jobs.runner import Job, JobFailed, JobStopped
from ..models.models import only_container
from .data_processing import Association
from .records import BadRecord, Payload, associated, payloads, unpacked

GROUP = "/aws/sagemaker/TransformJobs"
Object = tuple[str, str, str]  # bucket, key, path relative to the input prefix
RETRIES = 3
DEFAULTS = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD", "MaxPayloadInMB": 6}


class ServerBroke(Exception):
    """Raised when the model's server responds with 5xx."""


BROKEN = (ServerBroke, aiohttp.ClientError, TimeoutError)


class Transform:
    """The phases of one transform job."""

    def __init__(self, job: Job, component: str) -> None:
        self.job = job
        self.component = component
        self.request = job.doc
        self.split: str = self.request["TransformInput"].get("SplitType", "None")
        self.association = Association(self.request)
        self.stream = f"{job.name}/i-{int(job.aws.clock.now()):x}"
        self.container = only_container(job.aws, self.request["ModelName"])
        job.role = self.container["ExecutionRoleArn"]  # the model's: the job has none

    async def work(self) -> None:
        servers: list[ModelServer] = []
        try:
            await self.job.prepare(self.container["Image"], GROUP)
            await self._start(servers)
            status, reason = "Completed", None
            await self._transform(servers)
        except JobStopped:
            status, reason = "Stopped", None
        except (JobFailed, ServerFailed) as failed:
            status, reason = "Failed", str(failed)
        await asyncio.gather(*(server.stop(patience=2) for server in servers))
        self._end(status, reason)

    def log(self, line: str) -> None:
        if self.job.may_log:
            self.job.aws.part(Logs).put(GROUP, self.stream, line)

    async def _start(self, servers: list[ModelServer]) -> None:
        """Start one model server per instance, and add it to *servers*."""
        aws = self.job.aws
        for number in range(self.request["TransformResources"].get("InstanceCount", 1)):
            folder = self.job.directory / f"server-{number}"
            server = await start_server(aws, self.container, folder, self.log, self._environment())
            servers.append(server)
        self.job.update(TransformStartTime=aws.clock.now())
        await asyncio.gather(*(server.ready() for server in servers))
        self.job.check_stopped()

    def _environment(self) -> dict[str, str]:
        """Return SAGEMAKER_BATCH, and the limits that the user has set."""
        request = self.request
        set_by_user = {
            "SAGEMAKER_MAX_PAYLOAD_IN_MB": request.get("MaxPayloadInMB"),
            "SAGEMAKER_BATCH_STRATEGY": _upper(request.get("BatchStrategy")),
            "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": request.get("MaxConcurrentTransforms"),
        }
        chosen = {name: str(value) for name, value in set_by_user.items() if value is not None}
        environment: dict[str, str] = request.get("Environment", {})
        return {"SAGEMAKER_BATCH": "true"} | chosen | environment

    async def _transform(self, servers: list[ModelServer]) -> None:
        """Distribute the files over the instances; a request has records of one file only."""
        config = self.request.get("ModelClientConfig", {})
        timeout = aiohttp.ClientTimeout(total=config.get("InvocationsTimeoutInSeconds", 600))
        async with aiohttp.ClientSession(timeout=timeout) as http:
            limits = await self._limits(http, servers[0])
            summary = ", ".join(f"{name}={value}" for name, value in limits.items())
            self.log(f"[sagemaker logs]: {summary}")
            files = await asyncio.to_thread(self._inputs)
            shares = [
                self._transform_files(http, server, limits, files[number :: len(servers)])
                for number, server in enumerate(servers)
            ]
            done = await asyncio.gather(*shares)
        if not all(done):
            raise JobFailed("ClientError: See job logs for more information")

    async def _transform_files(
        self, http: aiohttp.ClientSession, server: ModelServer, limits: Doc, files: list[Object]
    ) -> bool:
        """Transform *files*, even after a failure; return whether all succeeded."""
        done = [await self._transform_file(http, server, limits, *file) for file in files]
        return all(done)

    async def _limits(self, http: aiohttp.ClientSession, server: ModelServer) -> Doc:
        """Return the limits of the request, else of the model server, else AWS's defaults."""
        async with http.get(f"{server.url}/execution-parameters") as response:
            named = _named_limits(await response.text()) if response.status == 200 else {}
        limits: Doc = DEFAULTS | named
        limits |= {name: self.request[name] for name in DEFAULTS if name in self.request}
        limits["BatchStrategy"] = _upper(limits["BatchStrategy"])
        return limits

    def _inputs(self) -> list[Object]:
        source = self.request["TransformInput"]["DataSource"]["S3DataSource"]
        inputs = list(objects(self.job.s3, source))
        if not inputs:
            raise JobFailed(f"ClientError: No S3 objects found under S3 URL {source['S3Uri']!r}.")
        return inputs

    async def _transform_file(
        self,
        http: aiohttp.ClientSession,
        server: ModelServer,
        limits: Doc,
        bucket: str,
        key: str,
        name: str,
    ) -> bool:
        """Transform one object to one `.out` object; return False if a record was refused."""
        source = self.request["TransformInput"]
        data = await asyncio.to_thread(self._read, bucket, key)
        try:
            text = await asyncio.to_thread(unpacked, data, source)
            cut = await asyncio.to_thread(self._payloads, text, limits)
            results = await self._invoke_all(http, server, limits, cut)
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

    async def _invoke_all(
        self, http: aiohttp.ClientSession, server: ModelServer, limits: Doc, cut: list[Payload]
    ) -> list[bytes]:
        """Invoke the model, MaxConcurrentTransforms at a time; return responses in order."""
        slots = asyncio.Semaphore(limits["MaxConcurrentTransforms"])

        async def invoke(payload: Payload) -> bytes:
            async with slots:
                answer = await self._invoke_with_retries(http, server, payload.body)
            return await asyncio.to_thread(
                associated, payload, answer, self.split, self.association
            )

        return list(await asyncio.gather(*(invoke(payload) for payload in cut)))

    async def _invoke_with_retries(
        self, http: aiohttp.ClientSession, server: ModelServer, payload: bytes
    ) -> bytes:
        """Invoke the model, with retries after server errors but not after refusals."""
        retries = self.request.get("ModelClientConfig", {}).get("InvocationsMaxRetries", RETRIES)
        for _ in range(retries):
            try:
                return await self._invoke(http, server, payload)
            except BROKEN as broken:
                self.log(f"[sagemaker logs]: {broken or type(broken).__name__}: retrying")
        try:
            return await self._invoke(http, server, payload)
        except BROKEN as broken:
            text = f"Unable to get response from algorithm: {broken or type(broken).__name__}"
            raise BadRecord(f"ClientError: {text}") from None

    async def _invoke(
        self, http: aiohttp.ClientSession, server: ModelServer, payload: bytes
    ) -> bytes:
        self.job.check_stopped()
        headers = {"Content-Type": self.request["TransformInput"].get("ContentType", "text/csv")}
        if accept := self.request["TransformOutput"].get("Accept"):
            headers["Accept"] = accept
        url = f"{server.url}/invocations"
        async with http.post(url, data=payload, headers=headers) as response:
            body = await response.read()
            if response.status == 200:
                return body
            text = f"{response.status}\n{body.decode(errors='replace')[:500]}"
            if response.status >= 500:
                raise ServerBroke(text)
            raise BadRecord(f"ClientError: {text}")

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


def _named_limits(text: str) -> Doc:
    """Return the limits in the response of a model server; empty if it is not an object."""
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(document, dict):
        return {}
    return {name: document[name] for name in DEFAULTS if name in document}


def _upper(strategy: str | None) -> str | None:
    """Return the container's name of a strategy: MultiRecord of the API is MULTI_RECORD."""
    names = {"MultiRecord": "MULTI_RECORD", "SingleRecord": "SINGLE_RECORD"}
    return names.get(strategy, strategy) if strategy else None
