"""Actions of S3's operations, as "Policy actions for Amazon S3" of its User Guide has them."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.iam.s3_actions import pairs

Case = tuple[str, dict[str, Any], list[tuple[str, str]]]
CASES: list[Case] = [
    ("HeadObject", {"Bucket": "a", "Key": "b/c"}, [("s3:GetObject", "arn:aws:s3:::a/b/c")]),
    (
        "GetObject",
        {"Bucket": "a", "Key": "b", "query": {"versionId": "1"}},
        [("s3:GetObjectVersion", "arn:aws:s3:::a/b")],
    ),
    ("ListObjectsV2", {"Bucket": "a"}, [("s3:ListBucket", "arn:aws:s3:::a")]),
    ("ListBuckets", {"Bucket": ""}, [("s3:ListAllMyBuckets", "*")]),
    (
        "CopyObject",
        {"Bucket": "a", "Key": "b", "CopySource": "c/d", "headers": {"x-amz-tagging": "e=f"}},
        [
            ("s3:PutObject", "arn:aws:s3:::a/b"),
            ("s3:GetObject", "arn:aws:s3:::c/d"),
            ("s3:PutObjectTagging", "arn:aws:s3:::a/b"),
        ],
    ),
    (
        "DeleteBucketLifecycle",
        {"Bucket": "a"},
        [("s3:PutLifecycleConfiguration", "arn:aws:s3:::a")],
    ),
    (
        "ListBucketInventoryConfigurations",
        {"Bucket": "a"},
        [("s3:GetInventoryConfiguration", "arn:aws:s3:::a")],
    ),
    (
        "DeleteObjectTagging",
        {"Bucket": "a", "Key": "b", "query": {"versionId": "1"}},
        [("s3:DeleteObjectVersionTagging", "arn:aws:s3:::a/b")],
    ),
    (
        "DeleteObjects",
        {
            "Bucket": "a",
            "Keys": ["b"],
            "VersionKeys": ["c", "c"],
            "headers": {"x-amz-bypass-governance-retention": "true"},
        },
        [
            ("s3:DeleteObject", "arn:aws:s3:::a/b"),
            *[("s3:DeleteObjectVersion", "arn:aws:s3:::a/c")] * 2,
            ("s3:BypassGovernanceRetention", "arn:aws:s3:::a/b"),
            ("s3:BypassGovernanceRetention", "arn:aws:s3:::a/c"),
        ],
    ),
    (
        "PutObjectRetention",
        {"Bucket": "a", "Key": "b", "headers": {"x-amz-bypass-governance-retention": "true"}},
        [
            ("s3:PutObjectRetention", "arn:aws:s3:::a/b"),
            ("s3:BypassGovernanceRetention", "arn:aws:s3:::a/b"),
        ],
    ),
    (
        "CopyObject",
        {
            "Bucket": "a",
            "Key": "b",
            "CopySource": "c/d",
            "CopyVersion": "1",
            "headers": {"x-amz-acl": "private", "x-amz-grant-read": "id=1"},
        },
        [
            ("s3:PutObject", "arn:aws:s3:::a/b"),
            ("s3:GetObjectVersion", "arn:aws:s3:::c/d"),
            ("s3:PutObjectAcl", "arn:aws:s3:::a/b"),
        ],
    ),
    (
        "GetObjectAttributes",
        {"Bucket": "a", "Key": "b", "query": {"versionId": "1"}},
        [
            ("s3:GetObjectVersionAttributes", "arn:aws:s3:::a/b"),
            ("s3:GetObjectVersion", "arn:aws:s3:::a/b"),
        ],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_operation_needs_the_actions_of_s3(case: Case) -> None:
    operation, parameters, expected = case
    assert list(pairs(operation, parameters)) == expected


def test_operation_that_s3_does_not_have_needs_nothing() -> None:
    assert list(pairs("InventBucket", {"Bucket": "a"})) == []
