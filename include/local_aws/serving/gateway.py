"""The data plane: `POST /endpoints/{name}/invocations`, from the caller to a model and back."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from include.local_aws.serving.connections import ConnectionLostError, Header, Response
from include.local_aws.serving.instances import LOG_GROUP
from include.local_aws.wire.errors import AwsError

if TYPE_CHECKING:
    from include.local_aws.context import Aws
    from include.local_aws.serving.deployments import Variant
    from include.local_aws.serving.fleet import Fleet
    from include.local_aws.serving.traffic import Traffic

Headers = dict[bytes, bytes]
PAYLOAD_LIMIT = 6 * 1024 * 1024
INVOCATION_SECONDS = 60.0
RETRY_SECONDS = 0.01
CONTENT_TYPE, ACCEPT = b"content-type", b"accept"
TARGET_VARIANT = b"x-amzn-sagemaker-target-variant"
INFERENCE_ID = b"x-amzn-sagemaker-inference-id"
CUSTOM_ATTRIBUTES = b"x-amzn-sagemaker-custom-attributes"
INVOKED_VARIANT = b"x-amzn-invoked-production-variant"
FORWARDED = (CONTENT_TYPE, ACCEPT, CUSTOM_ATTRIBUTES, INFERENCE_ID)


class Gateway:
    """An ASGI app: finds the variant, sends the body to its least busy instance, answers."""

    def __init__(self, aws: Aws, fleet: Fleet) -> None:
        self._aws = aws
        self._fleet = fleet

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        began = time.perf_counter()
        _, _, name, action = (*scope["path"].split("/", 3), "")[:4]
        try:
            if scope["method"] != "POST" or action != "invocations":
                raise _validation(
                    f"{scope['method']} {scope['path']} is not emulated. Use InvokeEndpoint."
                )
            await self._invoke(unquote(name), scope, receive, send, began)
        except AwsError as error:
            await _refuse(send, error)

    async def _invoke(self, name: str, scope: Any, receive: Any, send: Any, began: float) -> None:
        traffic = self._traffic(name)
        headers: Headers = dict(scope["headers"])
        body = await _read(receive)
        called = time.perf_counter()
        variant, response = await self._call(traffic, name, headers, body)
        model_seconds = time.perf_counter() - called
        good = 200 <= response.status < 300
        if good:
            await _answer(send, variant, response)
        overhead = time.perf_counter() - began - model_seconds
        self._fleet.note(name, variant, (headers, body), response, model_seconds, overhead)
        if variant.deployment.shadows:
            self._fleet.shadows.copy(name, variant, headers, body)
        if not good:
            raise self._model_error(name, response)

    def _traffic(self, name: str) -> Traffic:
        traffic = self._fleet.live.get(name)
        if traffic is None:
            account = self._aws.options.account
            raise _validation(f"Endpoint {name} of account {account} not found.")
        return traffic

    async def _call(
        self, traffic: Traffic, name: str, headers: Headers, body: bytes
    ) -> tuple[Variant, Response]:
        """The model's own answer, or what stands for a model that did not give one."""
        kept = forwarded(headers)
        variant = _variant(traffic, headers, name)
        try:
            async with asyncio.timeout(INVOCATION_SECONDS):
                while (response := await variant.ask(kept, body)) is None:
                    await asyncio.sleep(RETRY_SECONDS)
                    variant = _variant(traffic, headers, name)  # the traffic may have moved on
                return variant, response
        except TimeoutError:
            return variant, _silent(
                "Your invocation timed out while waiting for a response from container primary. "
                "Review the latency metrics for each container in Amazon CloudWatch, resolve the "
                "issue, and try again."
            )
        except ConnectionLostError as lost:
            return variant, _silent(str(lost))

    def _model_error(self, name: str, response: Response) -> AwsError:
        region, account = self._aws.options.region, self._aws.options.account
        kind = "client" if 400 <= response.status < 500 else "server"
        text = response.body.decode("utf-8", "replace")
        group = f"{LOG_GROUP}/{name}"
        message = (
            f'Received {kind} error ({response.status}) from primary with message "{text}". See '
            f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
            f"#logEventViewer:group={group} in account {account} for more information."
        )
        return ModelError(
            message, response.status, text, f"arn:aws:logs:{region}:{account}:log-group:{group}"
        )


class ModelError(AwsError):
    """The model answered with an error, which is passed on."""

    def __init__(self, message: str, status: int, text: str, log_arn: str) -> None:
        super().__init__("ModelError", message, 424)
        self.members = {
            "OriginalStatusCode": status,
            "OriginalMessage": text,
            "LogStreamArn": log_arn,
        }


def forwarded(headers: Headers) -> list[Header]:
    """What a model sees of a request's headers."""
    return [(key, headers[key]) for key in FORWARDED if key in headers]


def _variant(traffic: Traffic, headers: Headers, endpoint: str) -> Variant:
    target = headers.get(TARGET_VARIANT)
    name = None if target is None else target.decode("latin-1")
    variant = traffic.choose(name)
    if variant is None:
        known = ", ".join(traffic.present.variants)
        raise _validation(f"Variant {name} not found in endpoint {endpoint}. It has: {known}.")
    return variant


async def _read(receive: Any) -> bytes:
    """The body; one that is too large is read to its end, or the client would see a reset."""
    message = await receive()
    if not message.get("more_body"):
        body = message.get("body", b"")
    else:
        parts = bytearray(message.get("body", b""))
        while message.get("more_body"):
            message = await receive()
            if len(parts) <= PAYLOAD_LIMIT:
                parts += message.get("body", b"")
        body = bytes(parts)
    if len(body) > PAYLOAD_LIMIT:
        raise AwsError("413", f"HTTP content length exceeded {PAYLOAD_LIMIT} bytes.", 413)
    return bytes(body)


async def _answer(send: Any, variant: Variant, response: Response) -> None:
    fields = [
        (INVOKED_VARIANT, variant.name.encode()),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        (b"content-length", b"%d" % len(response.body)),
    ]
    fields += [h for h in response.headers if h[0] in (CONTENT_TYPE, CUSTOM_ATTRIBUTES)]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": response.body})


async def _refuse(send: Any, error: AwsError) -> None:
    members = error.members if isinstance(error, ModelError) else {}
    body = json.dumps({"Message": error.message, "message": error.message} | members).encode()
    fields = [
        (CONTENT_TYPE, b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        (b"x-amzn-errortype", error.code.encode()),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


def _validation(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def _silent(message: str) -> Response:
    """AWS reports a container that gave no answer as server error 0."""
    return Response(0, [], message.encode())
