"""The options of the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Sandbox = Literal["auto", "bubblewrap", "none"]
Iam = Literal["off", "record", "enforce"]
OTHER_PARTITIONS = re.compile(r"(cn|us-gov|us-iso\w*|eu-iso\w*|eusc)-.*")
REGION = re.compile(r"[a-z]{2}-[a-z]+-\d")


@dataclass(frozen=True)
class Options:
    """Immutable after the start; `time_scale` divides waits only."""

    host: str = "127.0.0.1"
    port: int = 4566
    data_dir: Path = Path(".local/aws")
    cache_dir: Path = Path(".local/images")
    time_scale: float = 1.0
    sandbox: Sandbox = "auto"
    account: str = "000000000000"  # the default account
    regions: tuple[str, ...] = ("us-east-1",)
    allowed_hosts: tuple[str, ...] = ()  # host names of the server, in addition to loopback's
    iam: Iam = "off"
    scps: tuple[Path, ...] = ()  # files of service control policies

    @property
    def region(self) -> str:
        """Return the default region."""
        return self.regions[0]

    @property
    def url(self) -> str:
        """Return the URL at which jobs and model servers on this machine reach the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def accounts_dir(self) -> Path:
        return self.data_dir / "accounts"

    def directory(self, account: str, region: str) -> Path:
        """Return the folder that holds the state of *account* in *region*."""
        return self.accounts_dir / account / region


def region(name: str) -> str:
    """Return *name* if it is a region of AWS's main partition; raise ValueError otherwise."""
    if OTHER_PARTITIONS.fullmatch(name):
        raise ValueError(f"{name} is not in the partition aws; give a region that is")
    if not REGION.fullmatch(name):
        raise ValueError(f"{name!r} is not a region; give one such as eu-west-1")
    return name
