"""Messages between two instances, and the loss of one of them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from threading import Timer

import numpy as np
import pytest

from include.jobs.tabular import connection
from include.jobs.tabular.connection import HASHES, HEADER, LARGEST, Connection, Lost

Pair = tuple[Connection, Connection]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Yield the two ends of a connection: that to algo-2, and that to algo-1."""
    one, other = socket.socketpair()
    with Connection(one, "algo-2") as first, Connection(other, "algo-1") as second:
        yield first, second


def test_messages_arrive_as_they_were_sent(pair: Pair) -> None:
    first, second = pair
    hashes = np.array([0, 7, 2**64 - 1], np.uint64)
    first.send({"stage": "find", "rows": [1, 2]})
    first.send_hashes(hashes)
    assert second.receive() == {"stage": "find", "rows": [1, 2]}
    received = second.receive()
    assert isinstance(received, np.ndarray)
    assert received.dtype == np.uint64
    assert received.tolist() == hashes.tolist()


def test_an_end_is_a_loss_that_names_the_instance(pair: Pair) -> None:
    first, second = pair
    first.close()
    with pytest.raises(Lost) as lost:
        second.receive()
    assert str(lost.value) == (
        "Instance algo-1 was lost: it ended or closed its connection. The job needs all of its "
        "instances: read the log of that one, and start the job again."
    )


def test_a_connection_that_breaks_is_a_loss(pair: Pair) -> None:
    first, second = pair
    second.close()
    with pytest.raises(Lost, match=r"algo-2 was lost: its connection broke"):
        first.send({"large": "x" * 10_000_000})
    first.drain(time.monotonic() + 60)  # it ends at once


def test_an_instance_that_works_for_long_is_not_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BEAT", 0.02)
    one, other = socket.socketpair()
    with Connection(one, "algo-2", silence=0.2) as first, Connection(other, "algo-1") as second:
        done = Timer(0.5, lambda: second.send({"done": True}))
        done.start()
        assert first.receive() == {"done": True}


def test_hashes_in_place_of_a_document_are_a_loss(pair: Pair) -> None:
    first, second = pair
    first.send_hashes(np.empty(0, np.uint64))
    with pytest.raises(Lost, match="it sent hashes in place of a document"):
        second.receive_json()


def test_a_message_that_no_instance_sends_is_not_read() -> None:
    one, other = socket.socketpair()
    other.sendall(HEADER.pack(HASHES, LARGEST + 1))
    with Connection(one, "algo-2") as first, other, pytest.raises(Lost, match="announced a"):
        first.receive()


def test_draining_ends_once_the_other_side_has_closed(pair: Pair) -> None:
    first, second = pair
    second.send({"last": True})
    second.close()
    began = time.monotonic()
    first.drain(began + 60)
    assert time.monotonic() - began < 30


def test_silence_is_a_loss() -> None:
    one, other = socket.socketpair()
    silent = Connection(one, "algo-2", silence=0.1)
    with silent, other, pytest.raises(Lost, match="it said nothing for"):
        silent.receive()


def test_the_reason_of_a_failure_is_sent() -> None:
    one, other = socket.socketpair()
    failing = Connection(one, "algo-1")
    with pytest.raises(MemoryError), failing:
        raise MemoryError("too little")
    with Connection(other, "algo-2") as received:
        assert received.receive_json() == {"failed": "MemoryError: too little"}
