from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from include.local_aws.cloudwatch.logs import DAY, Event, Logs
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.store import Duplicate, Store

Unique = Callable[[str], str]

NOW = 1_700_000_000_000


@pytest.fixture(name="stored")
def _stored() -> Iterator[Logs]:
    store = Store(":memory:")
    yield Logs(store, ManualClock(NOW / 1000))
    store.close()


def _messages(events: Iterator[Event]) -> list[str]:
    return [event.message for event in events]


def test_output_of_a_job_creates_its_group_and_stream(stored: Logs) -> None:
    stored.put("g", "s", "one", "two")
    assert [doc["logGroupName"] for doc in stored.groups()] == ["g"]
    (stream,) = stored.streams("g")
    assert (stream.name, stream.first, stream.last, stream.ingested) == ("s", NOW, NOW, NOW)
    assert _messages(stored.events("g", ["s"])) == ["one", "two"]


def test_names_are_unique(stored: Logs) -> None:
    stored.create_group("g")
    stored.create_stream("g", "s")
    with pytest.raises(Duplicate):
        stored.create_group("g")
    with pytest.raises(Duplicate):
        stored.create_stream("g", "s")


def test_events_are_cut_by_position_in_both_directions(stored: Logs) -> None:
    stored.put_events("g", "s", [(NOW + n // 2, str(n)) for n in range(6)])
    positions = [event.position for event in stored.events("g")]
    after = stored.events("g", after=positions[2])
    assert _messages(after) == ["3", "4", "5"]
    before = stored.events("g", before=positions[3], newest_first=True)
    assert _messages(before) == ["2", "1", "0"]


def test_more_events_than_one_read_takes_are_yielded_once(stored: Logs) -> None:
    stored.put_events("g", "s", [(NOW, str(n)) for n in range(5_001)])
    assert _messages(stored.events("g")) == [str(n) for n in range(5_001)]
    assert len(list(stored.events("g", newest_first=True))) == 5_001


def test_retention_removes_older_events(stored: Logs) -> None:
    stored.create_group("g", retentionInDays=1)
    stored.put_events("g", "s", [(NOW - DAY - 1, "old"), (NOW - DAY, "kept")])
    assert _messages(stored.events("g")) == ["kept"]
    assert stored.size("g") == len("kept") + 26


def test_stream_that_is_deleted_while_its_job_writes_is_made_again(stored: Logs) -> None:
    stored.put("g", "s", "one")
    stored.delete_group("g")
    assert stored.groups() == []
    stored.put("g", "s", "two")
    assert _messages(stored.events("g")) == ["two"]
    assert [stream.name for stream in stored.streams("g")] == ["s"]


def test_watchers_see_every_line(stored: Logs) -> None:
    seen: list[Any] = []
    stored.watch(lambda group, lines: seen.append((group, lines)))
    stored.put("g", "s", "one")
    assert seen == [("g", [(NOW, "one")])]


def test_line_that_the_disk_does_not_take_is_lost_and_its_writer_continues() -> None:
    store = Store(":memory:")
    stored = Logs(store, ManualClock(NOW / 1000))
    store.query("PRAGMA query_only = ON")
    stored.put("g", "s", "lost")
    store.query("PRAGMA query_only = OFF")
    stored.put("g", "s", "kept")
    assert _messages(stored.events("g")) == ["kept"]
    store.close()
