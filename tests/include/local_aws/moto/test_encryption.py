"""An ETag under a KMS key says which upload it was, and stays."""

from __future__ import annotations

from typing import Any

KEY = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/team"}


def test_an_etag_under_a_kms_key_is_no_digest(s3: Any, bucket: str) -> None:
    put = {"Bucket": bucket, "Body": b"same"}
    plain = {s3.put_object(Key=key, **put)["ETag"] for key in "ab"}
    keyed = {s3.put_object(Key=key, **put, **KEY)["ETag"] for key in "cd"}
    assert (len(plain), len(keyed), len(plain & keyed)) == (1, 2, 0)
    heads = {s3.head_object(Bucket=bucket, Key=key)["ETag"] for key in "cd"}
    assert heads == keyed


def test_parts_go_together_under_a_kms_key(s3: Any, bucket: str) -> None:
    upload = s3.create_multipart_upload(Bucket=bucket, Key="whole", **KEY)
    named = {"Bucket": bucket, "Key": "whole", "UploadId": upload["UploadId"]}
    part = s3.upload_part(**named, PartNumber=1, Body=b"only")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    made = s3.complete_multipart_upload(**named, MultipartUpload=parts)
    head = s3.head_object(Bucket=bucket, Key="whole")
    assert made["ETag"] == head["ETag"]
    assert head["ETag"].endswith('-1"')
