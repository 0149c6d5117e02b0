"""The instances of a job: their names, addresses and folders on this machine."""

from __future__ import annotations

import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

from ...core.processes import free_port
from ...core.store import Doc
from ...core.volume import GIGABYTE, Volume


@dataclass(frozen=True)
class Host:
    """One instance; *root* is what its container sees as /opt/ml."""

    index: int
    name: str
    address: str
    root: Path
    volume: Volume  # of the data that are put there before its container starts


class Cluster:
    """algo-1 to algo-N, each with a loopback address of its own where there are several."""

    def __init__(self, job: str, directory: Path, count: int, gigabytes: int) -> None:
        names = sorted(f"algo-{number}" for number in range(1, count + 1))
        self.hosts = [
            Host(
                index,
                name,
                _address(job, index, count),
                directory / name / "ml",
                Volume(gigabytes * GIGABYTE),
            )
            for index, name in enumerate(names)
        ]

    @property
    def names(self) -> list[str]:
        return [host.name for host in self.hosts]

    @property
    def addresses(self) -> dict[str, str]:
        """What each container finds in its /etc/hosts."""
        return {host.name: host.address for host in self.hosts}

    def environment(self) -> dict[str, str]:
        """Where the instances of one job meet: distributed frameworks read these."""
        if len(self.hosts) == 1:
            return {}
        interface = "lo" if sys.platform == "linux" else "lo0"
        return {
            "MASTER_ADDR": self.hosts[0].address,
            "MASTER_PORT": str(free_port()),
            "GLOO_SOCKET_IFNAME": interface,
            "TP_SOCKET_IFNAME": interface,
        }

    def config(self, current: Host, instance_type: str) -> Doc:
        """resourceconfig.json of one instance."""
        group = {"instance_group_name": "homogeneousCluster", "instance_type": instance_type}
        return {
            "current_host": current.name,
            "hosts": self.names,
            "current_instance_type": instance_type,
            "current_group_name": "homogeneousCluster",
            "instance_groups": [group | {"hosts": self.names}],
            "network_interface_name": "lo",
        }


def _address(job: str, index: int, count: int) -> str:
    """Linux answers on all of 127/8, so two jobs may use the same port on their own hosts."""
    if count == 1 or sys.platform != "linux":
        return "127.0.0.1"
    number = zlib.crc32(job.encode())
    return f"127.{1 + number % 254}.{number // 254 % 256}.{index + 1}"
