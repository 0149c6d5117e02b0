"""A company that demands everything."""

from __future__ import annotations

KEY = "arn:aws:kms:us-east-1:000000000000:key/0a1b2c3d-0000-4000-8000-0123456789ab"
NETWORK = {"Subnets": ["subnet-0a1b2c3d"], "SecurityGroupIds": ["sg-0a1b2c3d"]}
TAG = {"Key": "team", "Value": "ml"}
VARIABLES = {
    "PRODML_SUBNETS": "subnet-0a1b2c3d",
    "PRODML_SECURITY_GROUPS": "sg-0a1b2c3d",
    "PRODML_KMS_KEY": KEY,
    "PRODML_NETWORK_ISOLATION": "true",
    "PRODML_ENCRYPT_TRAFFIC": "true",
    "PRODML_TAGS": "team=ml",
}
