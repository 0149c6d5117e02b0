"""Instance types whose local disks take no KMS key."""

from __future__ import annotations

import pytest
from prodml.aws.local_storage import has_local_storage


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("ml.g5.xlarge", True),
        ("ml.m5d.large", True),
        ("ml.p4d.24xlarge", True),
        ("ml.p6-b200.48xlarge", True),
        ("ml.m5.large", False),
        ("ml.p3.2xlarge", False),
        ("ml.inf2.xlarge", False),
        ("ml.g55.xlarge", False),
    ],
)
def test_the_family_alone_decides(instance_type: str, expected: bool) -> None:
    assert has_local_storage(instance_type) is expected
