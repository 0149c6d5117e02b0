"""One account in one region: its options, clock, state, and the parts that do the work."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from ..faults.book import Faults
from .clock import Clock
from .options import Options
from .store import Store

Part = TypeVar("Part")


@dataclass
class Aws:
    """Holds the state of one account for its handlers; services add their parts to it."""

    options: Options
    clock: Clock
    store: Store
    s3: Any
    faults: Faults = field(default_factory=Faults)
    account: str = ""  # the default account, unless it is given
    region: str = ""
    _parts: dict[type, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.account = self.account or self.options.account
        self.region = self.region or self.options.region

    @property
    def directory(self) -> Path:
        """Return the folder of its state and its running work."""
        return self.options.directory(self.account, self.region)

    def add(self, part: Part, kind: type | None = None) -> Part:
        """Make *part* available by its class, or as a stand-in for *kind*."""
        self._parts[kind or type(part)] = part
        return part

    def part(self, kind: type[Part]) -> Part:
        """Return the part of class *kind*."""
        part: Part = self._parts[kind]  # type: ignore[assignment]
        return part

    def arn(self, resource: str, service: str = "sagemaker") -> str:
        """Return the full ARN of *resource*, such as `training-job/a`."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def client(self, service: str) -> Any:
        """Return a boto3 client of another service of this account."""
        return client(self.options, self.account, self.region, service)


def client(options: Options, account: str, region: str, service: str) -> Any:
    """Return a boto3 client of *account* that reaches *service* through the server's own port."""
    return boto3.client(
        service,
        endpoint_url=options.url,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="embedded",  # noqa: S106  (signatures are not checked here)
        config=Config(
            s3={"addressing_style": "path"},
            max_pool_connections=32,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
