"""The policy of a stack's key is what KMS returns."""

from __future__ import annotations

import json

from include.local_aws.testing import Server
from tests.include.local_aws.moto.stacks.conftest import Stacks

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}],
}


def test_policy_is_text(local_aws: Server, stacks: Stacks) -> None:
    stacks.create(Key={"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": POLICY}})
    kms, key = local_aws.client("kms"), stacks.physical_id("Key")
    assert json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]) == POLICY
