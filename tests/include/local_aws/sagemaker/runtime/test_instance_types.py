from __future__ import annotations

import pytest

from include.local_aws.sagemaker.runtime.instance_types import Resources, resources_of


@pytest.mark.parametrize(
    ("kind", "cpus", "gigabytes", "accelerators"),
    [
        ("ml.m5.large", 2, 8, 0),
        ("ml.m5.4xlarge", 16, 64, 0),
        ("ml.c5.xlarge", 4, 8, 0),
        ("ml.r5.2xlarge", 8, 64, 0),
        ("ml.t2.medium", 2, 4, 0),
        ("ml.g5.xlarge", 4, 16, 1),
        ("ml.g5.12xlarge", 48, 192, 4),
        ("ml.p3.8xlarge", 32, 244, 4),
    ],
)
def test_resources_are_those_of_the_type(
    kind: str, cpus: int, gigabytes: int, accelerators: int
) -> None:
    assert resources_of(kind) == Resources(cpus, gigabytes * 1024, accelerators)


@pytest.mark.parametrize("kind", ["ml.trn1.2xlarge", "ml.m5.tiny", "m5.large"])
def test_unknown_type_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=f"resources of {kind}"):
        resources_of(kind)
