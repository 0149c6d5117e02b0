"""Copy files between S3 and the folders of a job."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from .archives import BadArchive, pack, unpack
from .s3_encryption import Encryption
from .untrusted_files import BadPath, Folder
from .volume import Volume, VolumeFull


class UnreadableObject(Exception):
    """Raised when an object cannot be read from S3; the message names it."""


CHUNK = 1 << 20
# Errors of the caller's input: S3 refuses, a key cannot be a file, or the volume is full.
BAD_INPUT = (
    BotoCoreError,
    Boto3Error,
    ClientError,
    BadArchive,
    BadPath,
    VolumeFull,
    UnreadableObject,
)
# https://BUCKET.s3.REGION.amazonaws.com/KEY or https://s3.REGION.amazonaws.com/BUCKET/KEY
HTTPS = re.compile(
    r"https://(?:(?P<bucket>[^/]+)\.)?s3[.-](?:dualstack\.)?(?:[a-z0-9-]+\.)?"
    r"amazonaws\.com(?:\.cn)?/(?P<path>.*)"
)


def split_uri(uri: str) -> tuple[str, str]:
    """Return bucket and key of `s3://bucket/some/key`, or of an https address of S3.

    Raises ValueError for an https address of something else.
    """
    if uri.startswith("https://"):
        return _split_https(uri)
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def _split_https(uri: str) -> tuple[str, str]:
    match = HTTPS.fullmatch(uri)
    if match is None:
        raise ValueError(f"{uri} is not an address of S3. Use s3://bucket/path.")
    bucket, path = match.group("bucket", "path")
    if bucket:
        return bucket, path
    bucket, _, key = path.partition("/")
    return bucket, key


def keys_under(s3: Any, uri: str) -> Iterator[tuple[str, str]]:
    """Yield each object under a prefix as (key, path relative to the prefix), by name."""
    bucket, prefix = split_uri(uri)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for item in page.get("Contents", []):
            key = item["Key"]
            relative = key[len(prefix) :].lstrip("/") or key.rpartition("/")[2]
            if not key.endswith("/"):
                yield key, relative


def download_prefix(s3: Any, uri: str, target: Folder, volume: Volume) -> None:
    """Copy every object under *uri* below *target*."""
    bucket, _ = split_uri(uri)
    for key, relative in keys_under(s3, uri):
        download_object(s3, bucket, key, target, relative, volume)


def download_object(
    s3: Any, bucket: str, key: str, target: Folder, relative: str, volume: Volume
) -> None:
    """Copy one object to *relative* below *target*.

    :raises BadPath: *relative* leads out of *target*, or is blocked by another object.
    :raises VolumeFull: *volume* has no room for it.
    :raises UnreadableObject: S3 refuses to send it.
    """
    try:
        got = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        raise UnreadableObject(f"s3://{bucket}/{key}: {error}") from None
    volume.take_file()
    volume.take(got["ContentLength"])
    try:
        with target.create(relative) as file:
            for chunk in got["Body"].iter_chunks(CHUNK):
                file.write(chunk)
    except (FileExistsError, IsADirectoryError, NotADirectoryError):
        raise BadPath(
            f"Object s3://{bucket}/{key} cannot be a file at {relative!r}: another object is a "
            "folder there, or a file where it needs a folder. Give one of them another name."
        ) from None
    finally:
        got["Body"].close()


def download_archive(s3: Any, uri: str, target: Folder, volume: Volume) -> None:
    """Unpack the tar.gz archive at *uri* below *target*; raise BadArchive or VolumeFull."""
    bucket, key = split_uri(uri)
    with tempfile.TemporaryFile() as file:
        s3.download_fileobj(bucket, key, file)
        file.seek(0)
        unpack(file, target, volume)


def upload_folder(s3: Any, folder: Folder, uri: str, encryption: Encryption) -> None:
    """Copy the files below *folder* under *uri*; links are not followed, as on AWS."""
    bucket, prefix = split_uri(uri)
    for entry in folder.files():
        with folder.open(entry.path) as file:
            key = key_below(prefix, entry.path)
            s3.upload_fileobj(file, bucket, key, ExtraArgs=encryption)


def key_below(prefix: str, path: str) -> str:
    """Return the key of the file *path* in a folder that is uploaded to *prefix*."""
    return "/".join(filter(None, [prefix.rstrip("/"), path]))


def upload_archive(
    s3: Any, folders: list[tuple[Folder, tuple[str, ...]]], uri: str, encryption: Encryption
) -> None:
    """Pack *folders* into one gzipped tar archive at *uri*.

    :param folders: Each with the absolute paths under which the job saw it.
    """
    bucket, key = split_uri(uri)
    with tempfile.TemporaryFile() as file:
        pack(folders, file)
        file.seek(0)
        s3.upload_fileobj(file, bucket, key, ExtraArgs=encryption)
