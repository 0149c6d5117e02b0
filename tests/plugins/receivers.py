"""Receivers of notifications on this machine: an SNS topic, Slack, and a mail server."""

from __future__ import annotations

import email
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message as Mail
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from typing import Any

import pytest
from prodml.notifications.receivers import VARIABLE, receivers

from include.local_aws.testing import Server

Notify = Callable[..., None]


@pytest.fixture
def notify(monkeypatch: pytest.MonkeyPatch) -> Iterator[Notify]:
    """Yield a function that sets the receivers of this process for the time of a test."""

    def choose(*entries: str) -> None:
        monkeypatch.setenv(VARIABLE, ", ".join(entries))
        receivers.cache_clear()

    yield choose
    monkeypatch.undo()
    receivers.cache_clear()


@dataclass
class Topic:
    """An SNS topic with a queue that gets its messages."""

    sqs: Any
    arn: str
    queue: str

    def messages(self) -> list[dict[str, Any]]:
        """Return what has arrived since the last call."""
        page = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        for message in page.get("Messages", []):
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in page.get("Messages", [])]


@pytest.fixture
def topic(server: Server) -> Topic:
    sns, sqs = server.client("sns"), server.client("sqs")
    name = f"ml-{uuid.uuid4().hex[:8]}"
    arn = sns.create_topic(Name=name)["TopicArn"]
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=attributes["Attributes"]["QueueArn"])
    return Topic(sqs, arn, queue)


@dataclass
class Slack:
    """A server that answers as Slack, and keeps the path and document of each request."""

    url: str
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.requests.append((self.path, json.loads(body)))
            answer = b"ok" if self.path.startswith("/services") else b'{"ok": true}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Slack(f"http://127.0.0.1:{server.server_port}")
    with Serving(server):
        hook = {"conn_type": "slackwebhook", "password": "T0/B0/X"}
        hook |= {"host": f"{kept.url}/services", "schema": "http"}
        api = {
            "conn_type": "slack",
            "password": "xoxb-0",
            "extra": {"base_url": f"{kept.url}/api/"},
        }
        monkeypatch.setenv("AIRFLOW_CONN_ML_WEBHOOK", json.dumps(hook))
        monkeypatch.setenv("AIRFLOW_CONN_SLACK_API_DEFAULT", json.dumps(api))
        yield kept


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Mail]]:
    """Yield the mails that a server on this machine has accepted."""
    accepted: list[Mail] = []

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 ready\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.wfile.write(b"354 send\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    accepted.append(email.message_from_bytes(b"".join(lines)))
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                if word == b"QUIT":
                    return

    ThreadingTCPServer.allow_reuse_address = True
    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    with Serving(server):
        extra = {"disable_ssl": True, "disable_tls": True, "from_email": "airflow@example.com"}
        connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": server.server_address[1]}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection | {"extra": extra}))
        yield accepted


class Serving:
    """Run a server in a thread for the time of a with block."""

    def __init__(self, server: TCPServer) -> None:
        self.server = server

    def __enter__(self) -> None:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
