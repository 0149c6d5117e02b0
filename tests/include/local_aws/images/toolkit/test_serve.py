"""The model server of framework images, called without a socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

INFERENCE = """
def model_fn(model_dir):
    return 2

def transform_fn(model, data, content_type, accept):
    if data == "bad":
        raise ValueError("this one cannot be predicted")
    return f"{model} {data} {content_type} {accept}", "text/plain"
"""
ASK = """
import asyncio, serve, sys

sys.modules.pop("inference", None)  # each test has handlers of its own

async def asked():
    server, parts, sent = serve.Server(), [b.encode() for b in bodies], []
    async def receive():
        return {"body": parts.pop(0), "more_body": bool(parts)}
    async def send(message):
        sent.append(message)
    headers = [(b"content-type", b"text/csv"), (b"accept", b"text/plain"), (b"x-other", b"1")]
    await server({"type": "http", "path": path, "headers": headers}, receive, send)
    return sent

start, body = asyncio.run(asked())
answer = [start["status"], dict((k.decode(), v.decode()) for k, v in start["headers"]),
          body["body"].decode()]
"""


@pytest.fixture(name="served")
def _served(sklearn: Interpreter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Interpreter]:
    script = sklearn.base / "model" / "code" / "inference.py"
    script.write_text(INFERENCE)
    yield sklearn
    script.unlink()


def test_a_body_in_parts_reaches_the_users_handler(served: Interpreter) -> None:
    status, headers, body = served.run(ASK, path="/invocations", bodies=["1,", "2"])
    assert (status, body) == (200, "2 1,2 text/csv text/plain")
    length = str(len(body))
    assert headers == {"content-type": "text/plain; charset=utf-8", "content-length": length}


@pytest.mark.parametrize(("path", "status"), [("/ping", 200), ("/models", 404)])
def test_other_paths(served: Interpreter, path: str, status: int) -> None:
    code, _, body = served.run(ASK, path=path, bodies=[""])
    assert (code, body) == (status, "")


def test_a_script_says_what_batch_transform_may_send(served: Interpreter) -> None:
    path = "/execution-parameters"
    assert served.run(ASK, path=path, bodies=[""])[0] == 404
    function = "\ndef execution_parameters_fn():\n    return {'MaxPayloadInMB': 1}\n"
    (served.base / "model" / "code" / "inference.py").write_text(INFERENCE + function)
    status, headers, body = served.run(ASK, path=path, bodies=[""])
    assert (status, body) == (200, '{"MaxPayloadInMB":1}\n')
    assert headers["content-type"] == "application/json"
