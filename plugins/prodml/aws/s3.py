"""Work with S3: digests of content, uploads of changed files only, reproducible archives."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from prodml.aws.errors import code_of, is_absent
from prodml.aws.retries import pages, present, with_retries
from prodml.exceptions import InputFileError, InvalidInputError, MissingObjectError
from prodml.vocabulary import Json

DIGEST = "sha256"  # the metadata key of an object's digest
PAGES = ("ContinuationToken", "NextContinuationToken")


def split(uri: str) -> tuple[str, str]:
    """Split `s3://bucket/a/b` into the bucket and a/b."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket:
        raise InvalidInputError(f"{uri!r} is not an S3 address. Write s3://bucket/prefix.")
    return bucket, key


def join(*parts: str) -> str:
    """Join the parts of an S3 address with one slash between them."""
    first, *rest = (part.strip("/") for part in parts if part)
    return "/".join([first, *rest])


def objects(s3: Any, uri: str, after: str = "") -> Iterator[Json]:
    """Yield every object whose key begins with the key of *uri*, in key order.

    :param after: Where the listing starts: a text that follows *uri* in the key.
    """
    bucket, prefix = split(uri)
    request = {"Bucket": bucket, "Prefix": prefix}
    if after:
        request["StartAfter"] = f"{prefix}{after}"
    for page in pages(s3.list_objects_v2, tokens=PAGES, **request):
        yield from page.get("Contents", [])


def folders(s3: Any, uri: str) -> list[str]:
    """Return the addresses one level below *uri* that have something below them."""
    bucket, prefix = split(uri.rstrip("/") + "/")
    request = {"Bucket": bucket, "Prefix": prefix, "Delimiter": "/"}
    listed = pages(s3.list_objects_v2, tokens=PAGES, **request)
    prefixes = [item["Prefix"] for page in listed for item in page.get("CommonPrefixes", [])]
    return [f"s3://{bucket}/{prefix.rstrip('/')}" for prefix in prefixes]


def level(s3: Any, uri: str) -> Iterator[str]:
    """Yield the names one level below *uri*, which ends with a slash; those of folders do too."""
    bucket, prefix = split(uri)
    request = {"Bucket": bucket, "Prefix": prefix, "Delimiter": "/"}
    for page in pages(s3.list_objects_v2, tokens=PAGES, **request):
        keys = [item["Key"] for item in page.get("Contents", [])]
        keys += [item["Prefix"] for item in page.get("CommonPrefixes", [])]
        yield from (key[len(prefix) :] for key in keys if key != prefix)


def holds_something(s3: Any, uri: str) -> bool:
    """Return whether there is an object at *uri* or below it."""
    return any(objects(s3, uri))


def read(s3: Any, uri: str) -> bytes:
    """Return the content at *uri*; raise MissingObjectError for what does not exist."""
    from botocore.exceptions import ClientError

    bucket, key = split(uri)
    try:
        content: bytes = with_retries(_read, s3=s3, Bucket=bucket, Key=key)
    except ClientError as error:
        if is_absent(error):
            raise MissingObjectError(_missing(error, uri, bucket)) from error
        raise
    return content


def _missing(error: Exception, uri: str, bucket: str) -> str:
    if code_of(error) == "NoSuchBucket":
        return f"Bucket {bucket} of {uri} does not exist. Create it, or correct the address."
    return (
        f"Object {uri} does not exist: it was deleted, or has not been written. "
        "Clear the task that writes it, or correct the address."
    )


def read_json(s3: Any, uri: str) -> Json:
    """Return the document at *uri*; raise InvalidInputError for what is not JSON."""
    try:
        document: Json = json.loads(read(s3, uri))
    except ValueError as error:
        raise InvalidInputError(
            f"Object {uri} is not JSON: {error}. Clear the task that writes it."
        ) from error
    return document


def _read(s3: Any, **place: str) -> bytes:
    """Read the whole object: the connection may be lost during the download as well."""
    content: bytes = s3.get_object(**place)["Body"].read()
    return content


