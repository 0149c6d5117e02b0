"""Services that this server emulates itself: moto has no state of them.

moto refuses requests for them. Log events of moto's other services
(EventBridge's targets, Lambda, Batch) are written to this server's CloudWatch Logs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

CLOSED = frozenset(  # names of moto's modules
    {
        *("cloudwatch", "logs", "applicationautoscaling"),
        *("sagemaker", "sagemakermetrics", "sagemakerruntime"),
        *("servicequotas", "apigateway"),
        "moto_api",  # a dashboard that shows and resets all state
    }
)
SERVICES = frozenset(
    {
        *("cloudwatch", "logs", "application-autoscaling"),
        *("sagemaker", "sagemaker-metrics", "sagemaker-runtime"),
    }
)


@dataclass(frozen=True)
class Origin:
    """The server that has these services; *secret* signs for any account."""

    url: str
    secret: str

    def client(self, service: str, account: str, region: str) -> Any:
        """Return a client for *account*."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key=self.secret,
            config=Config(s3={"addressing_style": "path"}),
        )


def keep_out(origin: Origin) -> None:
    """Disable these services in moto; *origin* is the server that has them."""
    from moto.core.base_backend import BackendDict

    original = BackendDict.__getitem__

    def of_account(self: Any, account: str) -> Any:
        if self.service_name not in SERVICES:
            return original(self, account)
        return Regions(origin, account, self.service_name)

    BackendDict.__getitem__ = of_account


@dataclass(frozen=True)
class Regions:
    """Replaces moto's state of one of these services, by region."""

    origin: Origin
    account: str
    service: str

    def __getitem__(self, region: str) -> Any:
        if self.service == "logs":
            return LogsElsewhere(self.origin, self.account, region)
        return Elsewhere(self.service)


class Elsewhere:
    """A backend that refuses every call."""

    def __init__(self, service: str) -> None:
        self._service = service

    def put_metric_data(self, **_: Any) -> None:
        """Publish no metric of moto's own services: their values would not be real."""

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(
            f"moto has no {self._service} ({name}); the server emulates it itself."
        )


class LogsElsewhere(Elsewhere):
    """CloudWatch Logs for moto's other services, through this server's API."""

    def __init__(self, origin: Origin, account: str, region: str) -> None:
        super().__init__("logs")
        self._client = origin.client("logs", account, region)

    def ensure_log_group(self, name: str) -> None:
        """Create a group unless it exists."""
        try:
            self._client.create_log_group(logGroupName=name)
        except self._client.exceptions.ResourceAlreadyExistsException:
            return

    def create_log_stream(self, group: str, stream: str) -> None:
        self._client.create_log_stream(logGroupName=group, logStreamName=stream)

    def ensure_log_stream(self, group: str, stream: str) -> None:
        """Create a stream unless it exists."""
        try:
            self.create_log_stream(group, stream)
        except self._client.exceptions.ResourceAlreadyExistsException:
            return

    def put_log_events(self, group: str, stream: str, events: list[dict[str, Any]]) -> None:
        lines = [
            {"timestamp": int(event["timestamp"]), "message": _text(event["message"])}
            for event in sorted(events, key=lambda event: int(event["timestamp"]))
        ]
        self._client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=lines)

    def describe_log_groups(self, *_: Any, **__: Any) -> tuple[list[Any], None]:
        """Return every group in the form that moto's Route 53 reads."""
        pages = self._client.get_paginator("describe_log_groups").paginate()
        groups = [group for page in pages for group in page["logGroups"]]
        return [SimpleNamespace(arn=group["logGroupArn"]) for group in groups], None

    def list_tags_log_group(self, name: str) -> dict[str, str]:
        """Return a group's tags; raise the error that moto's EC2 expects for a missing group."""
        from moto.logs.exceptions import ResourceNotFoundException

        try:
            tags: dict[str, str] = self._client.list_tags_log_group(logGroupName=name)["tags"]
        except ClientError:
            raise ResourceNotFoundException() from None
        return tags


def _text(message: Any) -> str:
    return message if isinstance(message, str) else json.dumps(message)
