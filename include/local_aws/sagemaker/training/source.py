"""A script and its source archive, as the SDK names them in the hyperparameters."""

from __future__ import annotations

import json
from typing import Any

from ...core.s3_files import BAD_INPUT, download_archive
from ...core.untrusted_files import Folder
from ..jobs.cluster import Host
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


def stage(s3: Any, uri: str, host: Host) -> None:
    """Unpack the archive into *host*'s code folder.

    :raises JobFailed: It is not there, is damaged, leaves the folder or does not fit.
    """
    try:
        with Folder.at(host.root) as root, root.folder("code", create=True) as code:
            download_archive(s3, uri, code, host.volume)
    except BAD_INPUT as error:
        raise JobFailed(f"ClientError: The source archive {uri!r} failed: {error}") from None
