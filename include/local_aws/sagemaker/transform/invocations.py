"""Invocations of a transform job: one instance's containers, asked for limits and for answers."""

from __future__ import annotations

import json
from collections.abc import Callable

import aiohttp

from ...containers.model_servers import ModelServers
from ...core.store import Doc
from .records import BadRecord

RETRIES = 3
DEFAULTS = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD", "MaxPayloadInMB": 6}


class ServerBroke(Exception):
    """Raised when the model's server responds with 5xx."""


BROKEN = (ServerBroke, aiohttp.ClientError, TimeoutError)


class Client:
    """Sends the payloads of a transform job to the containers of one instance, in their order."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        servers: ModelServers,
        request: Doc,
        log: Callable[[str], None],
        check_stopped: Callable[[], None],
    ) -> None:
        self._http = http
        self._urls = list(servers.urls.values())
        self._request = request
        self._log = log
        self._check_stopped = check_stopped

    async def limits(self) -> Doc:
        """Return the limits of the request, else of the first container, else AWS's defaults."""
        limits: Doc = DEFAULTS | await self._named_limits()
        limits |= {name: self._request[name] for name in DEFAULTS if name in self._request}
        limits["BatchStrategy"] = container_strategy(limits["BatchStrategy"])
        return limits

    async def _named_limits(self) -> Doc:
        """Return the limits that the first container names; a broken one fails its invocations."""
        try:
            async with self._http.get(f"{self._urls[0]}/execution-parameters") as response:
                return _named_limits(await response.text()) if response.status == 200 else {}
        except BROKEN:
            return {}

    async def invoke(self, payload: bytes) -> bytes:
        """Invoke the model, with retries after server errors but not after refusals."""
        retries = self._request.get("ModelClientConfig", {}).get("InvocationsMaxRetries", RETRIES)
        for _ in range(retries):
            try:
                return await self._invoke(payload)
            except BROKEN as broken:
                self._log(f"[sagemaker logs]: {broken or type(broken).__name__}: retrying")
        try:
            return await self._invoke(payload)
        except BROKEN as broken:
            text = f"Unable to get response from algorithm: {broken or type(broken).__name__}"
            raise BadRecord(f"ClientError: {text}") from None

    async def _invoke(self, payload: bytes) -> bytes:
        """Send a payload through the containers; Accept is for the last one."""
        self._check_stopped()
        kind: str | None = self._request["TransformInput"].get("ContentType", "text/csv")
        accept = self._request["TransformOutput"].get("Accept")
        for url in self._urls:
            headers = {"Content-Type": kind} if kind else {}
            if accept and url == self._urls[-1]:
                headers["Accept"] = accept
            payload, kind = await self._answer(url, payload, headers)
        return payload

    async def _answer(
        self, url: str, payload: bytes, headers: dict[str, str]
    ) -> tuple[bytes, str | None]:
        """Return the body and content type of a container's response of status 200."""
        invocation = self._http.post(f"{url}/invocations", data=payload, headers=headers)
        async with invocation as response:
            body = await response.read()
            if response.status == 200:
                return body, response.headers.get("Content-Type")
            text = f"{response.status}\n{body.decode(errors='replace')[:500]}"
            if response.status >= 500:
                raise ServerBroke(text)
            raise BadRecord(f"ClientError: {text}")


def _named_limits(text: str) -> Doc:
    """Return the limits in the response of a model server; empty if it is not an object."""
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(document, dict):
        return {}
    return {name: document[name] for name in DEFAULTS if name in document}


def container_strategy(strategy: str | None) -> str | None:
    """Return the container's name of a strategy: MultiRecord of the API is MULTI_RECORD."""
    names = {"MultiRecord": "MULTI_RECORD", "SingleRecord": "SINGLE_RECORD"}
    return names.get(strategy, strategy) if strategy else None
