"""The actions that S3's operations need: most of them have other names than the operations.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import actions

RENAMED = {
    "HeadObject": "GetObject",
    "SelectObjectContent": "GetObject",
    **dict.fromkeys(("ListObjects", "ListObjectsV2", "HeadBucket"), "ListBucket"),
    "ListBuckets": "ListAllMyBuckets",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
    **dict.fromkeys(("CreateMultipartUpload", "UploadPart", "UploadPartCopy"), "PutObject"),
    **dict.fromkeys(("CompleteMultipartUpload", "CopyObject"), "PutObject"),
    "DeleteObjects": "DeleteObject",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "RenameObject": "PutObject",
}
# GetBucketEncryption, DeleteBucketLifecycle, ListBucketInventoryConfigurations, ...
CONFIGURATION = re.compile(
    r"(?P<verb>Get|Put|Delete|List)Bucket(?P<subject>Accelerate|Analytics|Encryption|"
    r"IntelligentTiering|Inventory|Lifecycle|Metrics|Replication)(Configurations?)?"
)
# With a versionId, another action protects the object.
OF_VERSIONS = frozenset(
    {
        *("GetObject", "DeleteObject", "GetObjectAcl", "PutObjectAcl", "GetObjectAttributes"),
        *("GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"),
    }
)
HEADERS = {
    "x-amz-tagging": "PutObjectTagging",
    **dict.fromkeys(("x-amz-acl", "x-amz-grant-read", "x-amz-grant-read-acp"), "PutObjectAcl"),
    **dict.fromkeys(("x-amz-grant-write-acp", "x-amz-grant-full-control"), "PutObjectAcl"),
}
BYPASS = "x-amz-bypass-governance-retention"
RETAINED = frozenset({"DeleteObject", "PutObjectRetention"})
ON_EVERYTHING = frozenset({"ListAllMyBuckets"})


def pairs(operation: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each action that *operation* needs, with the resource it is on."""
    name = _renamed(operation)
    if actions.known("s3", name) is None:
        return
    bucket = f"arn:aws:s3:::{parameters['Bucket']}"
    if name in ON_EVERYTHING:
        yield f"s3:{name}", "*"
        return
    if operation == "DeleteObjects":
        main = [(f"s3:{name}", f"{bucket}/{key}") for key in parameters["Keys"]]
        versions = parameters["VersionKeys"]
        main += [(f"s3:{_of_version(name)}", f"{bucket}/{key}") for key in versions]
    else:
        main = list(_of_one(name, bucket, parameters))
    yield from main
    if name in RETAINED and BYPASS in parameters.get("headers", {}):
        yield from dict.fromkeys(("s3:BypassGovernanceRetention", arn) for _, arn in main)
    if name == "PutObject":
        yield from _with_object(f"{bucket}/{parameters.get('Key', '')}", parameters)


def _of_one(name: str, bucket: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what an operation on a bucket, an object or a version of one needs."""
    resource = f"{bucket}/{parameters['Key']}" if "Key" in parameters else bucket
    is_version = "versionId" in parameters.get("query", {})
    for action in (name, "GetObject") if name == "GetObjectAttributes" else (name,):
        versioned = is_version and action in OF_VERSIONS
        yield f"s3:{_of_version(action) if versioned else action}", resource


def _with_object(resource: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a PutObject or a copy needs besides s3:PutObject."""
    if source := parameters.get("CopySource"):
        action = "GetObjectVersion" if parameters.get("CopyVersion") else "GetObject"
        yield f"s3:{action}", f"arn:aws:s3:::{source}"
    headers = parameters.get("headers", {})
    for action in dict.fromkeys(a for header, a in HEADERS.items() if header in headers):
        yield f"s3:{action}", resource


def _renamed(operation: str) -> str:
    if match := CONFIGURATION.fullmatch(operation):
        verb = "Get" if match["verb"] in ("Get", "List") else "Put"
        return f"{verb}{match['subject']}Configuration"
    return RENAMED.get(operation, operation)


def _of_version(name: str) -> str:
    return re.sub(r"(GetObject|DeleteObject|PutObject)(.*)", r"\1Version\2", name)
