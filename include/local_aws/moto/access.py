"""The key to moto's port, which keeps out web pages that find the port."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from typing import Any

HEADER = "x-embedded-aws-key"
VARIABLE = "EMBEDDED_AWS_MOTO_KEY"


def new_key() -> str:
    """Return a new key for one process of moto."""
    return secrets.token_urlsafe()


def given_key() -> str:
    """Return the key that this process was started with, and delete the variable."""
    return os.environ.pop(VARIABLE)


def may_enter(environ: Mapping[str, Any], key: str) -> bool:
    """Return whether a WSGI request has *key*."""
    name = f"HTTP_{HEADER.upper().replace('-', '_')}"
    return hmac.compare_digest(str(environ.get(name, "")).encode("latin-1"), key.encode())
