"""Services that this server emulates itself: moto keeps no second state of them.

Requests for them are refused, their resources cannot be part of stacks, and what moto's other
services write to CloudWatch Logs (EventBridge's targets, Lambda, Batch) is written to ours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.exceptions import ClientError

CLOSED = frozenset(  # names of moto's modules
    {
        *("cloudwatch", "logs", "applicationautoscaling"),
        *("sagemaker", "sagemakermetrics", "sagemakerruntime"),
        "moto_api",  # a dashboard that shows and resets everything
    }
)
SERVICES = frozenset(
    {
        *("cloudwatch", "logs", "application-autoscaling"),
        *("sagemaker", "sagemaker-metrics", "sagemaker-runtime"),
    }
)
RESOURCES = tuple(
    f"AWS::{service}::" for service in ("CloudWatch", "Logs", "SageMaker", "ApplicationAutoScaling")
)


def keep_out(url: str) -> None:
    """Let no part of moto have these services; *url* is where they are."""
    _refuse_resources()
    _replace_backends(url)


def _refuse_resources() -> None:
    from moto.cloudformation import parsing
    from moto.cloudformation.exceptions import ValidationError

    original = parsing.resource_class_from_type

    def class_of(resource_type: str) -> Any:
        if resource_type.startswith(RESOURCES):
            way_out = "Create it by the API of its service."
            message = f"{resource_type} is not emulated in stacks. {way_out}"
            raise ValidationError(message=message)
        return original(resource_type)

    parsing.resource_class_from_type = class_of


def _replace_backends(url: str) -> None:
    from moto.core.base_backend import BackendDict

    original = BackendDict.__getitem__

    def of_account(self: Any, account: str) -> Any:
        if self.service_name not in SERVICES:
            return original(self, account)
        return Regions(url, account, self.service_name)

    BackendDict.__getitem__ = of_account


@dataclass(frozen=True)
class Regions:
    """What moto finds where it keeps an account's state of one of these services."""

    url: str
    account: str
    service: str

    def __getitem__(self, region: str) -> Any:
        if self.service == "logs":
            return LogsElsewhere(self.url, self.account, region)
        return Elsewhere(self.service)


class Elsewhere:
    """A backend that moto has no use of."""

    def __init__(self, service: str) -> None:
        self._service = service

    def put_metric_data(self, **_: Any) -> None:
        """Publish no metric of moto's own services: their values would be made up."""

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(f"{self._service} cannot be reached from here ({name}).")


class LogsElsewhere(Elsewhere):
    """CloudWatch Logs for moto's other services: our own, by its API."""

    def __init__(self, url: str, account: str, region: str) -> None:
        super().__init__("logs")
        self._client = boto3.client(
            "logs",
            endpoint_url=url,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="embedded",  # noqa: S106  (signatures are not checked here)
        )

    def ensure_log_group(self, name: str) -> None:
        """Make a group unless it exists."""
        try:
            self._client.create_log_group(logGroupName=name)
        except self._client.exceptions.ResourceAlreadyExistsException:
            return

    def create_log_stream(self, group: str, stream: str) -> None:
        self._client.create_log_stream(logGroupName=group, logStreamName=stream)

    def ensure_log_stream(self, group: str, stream: str) -> None:
        """Make a stream unless it exists."""
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
        """Return every group as moto's Route 53 reads them."""
        pages = self._client.get_paginator("describe_log_groups").paginate()
        groups = [group for page in pages for group in page["logGroups"]]
        return [SimpleNamespace(arn=group["logGroupArn"]) for group in groups], None

    def list_tags_log_group(self, name: str) -> dict[str, str]:
        """Return a group's tags; raises what moto's EC2 expects of a missing group."""
        from moto.logs.exceptions import ResourceNotFoundException

        try:
            tags: dict[str, str] = self._client.list_tags_log_group(logGroupName=name)["tags"]
        except ClientError:
            raise ResourceNotFoundException() from None
        return tags


def _text(message: Any) -> str:
    return message if isinstance(message, str) else json.dumps(message)
