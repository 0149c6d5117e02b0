"""The operation that a request names, in every protocol."""

from __future__ import annotations

import pytest

from include.local_aws.wire import naming


def signed(service: str) -> dict[str, str]:
    scope = f"Credential=key/20260101/us-east-1/{service}/aws4_request"
    return {"authorization": f"AWS4-HMAC-SHA256 {scope}, Signature=0"}


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "form", "name"),
    [
        ("POST", "/", "", {"x-amz-target": "SageMaker.CreateModel"}, b"", "CreateModel"),
        ("POST", "/service/S/operation/PutMetricData", "", {}, b"", "PutMetricData"),
        ("POST", "/", "", signed("iam"), b"Action=GetRole&RoleName=r", "GetRole"),
        ("POST", "/BatchPutMetrics", "", signed("sagemaker"), b"", "BatchPutMetrics"),
        ("POST", "/endpoints/e/invocations", "", {}, b"", "InvokeEndpoint"),
        ("POST", "/endpoints/e/invocations", "", signed("sagemaker"), b"a=b", "InvokeEndpoint"),
        ("PUT", "/bucket/key", "", signed("s3"), b"", "PutObject"),
        ("PUT", "/bucket/key", "", {"x-amz-copy-source": "/a/b"}, b"", "CopyObject"),
        ("PUT", "/bucket/key", "partNumber=1&uploadId=u", {}, b"", "UploadPart"),
        ("GET", "/bucket", "list-type=2", {}, b"", "ListObjectsV2"),
        ("GET", "/bucket/", "", {}, b"", "ListObjects"),
        ("GET", "/bucket/a/b/c", "", {}, b"", "GetObject"),
        ("GET", "/", "", {}, b"", "ListBuckets"),
        ("GET", "/2015-03-31/functions", "", signed("lambda"), b"", ""),
    ],
)
def test_request_names_its_operation(
    method: str, path: str, query: str, headers: dict[str, str], form: bytes, name: str
) -> None:
    assert naming.named(method, path, query, headers, form) == name


def test_unsigned_request_is_for_s3() -> None:
    assert naming.signed_for({}) == "s3"
    assert naming.signed_for(signed("ecr")) == "ecr"
