"""A training job's channels: which objects each instance gets, and what a container reads of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...core.s3_files import download_object, keys_under, split_uri
from ...wire.errors import validation
from .runner import JobFailed

Doc = dict[str, Any]
REFUSED_INPUT = "is not emulated by the embedded AWS: give the channel an S3DataSource of type"


def check_channels(request: Doc) -> None:
    """Refuse what cannot be had here; raises AwsError."""
    default = request["AlgorithmSpecification"].get("TrainingInputMode", "File")
    for channel in request.get("InputDataConfig", []):
        name, source = channel["ChannelName"], channel["DataSource"].get("S3DataSource")
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
    """inputdataconfig.json; to a container, FastFile is File."""
    return {
        channel["ChannelName"]: {
            "TrainingInputMode": "File",
            "S3DistributionType": _source(channel).get("S3DataDistributionType", "FullyReplicated"),
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
        }
        | ({"ContentType": channel["ContentType"]} if "ContentType" in channel else {})
        for channel in request.get("InputDataConfig", [])
    }


def download_channel(s3: Any, channel: Doc, target: Path, shard: tuple[int, int]) -> None:
    """Copy the objects of instance *shard* (its index, of how many) below *target*."""
    download_input(s3, _source(channel), channel["ChannelName"], target, shard)


def download_input(s3: Any, source: Doc, name: str, target: Path, shard: tuple[int, int]) -> None:
    """The same for any S3 source; raises JobFailed when there is no object."""
    target.mkdir(parents=True, exist_ok=True)
    found = list(objects(s3, source))
    if not found:
        raise JobFailed(
            f"ClientError: Data download failed: No S3 objects found under S3 URL "
            f"{source['S3Uri']!r} given in input data source {name!r}."
        )
    if source.get("S3DataDistributionType") == "ShardedByS3Key":
        index, count = shard
        found = found[index::count]
    for bucket, key, relative in found:
        download_object(s3, bucket, key, target, relative)


def _source(channel: Doc) -> Doc:
    source: Doc = channel["DataSource"]["S3DataSource"]
    return source


def objects(s3: Any, source: Doc) -> Iterator[tuple[str, str, str]]:
    """Bucket, key and relative path of each object."""
    uri = source["S3Uri"]
    if source["S3DataType"] == "ManifestFile":
        yield from _listed(s3, uri)
        return
    bucket, _ = split_uri(uri)
    for key, relative in keys_under(s3, uri):
        yield bucket, key, relative


def _listed(s3: Any, uri: str) -> Iterator[tuple[str, str, str]]:
    """A manifest: `[{"prefix": "s3://bucket/some/"}, "path/of/one", ...]`."""
    bucket, key = split_uri(uri)
    try:
        first, *paths = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        prefix = first["prefix"]
    except (s3.exceptions.ClientError, ValueError, KeyError, TypeError) as error:
        raise JobFailed(f"ClientError: The manifest {uri!r} cannot be read: {error}") from None
    for path in paths:
        found_bucket, found_key = split_uri(f"{prefix}{path}")
        yield found_bucket, found_key, path
