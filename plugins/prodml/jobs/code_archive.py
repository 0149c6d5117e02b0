"""Give a Processing job its code as one archive: a job with a hundred modules reads one object.

SageMaker unpacks no archive in a Processing job. The archive is a program that does it, as the
SageMaker SDK's FrameworkProcessor does by a shell script.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

from prodml.aws.retries import with_retries
from prodml.aws.s3 import holds_something, join, source_files, split
from prodml.jobs import unpack
from prodml.naming import request_hash

MOUNTED = "/opt/ml/processing/input/code"
NAME = "code.zip"


def command(entry_point: str) -> list[str]:
    """Return the entry point of a container that has the archive: it runs *entry_point*."""
    return ["python3", f"{MOUNTED}/{NAME}", entry_point]


def send_code(s3: Any, folder: str | Path, prefix: str) -> str:
    """Upload the archive of *folder* below the digest of its files; return that prefix.

    The digest is that of the contents: two versions of zlib compress them to other bytes.
    """
    files = [("__main__.py", Path(unpack.__file__))]
    files += [(unpack.SOURCE + name, path) for name, path in source_files(folder)]
    contents = [(name, path.read_bytes()) for name, path in files]
    digests = [(name, hashlib.sha256(content).hexdigest()) for name, content in contents]
    below = join(prefix, request_hash(digests)[:16])
    bucket, key = split(uri := join(below, NAME))
    if not holds_something(s3, uri):
        with_retries(s3.put_object, Bucket=bucket, Key=key, Body=_packed(contents))
    return f"{below}/"


def _packed(contents: list[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
