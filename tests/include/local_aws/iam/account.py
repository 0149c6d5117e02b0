"""An account with a role and a KMS key, and the ARNs of its resources."""

from __future__ import annotations

from include.local_aws.iam.resources import Place

ACCOUNT, OTHER = "123456789012", "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/trainer"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/a"
ARNS = {("role", "trainer"): ROLE, ("key", "a"): KEY, ("key", "alias/mine"): KEY}
PLACE = Place(ACCOUNT, "us-east-1", lambda kind, name: ARNS.get((kind, name)))


def arn(service: str, resource: str, region: str = "us-east-1") -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def sagemaker(resource: str) -> str:
    return arn("sagemaker", resource)
