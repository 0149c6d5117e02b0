from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.moto.s3_client import body

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("data", [b"a=1&b=2", b"\xff\x00 no form", b""])
def test_body_that_is_sent_as_a_form_is_stored(s3: Any, bucket: str, data: bytes) -> None:
    s3.put_object(Bucket=bucket, Key="form", Body=data, ContentType=FORM)
    assert body(s3, bucket, "form") == data
    assert s3.head_object(Bucket=bucket, Key="form")["ContentType"] == FORM


def test_plain_clients_send_forms_without_asking(local_aws: Server, s3: Any, bucket: str) -> None:
    """urllib and curl name this type for any body."""
    url = f"{local_aws.url}/{bucket}/plain"
    urllib.request.urlopen(urllib.request.Request(url, b"a=1", method="PUT"))
    assert body(s3, bucket, "plain") == b"a=1"


def test_uploads_in_parts_keep_the_type(s3: Any, bucket: str) -> None:
    made = s3.create_multipart_upload(Bucket=bucket, Key="parts", ContentType=FORM)
    upload = {"Bucket": bucket, "Key": "parts", "UploadId": made["UploadId"]}
    part = s3.upload_part(**upload, PartNumber=1, Body=b"a=1")
    parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert s3.head_object(Bucket=bucket, Key="parts")["ContentType"] == FORM


def test_query_requests_stay_forms(local_aws: Server) -> None:
    assert local_aws.client("sts").get_caller_identity()["Account"] == "000000000000"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_form_that_is_not_text_is_refused_at_once(local_aws: Server, method: str) -> None:
    """moto read such a body twice, and waited for the second one without an end."""
    request = urllib.request.Request(f"{local_aws.url}/", b"Yq\x94k", method=method)
    request.add_header("Content-Type", FORM)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 400
    assert b"MalformedQueryString" in refused.value.read()
