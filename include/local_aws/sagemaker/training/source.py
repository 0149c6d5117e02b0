"""A script and its source archive, as the SDK names them in the hyperparameters."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from ...core.s3_files import download_archive
from ..jobs.runner import JobFailed


def submitted(hyperparameters: dict[str, str]) -> str | None:
    """The s3:// URI that sagemaker_submit_directory names, if it names one."""
    value = hyperparameters.get("sagemaker_submit_directory", "").strip('"')
    return value if value.startswith("s3://") else None


def program(hyperparameters: dict[str, str]) -> str | None:
    """The script that sagemaker_program names; the SDK writes it as JSON."""
    value = hyperparameters.get("sagemaker_program")
    if value is None:
        return None
    try:
        return str(json.loads(value))
    except ValueError:
        return value


def stage(s3: Any, uri: str, folder: Path) -> None:
    """Unpack the archive; raises JobFailed for one that is not there or leaves the folder."""
    try:
        download_archive(s3, uri, folder)
    except (OSError, tarfile.TarError, ClientError) as error:
        raise JobFailed(f"ClientError: The source archive {uri!r} failed: {error}") from None
