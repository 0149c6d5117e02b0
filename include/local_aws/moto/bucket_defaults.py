"""New buckets: as on S3, they are encrypted and block public access; moto's do neither."""

from __future__ import annotations

from typing import Any


def give_defaults() -> None:
    """Give each new bucket the defaults of S3."""
    from moto.s3.models import PublicAccessBlock, S3Backend

    create = S3Backend.create_bucket

    def create_with_defaults(backend: Any, *arguments: Any, **rest: Any) -> Any:
        bucket = create(backend, *arguments, **rest)
        bucket.public_access_block = PublicAccessBlock(True, True, True, True)
        default = {"SSEAlgorithm": "AES256"}
        bucket.encryption = {"Rule": {"ApplyServerSideEncryptionByDefault": default}}
        return bucket

    S3Backend.create_bucket = create_with_defaults
