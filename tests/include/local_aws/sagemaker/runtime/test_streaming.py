"""Streamed responses of a real model, whose server sends pieces with pauses between them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError

from include.local_aws.sagemaker.runtime.streaming import MOST_WAITING, Stream, TooSlowError
from include.local_aws.testing import running_server
from tests.include.local_aws.models import ROLE, Platform, variant

SERVE = """#!/usr/bin/env python3
import os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(400 if text == "bad" else 200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for word in text.split():
            if word == "die":
                os._exit(3)
            self.wfile.write(f"{len(word):x}\\r\\n{word}\\r\\n".encode())
            time.sleep(0.5)
        self.wfile.write(b"0\\r\\n\\r\\n")
    def log_message(self, *_):
        pass

address = os.environ["SAGEMAKER_BIND_TO_HOST"], int(os.environ["SAGEMAKER_BIND_TO_PORT"])
ThreadingHTTPServer(address, Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def streaming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Start an embedded AWS with an image whose server sends its answer word by word."""
    folder = tmp_path_factory.mktemp("streaming")
    serve = folder / "own" / "words" / "serve"
    serve.parent.mkdir(parents=True)
    serve.write_text(SERVE)
    serve.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRODML_IMAGES", str(folder / "own"))
        with running_server(folder / "aws") as server:
            yield Platform(server, lambda stem: f"{stem}-1")


@pytest.fixture(scope="module")
def words(streaming: Platform) -> str:
    streaming.sagemaker.create_model(
        ModelName="words", PrimaryContainer={"Image": "words:1"}, ExecutionRoleArn=ROLE
    )
    return streaming.serving(variant("words"))


def _ask(platform: Platform, endpoint: str, text: str) -> Any:
    return platform.runtime.invoke_endpoint_with_response_stream(
        EndpointName=endpoint, Body=text, ContentType="text/plain"
    )


def test_pieces_arrive_while_the_model_computes(streaming: Platform, words: str) -> None:
    response = _ask(streaming, words, "one two three")
    assert response["ContentType"] == "text/event-stream"
    assert response["InvokedProductionVariant"] == "AllTraffic"
    arrivals = [(e["PayloadPart"]["Bytes"], time.monotonic()) for e in response["Body"]]
    assert [piece for piece, _ in arrivals] == [b"one", b"two", b"three"]
    assert arrivals[-1][1] - arrivals[0][1] > 0.5


def test_refusal_of_the_model_is_an_error_and_no_stream(streaming: Platform, words: str) -> None:
    with pytest.raises(ClientError, match=r"client error \(400\) from primary"):
        _ask(streaming, words, "bad")


def test_response_that_is_cut_off_ends_with_an_error(streaming: Platform, words: str) -> None:
    body = _ask(streaming, words, "one die")["Body"]
    with pytest.raises(EventStreamError, match="ModelStreamError"):
        list(body)


def test_unknown_endpoint_is_refused(streaming: Platform) -> None:
    with pytest.raises(ClientError, match="not found"):
        _ask(streaming, "nothing", "one")


def test_slow_client_does_not_fill_the_memory() -> None:
    stream = Stream()
    stream.add([], b"1" * MOST_WAITING)
    with pytest.raises(TooSlowError):
        stream.add([], b"1")
