"""A batch transform job: files through a model server of its own, by record or in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp

from include.local_aws.containers.server import ModelServer, ServerFailed, start_server
from include.local_aws.files import keys_under, split_uri
from include.local_aws.jobs.runner import Job, JobFailed, JobStopped
from include.local_aws.services.models import MODEL, containers_of
from include.local_aws.services.trial_components import finish_component

Doc = dict[str, Any]
GROUP = "/aws/sagemaker/TransformJobs"
MEGABYTE = 1 << 20
DEFAULTS = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD", "MaxPayloadInMB": 6}


class BadRecord(Exception):
    """Raised when the model refuses a request: its file gets no output, the others do."""


class Transform:
    """The phases of one transform job."""

    def __init__(self, job: Job, component: str | None) -> None:
        self.job = job
        self.component = component
        self.request = job.doc
        self.stream = f"{job.name}/i-{int(job.aws.clock.now()):x}"

    async def work(self) -> None:
        server: ModelServer | None = None
        try:
            server = await self._start()
            status, reason = "Completed", None
            await self._transform(server)
        except JobStopped:
            status, reason = "Stopped", None
        except (JobFailed, ServerFailed) as failed:
            status, reason = "Failed", str(failed)
        if server:
            await server.stop(patience=2)
        self._end(status, reason)

    def log(self, line: str) -> None:
        self.job.aws.logs.put(GROUP, self.stream, line)

    async def _start(self) -> ModelServer:
        aws = self.job.aws
        model = MODEL.get(aws, self.request["ModelName"])
        container = containers_of(aws, model)[0]
        server = await start_server(
            aws, container, self.job.directory / "server", self.log, self._environment()
        )
        self.job.update(TransformStartTime=aws.clock.now())
        await server.ready()
        self.job.check_stopped()
        return server

    def _environment(self) -> dict[str, str]:
        """SAGEMAKER_BATCH always; the limits only where the user set them."""
        request = self.request
        set_by_user = {
            "SAGEMAKER_MAX_PAYLOAD_IN_MB": request.get("MaxPayloadInMB"),
            "SAGEMAKER_BATCH_STRATEGY": _upper(request.get("BatchStrategy")),
            "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": request.get("MaxConcurrentTransforms"),
        }
        chosen = {name: str(value) for name, value in set_by_user.items() if value is not None}
        environment: dict[str, str] = request.get("Environment", {})
        return {"SAGEMAKER_BATCH": "true"} | chosen | environment

    async def _transform(self, server: ModelServer) -> None:
        timeout = self.request.get("ModelClientConfig", {}).get("InvocationsTimeoutInSeconds", 600)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout)) as http:
            limits = await self._limits(http, server)
            summary = ", ".join(f"{name}={value}" for name, value in limits.items())
            self.log(f"[sagemaker logs]: {summary}")
            failed = [
                key
                for key, relative in await asyncio.to_thread(self._inputs)
                if not await self._transform_file(http, server, limits, key, relative)
            ]
        if failed:
            raise JobFailed("ClientError: See job logs for more information")

    async def _limits(self, http: aiohttp.ClientSession, server: ModelServer) -> Doc:
        """The request's settings, else what the model server says, else AWS's defaults."""
        async with http.get(f"{server.url}/execution-parameters") as response:
            told = await response.json() if response.status == 200 else {}
        limits = DEFAULTS | told
        limits |= {name: self.request[name] for name in DEFAULTS if name in self.request}
        limits["BatchStrategy"] = _upper(limits["BatchStrategy"])
        return limits

    def _inputs(self) -> list[tuple[str, str]]:
        uri = self.request["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"]
        found = list(keys_under(self.job.aws.s3, uri))
        if not found:
            raise JobFailed(f"ClientError: No S3 objects found under S3 URL {uri!r}.")
        return found

    async def _transform_file(
        self, http: aiohttp.ClientSession, server: ModelServer, limits: Doc, key: str, name: str
    ) -> bool:
        """One object in, one `.out` object out; False when a record of it was refused."""
        aws = self.job.aws
        bucket, _ = split_uri(self.request["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"])
        got = await asyncio.to_thread(aws.s3.get_object, Bucket=bucket, Key=key)
        data = await asyncio.to_thread(got["Body"].read)
        try:
            payloads = list(self._payloads(data, limits))
            results = await self._invoke_all(http, server, limits, payloads)
        except BadRecord as refused:
            self.log(f"[sagemaker logs]: {bucket}/{key}: {refused}")
            return False
        await asyncio.to_thread(self._upload, name, results)
        return True

    def _payloads(self, data: bytes, limits: Doc) -> Iterator[bytes]:
        """Whole file, single records, or as many records as fit into a payload."""
        limit = limits["MaxPayloadInMB"] * MEGABYTE or 1 << 62
        split = self.request["TransformInput"].get("SplitType", "None")
        if split == "None":
            yield data
            return
        batch: list[bytes] = []
        size = 0
        single = limits["BatchStrategy"] == "SINGLE_RECORD"
        for record in data.splitlines(keepends=True):
            if len(record) > limit:
                raise BadRecord(f"ClientError: a record of {len(record)} bytes exceeds {limit}")
            if batch and (single or size + len(record) > limit):
                yield b"".join(batch)
                batch, size = [], 0
            batch.append(record)
            size += len(record)
        if batch:
            yield b"".join(batch)

    async def _invoke_all(
        self, http: aiohttp.ClientSession, server: ModelServer, limits: Doc, payloads: list[bytes]
    ) -> list[bytes]:
        """At most MaxConcurrentTransforms at a time; answers stay in the order of the file."""
        slots = asyncio.Semaphore(limits["MaxConcurrentTransforms"])

        async def invoke(payload: bytes) -> bytes:
            async with slots:
                return await self._invoke(http, server, payload)

        return list(await asyncio.gather(*(invoke(payload) for payload in payloads)))

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
            if response.status != 200:
                text = body.decode(errors="replace")[:500]
                raise BadRecord(f"ClientError: {response.status}\n{text}")
            return body

    def _upload(self, name: str, results: list[bytes]) -> None:
        output = self.request["TransformOutput"]
        if output.get("AssembleWith") == "Line":
            results = [r if r.endswith(b"\n") else r + b"\n" for r in results]
        bucket, prefix = split_uri(output["S3OutputPath"])
        key = "/".join(filter(None, [prefix.rstrip("/"), f"{name}.out"]))
        self.job.aws.s3.put_object(Bucket=bucket, Key=key, Body=b"".join(results))

    def _end(self, status: str, reason: str | None) -> None:
        changes: Doc = {"TransformEndTime": self.job.aws.clock.now()}
        if reason:
            changes["FailureReason"] = reason
        output = {"SageMaker.TransformOutput": {"Value": self._output_uri()}}
        finish_component(self.job.aws, self.component, status, OutputArtifacts=output)
        self.job.update(**changes, TransformJobStatus=status)

    def _output_uri(self) -> str:
        return str(self.request["TransformOutput"]["S3OutputPath"])


def _upper(strategy: str | None) -> str | None:
    """The API says MultiRecord, containers say MULTI_RECORD."""
    names = {"MultiRecord": "MULTI_RECORD", "SingleRecord": "SINGLE_RECORD"}
    return names.get(strategy, strategy) if strategy else None
