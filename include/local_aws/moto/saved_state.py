"""The state of IAM, STS and KMS on disk: users, roles, policies, sessions and keys.

Policies of AWS itself are saved by their ARN, and read again from moto's list of them.
"""

from __future__ import annotations

import importlib
import io
import os
import pickle
import sys
import threading
import time
from pathlib import Path
from typing import Any, get_args

from .iam import managed_policies
from .identities import Tokens

SERVICES = frozenset({"iam", "sts", "kms", "cloudformation"})  # whose requests change the state
SAVED = ("iam", "sts", "kms")
Backends = dict[str, dict[str, Any]]  # by account and by region or partition


class SavedState:
    """The backends of every account, written atomically when they have changed."""

    def __init__(self, root: Path) -> None:
        """Save in *root*."""
        self._path = root / "identities.pickle"
        self._turn = threading.Lock()
        self._written = b""

    def load(self) -> set[str]:
        """Restore what was saved, and return its accounts."""
        if not self._path.exists():
            return set()
        self._written = self._path.read_bytes()
        backends, tokens = _Reader(io.BytesIO(self._written)).load()
        for service, accounts in backends.items():
            known = _known(service)
            for account, regions in accounts.items():
                for region, backend in regions.items():
                    known[account][region] = backend
        Tokens.issued.update(tokens)
        return set(backends.get("iam", ()))

    def commit(self) -> None:
        """Return once all changes are on disk; raise OSError if they cannot be saved."""
        with self._turn:
            pickled = _pickled()
            if pickled == self._written:
                return
            partial = self._path.with_suffix(".partial")
            partial.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(pickled)
            partial.replace(self._path)
            self._written = pickled


def _known(service: str) -> Any:
    """Return moto's backends of a service; importing them takes time."""
    return getattr(importlib.import_module(_module(service)), f"{service}_backends")


def _module(service: str) -> str:
    return f"moto.{service}.models"


def _pickled() -> bytes:
    while True:
        try:
            file = io.BytesIO()
            _Writer(file).dump((_state(), dict(Tokens.issued)))
            return file.getvalue()
        except RuntimeError:  # a dict changed meanwhile; that request waits for its own save
            time.sleep(0.001)


def _state() -> dict[str, Backends]:
    used = [service for service in SAVED if _module(service) in sys.modules]
    return {
        service: {account: dict(regions) for account, regions in list(_known(service).items())}
        for service in used
    }


class _Writer(pickle.Pickler):
    def persistent_id(self, value: Any) -> tuple[str, str] | None:
        """Return account and ARN of a policy of AWS."""
        from moto.iam.models import AWSManagedPolicy

        return (value.account_id, value.arn) if isinstance(value, AWSManagedPolicy) else None

    def reducer_override(self, value: Any) -> Any:
        """Write private keys, which cannot be pickled, as DER."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

        if not isinstance(value, get_args(PrivateKeyTypes)):
            return NotImplemented
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        der = value.private_bytes(serialization.Encoding.DER, *form)
        return _private_key, (der,)


def _private_key(der: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(der, None)


class _Reader(pickle.Unpickler):
    def persistent_load(self, identifier: tuple[str, str]) -> Any:
        """Return a policy of AWS in an account."""
        account, arn = identifier
        return managed_policies(account)[arn]
