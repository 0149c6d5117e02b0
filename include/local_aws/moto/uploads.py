"""Multipart uploads in progress, as the evaluation of policies on their parts needs them."""

from __future__ import annotations

SSE, KEY_ID = "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"


def encryption(bucket: str, upload: str) -> dict[str, str]:
    """Return the headers of encryption with which an upload was created; empty if it is unknown."""
    from moto.s3.models import s3_backends

    for partitions in list(s3_backends.values()):
        for backend in list(partitions.values()):
            known = backend.buckets.get(bucket)
            if known and (started := known.multiparts.get(upload)):
                headers = {SSE: started.sse_encryption, KEY_ID: started.kms_key_id}
                return {name: value for name, value in headers.items() if value}
    return {}
