"""The instances of a job: names, addresses, folders."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from include.local_aws.core.volume import VolumeFull
from include.local_aws.sagemaker.jobs.cluster import Cluster


def test_one_instance_is_this_machine(tmp_path: Path) -> None:
    cluster = Cluster("job", tmp_path, 1, 10)
    assert cluster.addresses == {"algo-1": "127.0.0.1"}
    assert cluster.environment() == {}
    assert cluster.hosts[0].root == tmp_path / "algo-1" / "ml"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one loopback address")
def test_several_have_addresses_that_another_job_does_not_have(tmp_path: Path) -> None:
    one, other = Cluster("one", tmp_path, 3, 1), Cluster("other", tmp_path, 3, 1)
    assert len({*one.addresses.values(), *other.addresses.values()}) == 6
    assert one.environment()["MASTER_ADDR"] == one.addresses["algo-1"]
    config = one.config(one.hosts[1], "ml.m5.large")
    assert config["current_host"] == "algo-2"
    assert config["hosts"] == ["algo-1", "algo-2", "algo-3"]


def test_names_are_in_the_order_of_text(tmp_path: Path) -> None:
    assert Cluster("job", tmp_path, 11, 1).names[:3] == ["algo-1", "algo-10", "algo-11"]


def test_every_instance_has_a_volume_of_its_own(tmp_path: Path) -> None:
    first, second = Cluster("job", tmp_path, 2, 1).hosts
    first.volume.take(1 << 30)
    second.volume.take(1 << 30)
    with pytest.raises(VolumeFull):
        first.volume.take(1)
