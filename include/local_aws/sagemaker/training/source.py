"""A script and its source archive, as the SDK names them in the hyperparameters."""

from __future__ import annotations

import json
from typing import Any

from ...containers.command import OPT_ML
from ...core.s3_files import BAD_INPUT, download_archive
from ...core.store import Doc
from ...core.untrusted_files import Folder
from ..jobs.cluster import Host
from ..jobs.runner import JobFailed

UNREACHABLE = (
    "AlgorithmError: framework error: botocore.exceptions.EndpointConnectionError: Could not "
    "connect to the endpoint of {}: the container is isolated from the network. exit code: 1"
)


def submitted(request: Doc) -> str | None:
    """Return the s3:// URI of the source archive, which may be in a channel, if there is one.

    :raises JobFailed: The job is isolated, and its container would have to download the archive.
    """
    hyperparameters: dict[str, str] = request.get("HyperParameters", {})
    value = hyperparameters.get("sagemaker_submit_directory", "").strip('"')
    if value.startswith("s3://"):
        if request.get("EnableNetworkIsolation"):
            raise JobFailed(UNREACHABLE.format(value))
        return value
    return _in_channel(request, value)


def _in_channel(request: Doc, path: str) -> str | None:
    """Return the s3:// URI of the object that the job finds at *path*, if it is in a channel."""
    for channel in request.get("InputDataConfig", []):
        folder = f"{OPT_ML}/input/data/{channel['ChannelName']}/"
        source = channel["DataSource"].get("S3DataSource", {})
        if path.startswith(folder) and source.get("S3DataType") == "S3Prefix":
            name, uri = path.removeprefix(folder), str(source["S3Uri"])
            return uri if uri.endswith(f"/{name}") else f"{uri.rstrip('/')}/{name}"
    return None


def program(hyperparameters: dict[str, str]) -> str | None:
    """Return the script of sagemaker_program, which the SDK writes as JSON."""
    value = hyperparameters.get("sagemaker_program")
    if value is None:
        return None
    try:
        return str(json.loads(value))
    except ValueError:
        return value


def stage(s3: Any, uri: str, host: Host) -> None:
    """Unpack the archive into *host*'s code folder.

    :raises JobFailed: The archive is missing or damaged, leaves the folder or does not fit.
    """
    try:
        with Folder.at(host.root) as root, root.folder("code", create=True) as code:
            download_archive(s3, uri, code, host.volume)
    except BAD_INPUT as error:
        raise JobFailed(f"ClientError: The source archive {uri!r} failed: {error}") from None
