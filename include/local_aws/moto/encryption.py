"""Objects under a KMS key: as on S3, their ETag is no digest of their content."""

from __future__ import annotations

import uuid
from typing import Any


def hide_digests() -> None:
    """Give each object that a KMS key encrypts an ETag of its own, once."""
    from moto.s3.models import FakeKey

    digest: Any = FakeKey.etag.fget

    def etag(key: Any) -> str:
        if key.encryption == "aws:kms" and not key.__dict__.get("has_own_etag"):
            _, dash, parts = (key._etag or "").partition("-")
            key._etag, key.has_own_etag = f"{uuid.uuid4().hex}{dash}{parts}", True
        return str(digest(key))

    FakeKey.etag = property(etag)
