"""The scripts of an AutoML job's containers, put where its jobs read them."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

from ...core.s3_files import split_uri
from ...core.store import Doc
from .requests import Requests

FOLDER = Path(__file__).parents[2] / "images" / "automl"


def upload(s3: Any, requests: Requests, encryption: Doc) -> None:
    """Put the scripts below the job's output: one by one, and as the archive of a training job."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for path in sorted(FOLDER.glob("*.py")):
            tar.add(path, path.name)
            _put(s3, requests.code(path.name), path.read_bytes(), encryption)
    _put(s3, requests.archive, archive.getvalue(), encryption)


def _put(s3: Any, uri: str, body: bytes, encryption: Doc) -> None:
    bucket, key = split_uri(uri)
    s3.put_object(Bucket=bucket, Key=key, Body=body, **encryption)
