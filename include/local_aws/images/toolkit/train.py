"""The entry point of a script's container: the toolkit's `train`, which imports what it uses."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

# Only MPI needs paramiko, which takes a third of the toolkit's start; there is one machine here.
UNUSED = ("paramiko",)
# Half of the rest. Only scripts and intermediate outputs in S3 need it.
DEFERRED = "boto3"


class Boto3(ModuleType):
    """boto3, imported for whatever but the region is asked for."""

    def __init__(self) -> None:
        super().__init__(DEFERRED)
        self.session = SimpleNamespace(Session=Session)
        self.s3 = SimpleNamespace(transfer=Transfer())

    def __getattr__(self, member: str) -> Any:
        return getattr(importlib.import_module(DEFERRED), member)


class Session:
    """The session that the toolkit asks for the region, which the container's environment has."""

    region_name = os.environ.get("AWS_DEFAULT_REGION")


class Transfer:
    """The module boto3.s3.transfer, imported when it is used."""

    def __getattr__(self, member: str) -> Any:
        return getattr(importlib.import_module(f"{DEFERRED}.s3.transfer"), member)


def trainer() -> Any:
    """Return the toolkit's trainer; scripts and other modules import boto3 itself."""
    sys.modules.update({name: ModuleType(name) for name in UNUSED})
    boto3 = Boto3()
    deferred: dict[str, Any] = {
        DEFERRED: boto3,
        f"{DEFERRED}.s3": boto3.s3,
        f"{DEFERRED}.s3.transfer": boto3.s3.transfer,
    }
    sys.modules.update(deferred)
    try:
        return importlib.import_module("sagemaker_training.trainer")
    finally:
        for name in deferred:
            del sys.modules[name]


if __name__ == "__main__":
    trainer().train()
