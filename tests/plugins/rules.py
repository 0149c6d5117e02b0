"""The environment of a company that demands everything, or only some of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from prodml.company_rules import company_rules

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


@contextmanager
def demanding(variables: Mapping[str, str]) -> Iterator[None]:
    """Let the rules of this process be those that *variables* state, in a with block."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name in VARIABLES:
                patch.delenv(name, raising=False)
            for name, value in variables.items():
                patch.setenv(name, value)
            company_rules.cache_clear()
            yield
    finally:
        company_rules.cache_clear()