def put_text(s3: Any, uri: str, text: str, content_type: str = "text/csv") -> str:
    """Write *text* to *uri*; return the address."""
    bucket, key = split(uri)
    body = text.encode()
    with_retries(s3.put_object, Bucket=bucket, Key=key, Body=body, ContentType=content_type)
    return uri


def refuse_bad_files(paths: Sequence[Path]) -> None:
    """Raise for a file that is missing or empty, or has the name of another one."""
    for path in paths:
        if not path.is_file():
            raise InputFileError(f"{path} is not a file. Create it, or fix the list of files.")
        if not path.stat().st_size:
            raise InputFileError(f"{path} is empty. Fill it, or remove it from the list.")
    names = [path.name for path in paths]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputFileError(f"{twice} would overwrite each other. Give each file a unique name.")


def send_file(s3: Any, path: Path, uri: str) -> bool:
    """Upload *path* unless the same content is there; return whether it was uploaded."""
    return _send_content(s3, path, uri, _digest_of(path))


def send_below_digest(s3: Any, path: Path, prefix: str, name: str) -> tuple[str, str]:
    """Upload *path* as `<digest>/<name>` below *prefix*, unless it is there.

    An object there never changes: another content has another key. Returns that part of the key,
    and the digest of the content; raises InputFileError for a file that is being written.
    """
    before = path.stat()
    digest = _digest_of(path)
    below = f"{digest[:16]}/{name}"
    _send_content(s3, path, join(prefix, below), digest)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputFileError(
            f"{path} was changed while it was read. Clear the task when the file is complete."
        )
    return below, digest


def _upload(s3: Any, **request: Any) -> None:
    """Upload a file; raise AWS's own error, whose kind S3UploadFailedError hides."""
    from boto3.exceptions import S3UploadFailedError

    try:
        s3.upload_file(**request)
    except S3UploadFailedError as error:
        raise error.__context__ or error from None


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, DIGEST).hexdigest()


def _send_content(s3: Any, path: Path, uri: str, digest: str) -> bool:
    """Upload *path* with its digest unless that content is at *uri*; return whether it was sent."""
    if stored_digest(s3, uri) == digest:
        return False
    bucket, key = split(uri)
    kept = {"Metadata": {DIGEST: digest}}
    with_retries(_upload, s3=s3, Filename=str(path), Bucket=bucket, Key=key, ExtraArgs=kept)
    return True


def stored_digest(s3: Any, uri: str) -> str | None:
    """Return the digest with which an object was uploaded, or None."""
    bucket, key = split(uri)
    head = present(s3.head_object, Bucket=bucket, Key=key)
    return str(head["Metadata"].get(DIGEST)) if head else None


def source_files(folder: str | Path) -> list[tuple[str, Path]]:
    """Return the files of a source folder by relative name, without caches and hidden files."""
    root = Path(folder)
    if not root.is_dir():
        raise InputFileError(f"Source folder {folder} does not exist. Fix source_dir.")
    files = [(path.relative_to(root), path) for path in sorted(root.rglob("*")) if path.is_file()]
    return [(name.as_posix(), path) for name, path in files if not _is_clutter(name)]


def _is_clutter(name: Path) -> bool:
    hidden = any(part.startswith(".") for part in name.parts)
    return hidden or "__pycache__" in name.parts or name.suffix == ".pyc"


def archive(folder: str | Path, extra: Mapping[str, bytes] | None = None) -> bytes:
    """Return a tar.gz of *folder* that has the same bytes on every machine."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, path in source_files(folder):
            entry = tarfile.TarInfo(name)
            entry.size = path.stat().st_size
            entry.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as stream:
                tar.addfile(entry, stream)
        for name, content in (extra or {}).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def send_archive(
    s3: Any, folder: str | Path, prefix: str, extra: Mapping[str, bytes] | None = None
) -> str:
    """Upload the archive of *folder* and the *extra* files under its digest; return its address."""
    content = archive(folder, extra)
    uri = join(prefix, hashlib.sha256(content).hexdigest()[:16], "sourcedir.tar.gz")
    bucket, key = split(uri)
    if stored_digest(s3, uri) is None:
        with_retries(s3.put_object, Bucket=bucket, Key=key, Body=content)
    return uri
