"""Requests as clients of each protocol send them."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.iam.asked import Asked, asked
from include.local_aws.wire.credentials import Credential
from include.local_aws.wire.errors import AwsError

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def read(service: str, method: str, path: str, headers: dict[str, str], body: bytes) -> Asked:
    path, _, query = path.partition("?")
    scope: dict[str, Any] = {"method": method, "path": path, "query_string": query.encode()}
    scope["raw_path"] = path.encode()
    return asked(scope, headers, Credential("key", "us-east-1", service), body)


def test_json_of_ours_and_of_moto() -> None:
    target = {"x-amz-target": "SageMaker.DescribeEndpoint"}
    ours = read("sagemaker", "POST", "/", target, b'{"EndpointName": "a"}')
    assert ours == Asked("sagemaker", "DescribeEndpoint", {"EndpointName": "a"})
    target = {"x-amz-target": "TrentService.Decrypt"}
    of_moto = read("kms", "POST", "/", target, b'{"KeyId": "a"}')
    assert of_moto == Asked("kms", "Decrypt", {"KeyId": "a"})


def test_target_counts_before_the_scope_of_the_signature() -> None:
    """The server routes by it, so a signature for S3 does not hide an operation."""
    target = {"x-amz-target": "SageMaker.DeleteEndpoint"}
    assert read("s3", "POST", "/a", target, b"{}").operation == "DeleteEndpoint"


def test_rest_of_moto_has_what_its_path_and_its_query_name() -> None:
    path = "/2015-03-31/functions/my%20own/invocations?Qualifier=1&Qualifier=2"
    request = read("lambda", "POST", path, {}, b"no JSON")
    assert request == Asked("lambda", "Invoke", {"FunctionName": "my own", "Qualifier": "1"})
    request = read("lambda", "PUT", "/2015-03-31/functions/a/code", {}, b'{"S3Bucket": "b"}')
    assert request.parameters == {"FunctionName": "a", "S3Bucket": "b"}


def test_service_that_does_not_exist_has_no_operation() -> None:
    assert read("unheard-of", "POST", "/", {}, b"{}") == Asked("unheard-of", "")


def test_form_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(AwsError, match="The form cannot be read"):
        read("iam", "POST", "/", FORM, b"Action=GetUser&a\xff")


def test_cbor() -> None:
    path = "/service/GraniteServiceVersion20100801/operation/PutMetricData"
    request = read("monitoring", "POST", path, {}, b"\xa1\x69Namespace\x61A")
    assert request == Asked("cloudwatch", "PutMetricData", {"Namespace": "A"})


@pytest.mark.parametrize(("scope", "service"), [("monitoring", "cloudwatch"), ("sns", "sns")])
def test_form(scope: str, service: str) -> None:
    request = read(scope, "POST", "/", FORM, b"Action=UntagResource&TagKeys.member.1=a")
    assert request == Asked(service, "UntagResource", {"TagKeys": ["a"]})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", b"Action=GetUser&Action=DeleteUser"),
        ("/", b"Action=GetRole&RoleName=mine&RoleName=yours"),
        ("/?Action=DeleteUser", b"Action=GetUser"),
    ],
)
def test_form_with_contradicting_values_is_refused(path: str, body: bytes) -> None:
    with pytest.raises(AwsError, match="twice"):
        read("iam", "POST", path, FORM, body)


def test_invocation() -> None:
    headers = {"x-amzn-sagemaker-target-model": "b"}
    request = read("sagemaker", "POST", "/endpoints/a/invocations", headers, b"1,2")
    expected = {"EndpointName": "a", "TargetModel": "b"}
    assert request == Asked("sagemaker-runtime", "InvokeEndpoint", expected)


@pytest.mark.parametrize(
    ("host", "path"),
    [("127.0.0.1:4566", "/bucket/a/b?versionId=1"), ("bucket.localhost:4566", "/a/b?versionId=1")],
)
def test_s3_by_path_and_by_host(host: str, path: str) -> None:
    request = read("", "GET", path, {"host": host}, b"")
    assert request.operation == "GetObject"
    assert (request.parameters["Bucket"], request.parameters["Key"]) == ("bucket", "a/b")


def test_s3_subresource_is_another_operation() -> None:
    host = {"host": "127.0.0.1:4566"}
    assert read("s3", "GET", "/bucket/a?acl", host, b"").operation == "GetObjectAcl"
    assert read("s3", "PUT", "/bucket?policy", host, b"{}").operation == "PutBucketPolicy"


def test_keys_of_a_batch_delete() -> None:
    body = b"<Delete><Object><Key>a</Key></Object><Object><Key>b&amp;c</Key></Object></Delete>"
    request = read("s3", "POST", "/bucket?delete", {"host": "127.0.0.1:1"}, body)
    assert request.operation == "DeleteObjects"
    assert request.parameters["Keys"] == ["a", "b&c"]
    assert request.parameters["VersionKeys"] == []


JSON = {"x-amz-target": "TrentService.DescribeKey", "content-type": "application/x-amz-json-1.1"}


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        ("/?Action=ScheduleKeyDeletion", {}, b"{}"),
        ("/?%41ction=ScheduleKeyDeletion", {}, b"{}"),
        ("/", {}, b'{"KeyId": "a&Action=ScheduleKeyDeletion&b"}'),
        ("/", {}, b'{"KeyId": "a&%41ction=ScheduleKeyDeletion&b"}'),
        ("/", {"action": "ScheduleKeyDeletion"}, b"{}"),
        ("/", {"content-type": "multipart/form-data; boundary=a"}, b"{}"),
        ("/", FORM, b"a=b"),
    ],
)
def test_action_that_moto_would_prefer_to_the_target_is_refused(
    path: str, headers: dict[str, str], body: bytes
) -> None:
    with pytest.raises(AwsError, match="more than its target"):
        read("kms", "POST", path, JSON | headers, body)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"content-type": "text/plain"}),
        ("POST", {"content-type": "multipart/form-data; boundary=a"}),
        ("GET", FORM),
        ("POST", {"x-amz-target": "A.GetUser"}),
    ],
)
def test_form_of_another_kind_names_no_operation(method: str, headers: dict[str, str]) -> None:
    assert read("iam", method, "/", headers, b"Action=DeleteUser").operation == ""


def test_json_without_a_target_names_no_operation() -> None:
    assert read("kms", "POST", "/", {}, b"{}").operation == ""


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("PUT", "/bucket?acl&policy", {}),
        ("GET", "/bucket/a?acl&tagging", {}),
        ("PUT", "/bucket/a?partNumber=1&uploadId=2&acl", {}),
        ("PUT", "/bucket/a?tagging", {"x-amz-copy-source": "b/c"}),
        ("PUT", "/v20180820/configuration/publicAccessBlock", {}),
        ("GET", "//bucket/a", {}),
        ("GET", "/bucket?list-type=2&prefix=a&prefix=b", {}),
        ("GET", "/bucket?prefix=a&pre%66ix=", {}),
    ],
)
def test_s3_request_that_names_two_things_names_no_operation(
    method: str, path: str, headers: dict[str, str]
) -> None:
    host = {"host": "127.0.0.1:4566"}
    assert read("s3", method, path, host | headers, b"").operation == ""


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/bucket?list-type=2&prefix=a", "ListObjectsV2"),
        ("GET", "/bucket/a?partNumber=1", "GetObject"),
        ("POST", "/bucket/a?uploads", "CreateMultipartUpload"),
        ("PUT", "/bucket/a?partNumber=1&uploadId=2", "UploadPart"),
        ("POST", "/bucket/a?uploadId=2", "CompleteMultipartUpload"),
        ("GET", "/bucket/a?uploadId=2", "ListParts"),
        ("GET", "/bucket?versions", "ListObjectVersions"),
        ("PUT", "/bucket?lifecycle", "PutBucketLifecycleConfiguration"),
        ("GET", "/bucket/a?x-id=GetObject", "GetObject"),
    ],
)
def test_s3_operations(method: str, path: str, operation: str) -> None:
    request = read("s3", method, path, {"host": "127.0.0.1:4566"}, b"")
    assert request.operation.replace("Configuration", "") == operation.replace("Configuration", "")
