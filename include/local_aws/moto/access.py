"""The key to moto's own port: the server has it, and a web page that finds the port has not."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from typing import Any

HEADER = "x-embedded-aws-key"
VARIABLE = "EMBEDDED_AWS_MOTO_KEY"


def new_key() -> str:
    """Return a key for one process of moto's."""
    return secrets.token_urlsafe()


def given_key() -> str:
    """Return the key that this process was started with, and forget the variable."""
    return os.environ.pop(VARIABLE)


def may_enter(environ: Mapping[str, Any], key: str) -> bool:
    """Return whether a WSGI request brings *key*."""
    name = f"HTTP_{HEADER.upper().replace('-', '_')}"
    return hmac.compare_digest(str(environ.get(name, "")).encode("latin-1"), key.encode())
