"""The queue of asynchronous endpoints: durable, first in first out, results in S3."""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from ...cloudwatch.metrics import Metrics
from ...core.s3_encryption import under_key
from ...core.s3_files import split_uri
from ...core.store import Doc, Missing
from ...core.supervision import Tasks
from . import async_requests
from .async_notices import notify
from .connections import ConnectionLostError, Invocation, Response
from .errors import model_error, silent

if TYPE_CHECKING:
    from ...core.account import Aws
    from .deployments import Variant
    from .observations import Observations
    from .traffic import Traffic

log = logging.getLogger(__name__)
RESPONSE_LIMIT = 1 << 30  # bytes, as on AWS
AT_ONCE = 4  # requests per instance without MaxConcurrentInvocationsPerInstance
POLL_SECONDS = 0.05
NAMESPACE = "AWS/SageMaker"


class AsyncQueue:
    """Sends waiting requests to instances that have capacity."""

    def __init__(self, aws: Aws, live: Mapping[str, Traffic], observations: Observations) -> None:
        self._aws = aws
        self._live = live
        self._observations = observations
        self._waiting: dict[str, list[Doc]] = defaultdict(list)
        self._running: dict[str, Tasks] = defaultdict(lambda: Tasks("An asynchronous request"))
        self._added = asyncio.Event()

    def load(self) -> None:
        """Load the requests that were waiting or in progress when the server ended."""
        for doc in self._aws.store.list(async_requests.KIND):
            self.add(doc)

    def add(self, doc: Doc) -> None:
        self._waiting[doc["EndpointName"]].append(doc)
        self._added.set()

    async def run(self) -> None:
        """Start requests while there is capacity, without end."""
        while True:
            for endpoint in list(self._waiting):
                self._dispatch(endpoint)
            if not any(self._waiting.values()):
                self._added.clear()
                await self._added.wait()
            else:
                await asyncio.sleep(POLL_SECONDS)

    async def stop(self) -> None:
        await asyncio.gather(*(running.stop() for running in self._running.values()))

    def forget(self, endpoint: str) -> None:
        """Delete the queue of a deleted endpoint."""
        for doc in self._waiting.pop(endpoint, []):
            self._done(doc)

    def publish(self) -> None:
        """Publish the backlog metrics, by which asynchronous endpoints are scaled."""
        for endpoint, traffic in self._live.items():
            if traffic.present.asynchronous is None:
                continue
            waiting = self._waiting.get(endpoint, [])
            instances = sum(traffic.present.running().values())
            size = len(waiting) + len(self._running.get(endpoint, ()))
            age = max((self._age(doc) for doc in waiting), default=0.0)
            self._put(endpoint, "ApproximateBacklogSize", size)
            self._put(endpoint, "ApproximateBacklogSizePerInstance", size / max(instances, 1))
            self._put(endpoint, "HasBacklogWithoutCapacity", float(size > 0 and not instances))
            self._put(endpoint, "ApproximateAgeOfOldestRequest", age)

    def _put(self, endpoint: str, metric: str, value: float) -> None:
        self._aws.part(Metrics).put(NAMESPACE, metric, {"EndpointName": endpoint}, value)

    def _dispatch(self, endpoint: str) -> None:
        traffic = self._live.get(endpoint)
        config = traffic.present.asynchronous if traffic else None
        if traffic is None or config is None:
            return
        client = config.get("ClientConfig", {})
        each = client.get("MaxConcurrentInvocationsPerInstance", AT_ONCE)
        room = each * sum(traffic.present.running().values())
        waiting, running = self._waiting[endpoint], self._running[endpoint]
        while waiting and (len(running) < room or self._is_expired(waiting[0])):
            running.begin(self._process(traffic, waiting.pop(0), config))

    def _age(self, doc: Doc) -> float:
        """Return the age of a request in AWS seconds."""
        return float(self._aws.clock.now() - doc["Received"]) * self._aws.clock.scale

    def _is_expired(self, doc: Doc) -> bool:
        return bool(self._age(doc) > doc["RequestTTLSeconds"])

    async def _process(self, traffic: Traffic, doc: Doc, config: Doc) -> None:
        try:
            if self._is_expired(doc):
                ttl = doc["RequestTTLSeconds"]
                raise _FailedError(f"The request expired: it waited longer than its {ttl} seconds.")
            response = await self._answer(traffic, doc)
            role = traffic.present.role
            await asyncio.to_thread(self._store, role, config, doc["OutputLocation"], response)
            await asyncio.to_thread(notify, self._aws, role, doc, config, response, None)
        except _FailedError as failure:
            await self._fail(traffic, doc, config, str(failure))
        except Exception as error:  # noqa: BLE001  (such as a deleted bucket: the caller gets the error)
            await self._fail(traffic, doc, config, f"InternalServerError: {error}")
        self._done(doc)

    async def _answer(self, traffic: Traffic, doc: Doc) -> Response:
        body, kind = await asyncio.to_thread(self._input, traffic.present.role, doc)
        doc = ({"ContentType": kind} if kind else {}) | doc  # the request's own comes first
        began = time.perf_counter()
        variant, response = await self._asked(traffic, doc, body)
        headers = dict(async_requests.model_headers(doc))
        seconds = time.perf_counter() - began
        request = (headers, body)
        self._observations.record(doc["EndpointName"], variant, request, response, seconds, 0.0)
        if not response.is_success:
            raise _FailedError(model_error(self._aws, doc["EndpointName"], response).message)
        return response

    async def _asked(self, traffic: Traffic, doc: Doc, body: bytes) -> tuple[Variant, Response]:
        headers = async_requests.model_headers(doc)
        invocation = Invocation(headers, body, limit=RESPONSE_LIMIT)
        variant = traffic.next()
        try:
            async with asyncio.timeout(doc["InvocationTimeoutSeconds"]):
                while (response := await variant.ask(invocation)) is None:
                    if self._live.get(name := doc["EndpointName"]) is not traffic:
                        raise _FailedError(f"Endpoint {name} was deleted.")
                    await asyncio.sleep(POLL_SECONDS)
                    variant = traffic.next()
                return variant, response
        except TimeoutError:
            limit = doc["InvocationTimeoutSeconds"]
            return variant, silent(f"The invocation took longer than its {limit} seconds.")
        except ConnectionLostError as lost:
            return variant, silent(str(lost))

    def _input(self, role: str, doc: Doc) -> tuple[bytes, str | None]:
        """Return the body of a request, and the media type of its object in S3."""
        if "InputLocation" not in doc:
            return base64.b64decode(doc["Body"]), None
        bucket, key = split_uri(doc["InputLocation"])
        s3 = self._aws.client("s3", role)
        try:
            stored = s3.get_object(Bucket=bucket, Key=key)
            return stored["Body"].read(), stored.get("ContentType")
        except s3.exceptions.ClientError as error:
            raise _FailedError(f"Unable to download {doc['InputLocation']}: {error}") from None

    def _store(self, role: str, config: Doc, location: str, response: Response) -> None:
        bucket, key = split_uri(location)
        kind = dict(response.headers).get(b"content-type", b"application/octet-stream")
        self._aws.client("s3", role).put_object(
            Bucket=bucket,
            Key=key,
            Body=response.body,
            ContentType=kind.decode("latin-1"),
            **under_key(config["OutputConfig"]),
        )

    async def _fail(self, traffic: Traffic, doc: Doc, config: Doc, reason: str) -> None:
        response = Response(400, [(b"content-type", b"text/plain")], reason.encode())
        role = traffic.present.role
        try:
            if doc["FailureLocation"]:
                await asyncio.to_thread(self._store, role, config, doc["FailureLocation"], response)
            await asyncio.to_thread(notify, self._aws, role, doc, config, response, reason)
        except Exception as error:  # noqa: BLE001  (no caller is left)
            log.warning("Storing the failure of %s failed: %s", doc["InferenceId"], error)

    def _done(self, doc: Doc) -> None:
        with suppress(Missing):
            self._aws.store.delete(async_requests.KIND, doc["Token"])


class _FailedError(Exception):
    """Raised when an invocation fails; the message is stored at the failure location."""
