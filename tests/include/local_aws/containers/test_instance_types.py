from __future__ import annotations

import os

import pytest

from include.local_aws.containers.instance_types import (
    LEAST,
    Resources,
    process_memory,
    resources_of,
)


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


@pytest.mark.parametrize(
    ("kind", "installed", "gigabytes"),
    [
        ("ml.m5.large", 64, 8),
        ("ml.m5.2xlarge", 64, 32),
        ("ml.r5.24xlarge", 64, 64),
        ("ml.t3.medium", 64, 8),
        ("ml.r5.4xlarge", 4, 8),
        ("ml.new.large", 64, 8),
        (None, 64, 8),
    ],
)
def test_a_process_may_have_the_memory_of_the_instance_and_no_more_than_is_installed(
    kind: str | None, installed: int, gigabytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": (installed << 30) // 4096}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)
    assert LEAST == 8 << 30
    assert process_memory(kind) == gigabytes << 30
