"""Upload files to S3, unless they are there already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodml.aws.s3 import join, refuse_bad_files, send_file
from prodml.operators.base import AwsOperator
from prodml.results import Uploaded

if TYPE_CHECKING:
    from airflow.sdk import Context


class UploadDatasetOperator(AwsOperator):
    """
    Upload local files under a prefix; skip files that are there with the same content.

    A missing or empty file fails the task before anything is uploaded, without a retry.

    Returns ``{"prefix", "files": [S3 addresses], "sent": n, "unchanged": n}``.

    :param bucket: The bucket.
    :param prefix: The prefix in the bucket.
    :param files: Paths of local files; each keeps its file name.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "bucket", "prefix", "files")

    def __init__(self, *, bucket: str, prefix: str, files: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bucket = bucket
        self.prefix = prefix
        self.files = files

    def execute(self, context: Context) -> Uploaded:
        target = f"s3://{join(self.bucket, self.prefix)}/"
        paths = [Path(file) for file in self.files]
        refuse_bad_files(paths)
        uris = [target + path.name for path in paths]
        sent = [send_file(self.s3, path, uri) for path, uri in zip(paths, uris, strict=True)]
        self.log.info("Uploaded %d files to %s, %d unchanged", sum(sent), target, sent.count(False))
        return {
            "prefix": target,
            "files": uris,
            "sent": sum(sent),
            "unchanged": sent.count(False),
        }
