"""A training job's channels: the objects of each instance and their configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...core.s3_files import BAD_INPUT, download_object, keys_under, split_uri
from ...core.store import Doc
from ...core.untrusted_files import BadPath, Folder, parts_of
from ...wire.errors import validation
from .cluster import Host
from .runner import JobFailed

REFUSED_INPUT = "is not emulated by the embedded AWS: give the channel an S3DataSource of type"


def check_channels(request: Doc) -> None:
    """Refuse channels that are not emulated; raise AwsError."""
    default = request["AlgorithmSpecification"].get("TrainingInputMode", "File")
    for channel in request.get("InputDataConfig", []):
        name, source = channel["ChannelName"], channel["DataSource"].get("S3DataSource")
        _check_name(name)
        if source is None or source["S3DataType"] not in ("S3Prefix", "ManifestFile"):
            raise validation(
                f"The data source of channel {name!r} {REFUSED_INPUT} S3Prefix or ManifestFile."
            )
        if channel.get("InputMode", default) == "Pipe":
            raise validation(
                f"Pipe mode of channel {name!r} is not emulated by the embedded AWS: "
                "use File or FastFile."
            )


def channel_config(request: Doc) -> Doc:
    """Return inputdataconfig.json, in which FastFile is File, as a container reads it."""
    return {
        channel["ChannelName"]: {
            "TrainingInputMode": "File",
            "S3DistributionType": _source(channel).get("S3DataDistributionType", "FullyReplicated"),
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
        }
        | ({"ContentType": channel["ContentType"]} if "ContentType" in channel else {})
        for channel in request.get("InputDataConfig", [])
    }


def download_channel(s3: Any, channel: Doc, host: Host, count: int) -> None:
    """Copy the objects of a channel for *host*, one of *count*, to the folder of its container."""
    name = channel["ChannelName"]
    download_input(s3, _source(channel), name, host, f"input/data/{name}", count)


def download_input(s3: Any, source: Doc, name: str, host: Host, path: str, count: int) -> None:
    """Copy the objects of an S3 source below *path* of *host*'s folder.

    :raises JobFailed: There is no object, or one cannot be downloaded or cannot be a file.
    """
    try:
        keys = list(objects(s3, source))
        if not keys:
            raise JobFailed(
                f"ClientError: Data download failed: No S3 objects found under S3 URL "
                f"{source['S3Uri']!r} given in input data source {name!r}."
            )
        if source.get("S3DataDistributionType") == "ShardedByS3Key":
            keys = keys[host.index :: count]
        with Folder.at(host.root) as root, root.folder(path, create=True) as target:
            for bucket, key, relative in keys:
                download_object(s3, bucket, key, target, relative, host.volume)
    except BAD_INPUT as error:
        raise JobFailed(
            f"ClientError: Data download failed for input data source {name!r}: {error}"
        ) from None


def _check_name(channel: str) -> None:
    """Refuse `.` and `..`, which the model's pattern allows: the name of a channel is a folder."""
    try:
        parts_of(channel)
    except BadPath as error:
        raise validation(f"Channel name {error} Use another name.") from None


def _source(channel: Doc) -> Doc:
    source: Doc = channel["DataSource"]["S3DataSource"]
    return source


def objects(s3: Any, source: Doc) -> Iterator[tuple[str, str, str]]:
    """Yield bucket, key and relative path of each object."""
    uri = source["S3Uri"]
    if source["S3DataType"] == "ManifestFile":
        yield from _listed(s3, uri)
        return
    bucket, _ = split_uri(uri)
    for key, relative in keys_under(s3, uri):
        yield bucket, key, relative


def _listed(s3: Any, uri: str) -> Iterator[tuple[str, str, str]]:
    """Parse a manifest: `[{"prefix": "s3://bucket/some/"}, "path/of/one", ...]`."""
    bucket, key = split_uri(uri)
    try:
        first, *paths = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        prefix = first["prefix"]
    except (s3.exceptions.ClientError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise JobFailed(f"ClientError: The manifest {uri!r} cannot be read: {error}") from None
    for path in paths:
        if not isinstance(path, str):
            raise JobFailed(
                f"ClientError: The manifest {uri!r} lists {json.dumps(path)}, which is not a key. "
                "List keys as strings."
            )
        found_bucket, found_key = split_uri(f"{prefix}{path}")
        yield found_bucket, found_key, path
