"""The CPUs and GPUs of instance types."""

from __future__ import annotations

import pytest
from prodml.debugger.instance_types import cpus, gpus


@pytest.mark.parametrize(
    ("name", "cpu", "gpu"),
    [
        ("ml.m5.large", 2, 1),
        ("ml.m5.xlarge", 4, 1),
        ("ml.c5.18xlarge", 72, 1),
        ("ml.t3.medium", 2, 1),
        ("ml.p3.8xlarge", 32, 4),
        ("ml.p4d.24xlarge", 96, 8),
        ("ml.g5.48xlarge", 192, 8),
        ("ml.g5.16xlarge", 64, 1),
        ("ml.m7i-flex.2xlarge", 8, 1),
        ("local", 1, 1),
    ],
)
def test_counts(name: str, cpu: int, gpu: int) -> None:
    assert (cpus(name), gpus(name)) == (cpu, gpu)
