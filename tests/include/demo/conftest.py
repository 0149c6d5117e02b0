"""An Airflow that answers what a test says, and the embedded AWS as the demo's own."""

from __future__ import annotations

import json
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from include.demo import jobs
from include.demo.airflow_api import AirflowApi
from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform


class StubAirflow:
    """An HTTP server with answers by method and path; the last answer of several is repeated."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.tokens: set[str] = set()
        self._answers: dict[tuple[str, str], list[tuple[int, Any]]] = defaultdict(list)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self.answer("POST", "/auth/token", {"access_token": "token-1"})

    def answer(self, method: str, path: str, document: Any, status: int = 200) -> None:
        """Answer *document* to the next call, and to all later ones unless there is another."""
        path = path if path.startswith("/auth") else f"/api/v2{path}"
        self._answers[method, path].append((status, document))

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def take(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        path, _, query = target.partition("?")
        self.calls.append((method, path.removeprefix("/api/v2"), body or query))
        known = self._answers[method, path]
        if not known:
            return 404, {"detail": f"{method} {path} is not answered"}
        return known.pop(0) if len(known) > 1 else known[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length) or b"null")
                stub.tokens.add(self.headers.get("Authorization", ""))
                status, document = stub.take(self.command, self.path, body)
                content = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = _answer  # noqa: N815  (http.server's names)

            def log_message(self, *_: object) -> None:
                """Keep the test's output readable."""

        return Handler


@pytest.fixture
def stub() -> Iterator[StubAirflow]:
    server = StubAirflow()
    yield server
    server.close()


@pytest.fixture
def api(stub: StubAirflow) -> AirflowApi:
    return AirflowApi(stub.url)


@pytest.fixture
def demo_aws(local_aws: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The session's embedded AWS, as the one that the demo has started."""
    monkeypatch.setattr(jobs, "AWS_URL", local_aws.url)
    return local_aws


@pytest.fixture(scope="session")
def platform(local_aws_server: Server) -> Platform:
    return Platform(local_aws_server, lambda prefix: f"{prefix}-{uuid.uuid4().hex[:8]}")
