"""moto leaves the policies of buckets to the server."""

from __future__ import annotations

import json

import pytest
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from include.local_aws.moto.bucket_policies import leave_to_server

OBJECTS = "arn:aws:s3:::private/*"
DENIAL = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": OBJECTS}


def test_a_denial_is_not_evaluated_by_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeBucket, "get_permission", FakeBucket.get_permission)  # put back later
    bucket = FakeBucket("private", "123456789012", "us-east-1")
    bucket.policy = json.dumps({"Version": "2012-10-17", "Statement": [DENIAL]}).encode()
    asked = ("s3:GetObject", "arn:aws:s3:::private/key")
    assert bucket.get_permission(*asked) == PermissionResult.DENIED
    leave_to_server()
    assert bucket.get_permission(*asked) == PermissionResult.PERMITTED
