"""The data of a model: an archive, or objects as they are, in the folders of its container."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..core.s3_files import (
    BAD_INPUT,
    download_archive,
    download_object,
    download_prefix,
    keys_under,
    split_uri,
)
from ..core.untrusted_files import BadPath, Folder, parts_of
from ..core.volume import GIGABYTE, Volume

if TYPE_CHECKING:
    from ..core.account import Aws

VOLUME = 30 * GIGABYTE  # for a model and its code
ADDITIONAL = "additional-model-data-sources"  # the folder below /opt/ml
REFUSED = ("ManifestS3Uri", "HubAccessConfig")
Source = dict[str, Any]  # an S3ModelDataSource
Container = dict[str, Any]


class ServerFailed(RuntimeError):
    """Raised when a model server does not start; the message has its last output."""


class ModelDataFailed(ServerFailed):
    """Raised when the model's data cannot be had, so that its server was never started."""


def check_model_data(container: Container) -> None:
    """Raise ValueError for data of a model that AWS, or the embedded AWS, does not accept."""
    if container.get("ModelDataUrl") and container.get("ModelDataSource"):
        raise ValueError("ModelDataUrl and ModelDataSource exclude each other. Give one of them.")
    for path, source in _sources(container):
        try:
            parts_of(path)
        except BadPath as error:
            raise ValueError(f"{error} Use another ChannelName.") from None
        _check_source(source)


def _check_source(source: Source) -> None:
    uri = source["S3Uri"]
    split_uri(uri)
    for member in REFUSED:
        if source.get(member):
            raise ValueError(
                f"{member} of {uri} is not emulated by the embedded AWS. Give the objects' S3Uri."
            )
    prefix, gzip = source["S3DataType"] == "S3Prefix", source["CompressionType"] == "Gzip"
    if prefix and gzip:
        raise ValueError(
            f"{uri}: CompressionType Gzip needs S3DataType S3Object, the archive's own address."
        )
    if prefix and not uri.endswith("/"):
        raise ValueError(f"{uri}: an S3Uri of S3DataType S3Prefix ends with a slash. Add it.")


def _sources(container: Container) -> Iterator[tuple[str, Source]]:
    """Yield each source with its folder below /opt/ml."""
    if url := container.get("ModelDataUrl"):
        yield "model", {"S3Uri": url, "S3DataType": "S3Object", "CompressionType": "Gzip"}
    if source := container.get("ModelDataSource"):
        yield "model", source["S3DataSource"]
    for channel in container.get("AdditionalModelDataSources", ()):
        yield f"{ADDITIONAL}/{channel['ChannelName']}", channel["S3DataSource"]


def download_model(aws: Aws, container: Container, root: Path) -> None:
    """Download the model, and the script in SAGEMAKER_SUBMIT_DIRECTORY, below *root*."""
    s3 = aws.client("s3", container.get("ExecutionRoleArn", ""))
    submitted = container.get("Environment", {}).get("SAGEMAKER_SUBMIT_DIRECTORY", "")
    volume = Volume(VOLUME)
    with Folder.at(root) as folder:
        for path, source in _sources(container):
            _download(s3, source, folder, path, volume)
        if submitted.startswith("s3://"):
            if container.get("EnableNetworkIsolation"):
                raise ServerFailed(
                    f"The model is isolated from the network, and its server cannot fetch "
                    f"{submitted}. Put the code into the code folder of model.tar.gz."
                )
            with folder.folder("model/code", create=True) as code:
                _download_archive(s3, submitted, code, volume)


def _download(s3: Any, source: Source, folder: Folder, path: str, volume: Volume) -> None:
    """Download one source to the folder *path*; an archive is unpacked there."""
    uri = source["S3Uri"]
    with folder.folder(path, create=True) as target:
        if source["CompressionType"] == "Gzip":
            _download_archive(s3, uri, target, volume)
            return
        try:
            _download_objects(s3, source, target, volume)
        except BAD_INPUT as error:
            raise _unavailable(uri, error) from None


def _download_objects(s3: Any, source: Source, target: Folder, volume: Volume) -> None:
    uri = source["S3Uri"]
    bucket, key = split_uri(uri)
    if source["S3DataType"] == "S3Object":
        download_object(s3, bucket, key, target, key.rpartition("/")[2], volume)
        return
    if not any(keys_under(s3, uri)):
        raise _unavailable(uri)
    download_prefix(s3, uri, target, volume)


def _download_archive(s3: Any, uri: str, target: Folder, volume: Volume) -> None:
    try:
        download_archive(s3, uri, target, volume)
    except (*BAD_INPUT, OSError) as error:
        if isinstance(error, ClientError):
            raise _unavailable(uri) from None
        raise ModelDataFailed(
            f'Failed to extract model data archive from URL: "{uri}". Please ensure that the '
            f"object located at the URL is a valid tar.gz archive. {error}"
        ) from None


def _unavailable(uri: str, error: Exception | None = None) -> ModelDataFailed:
    reason = f" {error}" if error is not None and not isinstance(error, ClientError) else ""
    return ModelDataFailed(
        f'Failed to download model data from URL: "{uri}". Please ensure that there is an '
        "object located at the URL and that the role passed to CreateModel has permissions "
        f"to download the object.{reason}"
    )
