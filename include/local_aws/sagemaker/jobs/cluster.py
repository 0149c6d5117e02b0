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
    """One instance; *root* is /opt/ml of its container."""

    index: int
    name: str
    address: str
    root: Path
    volume: Volume  # of the data that are downloaded before its container starts


class Cluster:
    """The instances algo-1 to algo-N; several have a loopback address each."""

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
        """Return the entries of /etc/hosts in each container."""
        return {host.name: host.address for host in self.hosts}

    def environment(self) -> dict[str, str]:
        """Return the variables by which distributed frameworks connect the instances."""
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
        """Return resourceconfig.json of one instance."""
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
    """Return a loopback address in 127/8, so that two jobs can use the same port."""
    if count == 1 or sys.platform != "linux":
        return "127.0.0.1"
    number = zlib.crc32(job.encode())
    return f"127.{1 + number % 254}.{number // 254 % 256}.{index + 1}"
