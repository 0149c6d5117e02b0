"""The instances of a job find each other by what SageMaker writes into their containers."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from include.jobs.tabular.cluster import Cluster, cluster_of, gathered, joined
from include.jobs.tabular.connection import Lost

HOSTS = ("algo-1", "algo-2", "algo-3")


def stated(folder: Path, *hosts: str) -> Path:
    path = folder / "resourceconfig.json"
    path.write_text(json.dumps({"current_host": "algo-2", "hosts": hosts}))
    return path


def test_the_first_host_by_name_leads(tmp_path: Path) -> None:
    cluster = cluster_of(stated(tmp_path, "algo-2", "algo-3", "algo-1"))
    assert cluster == Cluster("algo-2", HOSTS)
    assert [Cluster(host, HOSTS).leads for host in HOSTS] == [True, False, False]


def test_one_instance_is_no_cluster(tmp_path: Path) -> None:
    assert cluster_of(stated(tmp_path, "algo-2")) is None
    assert cluster_of(tmp_path / "absent.json") is None


def test_the_first_instance_listens_at_its_name_unless_pytorchs_variables_say_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    assert Cluster("algo-2", HOSTS).address == ("algo-1", 7777)
    monkeypatch.setenv("MASTER_ADDR", "10.0.0.7")
    monkeypatch.setenv("MASTER_PORT", "29500")
    assert Cluster("algo-2", HOSTS).address == ("10.0.0.7", 29500)


@pytest.mark.usefixtures("address")
def test_others_are_connected_in_the_order_of_their_names_and_strangers_are_not() -> None:
    first = Cluster("algo-1", HOSTS, start=20)
    with ThreadPoolExecutor() as pool:
        others = pool.submit(gathered, first)
        later = joined(Cluster("algo-3", HOSTS, start=20))
        with socket.create_connection(first.address, 20) as stranger:
            stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
            earlier = joined(Cluster("algo-2", HOSTS, start=20))
            connections = others.result()
    assert [connection.peer for connection in connections] == ["algo-2", "algo-3"]
    for connection, other in zip(connections, (earlier, later), strict=True):
        connection.send({"to": connection.peer})
        assert other.receive() == {"to": connection.peer}
        connection.close()
        other.close()


@pytest.mark.usefixtures("address")
def test_instances_that_never_start_are_named() -> None:
    with pytest.raises(Lost, match=r"algo-2, algo-3 was lost: it did not connect within 0 sec"):
        gathered(Cluster("algo-1", HOSTS, start=0.05))
