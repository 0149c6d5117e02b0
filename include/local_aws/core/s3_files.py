"""Between S3 and a job's folders."""

from __future__ import annotations

import re
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    found = HTTPS.fullmatch(uri)
    if found is None:
        raise ValueError(f"{uri} is no address of S3. Use s3://bucket/path.")
    bucket, path = found.group("bucket", "path")
    if bucket:
        return bucket, path
    bucket, _, key = path.partition("/")
    return bucket, key


def keys_under(s3: Any, uri: str) -> Iterator[tuple[str, str]]:
    """Each object under a prefix as (key, path relative to the prefix), by name."""
    bucket, prefix = split_uri(uri)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for item in page.get("Contents", []):
            key = item["Key"]
            relative = key[len(prefix) :].lstrip("/") or key.rpartition("/")[2]
            if not key.endswith("/"):
                yield key, relative


def download_prefix(s3: Any, uri: str, target: Path) -> int:
    """Copy every object under *uri* below *target*; how many there were."""
    bucket, _ = split_uri(uri)
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    for key, relative in keys_under(s3, uri):
        download_object(s3, bucket, key, target, relative)
        count += 1
    return count


def download_object(s3: Any, bucket: str, key: str, target: Path, relative: str) -> None:
    """Copy one object to *relative* below *target*; a path that leads out of it is refused."""
    destination = _inside(target, relative)
    destination.parent.mkdir(parents=True, exist_ok=True)
    s3.download_file(bucket, key, str(destination))


def download_archive(s3: Any, uri: str, target: Path) -> None:
    """Unpack the tar archive at *uri* below *target*; what would land elsewhere is refused."""
    bucket, key = split_uri(uri)
    with tempfile.TemporaryFile() as file:
        s3.download_fileobj(bucket, key, file)
        file.seek(0)
        with tarfile.open(fileobj=file) as archive:
            archive.extractall(target, filter="data")


def files_in(folder: Path) -> list[Path]:
    """The files below *folder*, by name; neither links nor what they lead to."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()]


def written(root: Path, relative: str) -> Path | None:
    """What a job left at *relative* in its own folder; None for nothing, or for a way out of it."""
    path = root / relative
    inside = path.resolve() == root.resolve() / relative
    return path if inside and path.exists() else None


def upload_folder(s3: Any, folder: Path, uri: str) -> int:
    """Copy the files below *folder* under *uri*; links are not followed, as on AWS."""
    bucket, prefix = split_uri(uri)
    files = files_in(folder)
    for path in files:
        key = "/".join(filter(None, [prefix.rstrip("/"), path.relative_to(folder).as_posix()]))
        s3.upload_file(str(path), bucket, key)
    return len(files)


def upload_archive(s3: Any, folder: Path, uri: str) -> None:
    """Pack what is in *folder* into one gzipped tar archive at *uri*."""
    bucket, key = split_uri(uri)
    with tempfile.TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
            for path in sorted(folder.iterdir()):
                archive.add(path, arcname=path.name)
        file.seek(0)
        s3.upload_fileobj(file, bucket, key)


def _inside(target: Path, relative: str) -> Path:
    destination = (target / relative).resolve()
    if not destination.is_relative_to(target.resolve()):
        raise ValueError(f"Object {relative!r} would be written outside of the job's folder.")
    return destination
