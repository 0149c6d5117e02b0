from __future__ import annotations

from typing import Any

PATH_STYLE = {"addressing_style": "path"}


def body(s3: Any, bucket: str, key: str, **request: Any) -> bytes:
    return bytes(s3.get_object(Bucket=bucket, Key=key, **request)["Body"].read())


def keys(s3: Any, bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]
