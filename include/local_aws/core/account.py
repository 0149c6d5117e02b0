"""One account in one region: its options, clock, state, and the parts that do the work."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from ..faults.book import Faults
from .clock import Clock
from .options import Options
from .role_credentials import Keys, RoleCredentials, Unchecked
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
    credentials: RoleCredentials = field(default_factory=Unchecked)
    _parts: dict[type, object] = field(default_factory=dict, repr=False)
    _clients: dict[tuple[str, str, str], Any] = field(default_factory=dict, repr=False)
    _making: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self.account = self.account or self.options.account
        self.region = self.region or self.options.region
        self._clients["s3", self.credentials.of_account(self.account).key_id, ""] = self.s3

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

    def client(self, service: str, role: str, **config: Any) -> Any:
        """Return a boto3 client that acts as *role*, given by its ARN.

        :param config: More options of botocore's Config.
        """
        keys = self.credentials.of_role(self.account, role)
        place = service, keys.key_id, repr(config) if config else ""
        with self._making:
            if place not in self._clients:
                self._clients[place] = client(self.options, keys, self.region, service, **config)
            return self._clients[place]


def client(options: Options, keys: Keys, region: str, service: str, **config: Any) -> Any:
    """Return a boto3 client that reaches *service* through the server's own port."""
    return boto3.client(
        service,
        endpoint_url=options.url,
        region_name=region,
        aws_access_key_id=keys.key_id,
        aws_secret_access_key=keys.secret,
        aws_session_token=keys.token or None,
        config=Config(
            s3={"addressing_style": "path"},
            max_pool_connections=32,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            **config,
        ),
    )
