"""The scripts of a job, below its output."""

from __future__ import annotations

import io
import tarfile
from typing import Any

from include.local_aws.sagemaker.automl.program import upload
from include.local_aws.sagemaker.automl.requests import Requests
from include.local_aws.testing import REGION
from tests.include.local_aws.sagemaker.automl.stored import job

CODE = "automl/job/sagemaker-automl-candidates"


class Bucket:
    """Keep the objects and the encryption that they are put with."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.encryption: list[dict[str, Any]] = []

    def put_object(self, **request: Any) -> None:
        assert request.pop("Bucket") == "b"
        self.objects[request.pop("Key")] = request.pop("Body")
        self.encryption.append(request)


def test_each_script_lies_alone_and_in_the_archive_under_the_jobs_key() -> None:
    s3, key = Bucket(), {"SSEKMSKeyId": "key", "ServerSideEncryption": "aws:kms"}
    upload(s3, Requests(job(), REGION), key)
    archive = s3.objects.pop(f"{CODE}/sourcedir.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        packed = {f"{CODE}/code/{name}": tar.extractfile(name) for name in tar.getnames()}
        contents = {name: file.read() for name, file in packed.items() if file}
    assert contents == s3.objects
    started = {"analyze.py", "data_processor.py", "algorithm.py"}
    assert started <= {name.rpartition("/")[2] for name in contents}
    assert all(given == key for given in s3.encryption)
