"""A network that only the instances of one job are in."""

from __future__ import annotations

import os
import subprocess

import pytest

from include.local_aws.containers.isolated_network import IsolatedNetwork
from include.local_aws.containers.sandbox import network_for, uses_bubblewrap

pytestmark = pytest.mark.skipif(not uses_bubblewrap("auto"), reason="there are no namespaces")


def link(network: IsolatedNetwork) -> str:
    return subprocess.run(
        ["readlink", "/proc/self/ns/net"],
        preexec_fn=network.enter,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_two_processes_enter_the_same_one_which_is_not_ours() -> None:
    with IsolatedNetwork() as network, IsolatedNetwork() as other:
        assert link(network) == link(network)
        assert len({link(network), link(other), os.readlink("/proc/self/ns/net")}) == 3


def test_it_holds_no_descriptor_once_it_is_closed() -> None:
    before = len(os.listdir("/proc/self/fd"))
    with IsolatedNetwork():
        assert len(os.listdir("/proc/self/fd")) > before
    assert len(os.listdir("/proc/self/fd")) == before


def test_it_is_made_only_for_several_isolated_instances() -> None:
    for isolated, instances, expected in ((False, 2, True), (True, 1, False), (False, 1, True)):
        with network_for(isolated, instances, "auto") as network:
            assert network is expected
    with network_for(True, 2, "auto") as network:
        assert isinstance(network, IsolatedNetwork)
    with network_for(True, 2, "none") as network:
        assert network is False
