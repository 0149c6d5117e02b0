"""A training job's channels: the objects of each instance and their configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ...core.s3_files import BAD_INPUT, download_object, keys_under, split_uri
from ...core.store import Doc
from ...core.untrusted_files import BadPath, Folder, parts_of
from ...core.volume import Volume
from ...wire.errors import validation
from .cluster import Host
from .runner import JobFailed

BOUNDLESS = 1 << 60  # bytes
REFUSED_INPUT = "is not emulated by the embedded AWS: give the channel an S3DataSource of type"


class S3Object(NamedTuple):
    """One object of an input, and its path below the input's folder."""

    bucket: str
    key: str
    path: str


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
        if is_pipe(channel, default) and channel.get("RecordWrapperType", "None") != "None":
            raise validation(
                f"RecordWrapperType {channel['RecordWrapperType']} of channel {name!r} is not "
                "emulated by the embedded AWS: leave it out, and wrap the records in S3."
            )


def is_pipe(channel: Doc, default: str) -> bool:
    """Return whether the objects are streamed; *default* is the input mode of the job."""
    return bool(channel.get("InputMode", default) == "Pipe")


def channel_config(request: Doc) -> Doc:
    """Return inputdataconfig.json, in which FastFile is File, as a container reads it."""
    default = request["AlgorithmSpecification"].get("TrainingInputMode", "File")
    return {
        channel["ChannelName"]: {
            "TrainingInputMode": "Pipe" if is_pipe(channel, default) else "File",
            "S3DistributionType": _source(channel).get("S3DataDistributionType", "FullyReplicated"),
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
        }
        | ({"ContentType": channel["ContentType"]} if "ContentType" in channel else {})
        for channel in request.get("InputDataConfig", [])
    }


def download_channels(s3: Any, request: Doc, host: Host, count: int) -> None:
    """Copy the channels for *host*, one of *count*, to its container, if they are not streamed.

    Objects of a FastFile channel are read where they are on AWS: they take no space of the volume.
    """
    default = request["AlgorithmSpecification"].get("TrainingInputMode", "File")
    for channel in request.get("InputDataConfig", []):
        if not is_pipe(channel, default):
            name, mode = channel["ChannelName"], channel.get("InputMode", default)
            target = replace(host, volume=Volume(BOUNDLESS)) if mode == "FastFile" else host
            download_input(s3, _source(channel), name, target, f"input/data/{name}", count)


def download_input(s3: Any, source: Doc, name: str, host: Host, path: str, count: int) -> None:
    """Copy the objects of an S3 source below *path* of *host*'s folder.

    :raises JobFailed: There is no object, or one cannot be downloaded or cannot be a file.
    """
    found = assigned(s3, source, name, host, count)
    try:
        with Folder.at(host.root) as root, root.folder(path, create=True) as target:
            for each in found:
                download_object(s3, each.bucket, each.key, target, each.path, host.volume)
    except BAD_INPUT as error:
        raise JobFailed(download_failure(name, error)) from None


def download_failure(name: str, error: Exception) -> str:
    """Return the reason of a job whose input *name* cannot be read."""
    return f"ClientError: Data download failed for input data source {name!r}: {error}"


def assigned(s3: Any, source: Doc, name: str, host: Host, count: int) -> list[S3Object]:
    """Return the objects of an S3 source that *host*, one of *count*, gets: all, or its share.

    :raises JobFailed: There is no object, or they cannot be listed.
    """
    try:
        everything = list(objects(s3, source))
    except BAD_INPUT as error:
        raise JobFailed(download_failure(name, error)) from None
    if not everything:
        raise JobFailed(
            f"ClientError: Data download failed: No S3 objects found under S3 URL "
            f"{source['S3Uri']!r} given in input data source {name!r}."
        )
    is_sharded = source.get("S3DataDistributionType") == "ShardedByS3Key"
    return everything[host.index :: count] if is_sharded else everything


def _check_name(channel: str) -> None:
    """Refuse `.` and `..`, which the model's pattern allows: the name of a channel is a folder."""
    try:
        parts_of(channel)
    except BadPath as error:
        raise validation(f"Channel name {error} Use another name.") from None


def _source(channel: Doc) -> Doc:
    source: Doc = channel["DataSource"]["S3DataSource"]
    return source


def objects(s3: Any, source: Doc) -> Iterator[S3Object]:
    """Yield the objects of an S3 source."""
    uri = source["S3Uri"]
    if source["S3DataType"] == "ManifestFile":
        yield from _listed(s3, uri)
        return
    bucket, _ = split_uri(uri)
    for key, relative in keys_under(s3, uri):
        yield S3Object(bucket, key, relative)


def _listed(s3: Any, uri: str) -> Iterator[S3Object]:
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
        yield S3Object(found_bucket, found_key, path)
