"""Log groups, streams and their events: each line can be read as soon as it is written."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..core.clock import Clock
from ..core.store import Doc, Duplicate, Store

log = logging.getLogger(__name__)
GROUP = "log-group"
SCHEMA = (
    """CREATE TABLE IF NOT EXISTS log_streams (
        grp TEXT, stream TEXT, created INTEGER, PRIMARY KEY (grp, stream))""",
    """CREATE TABLE IF NOT EXISTS log_lines (
        id INTEGER PRIMARY KEY AUTOINCREMENT, grp TEXT, stream TEXT, at INTEGER,
        ingested INTEGER, message TEXT)""",
    "CREATE INDEX IF NOT EXISTS log_lines_by_stream ON log_lines (grp, stream, at, id)",
    "CREATE INDEX IF NOT EXISTS log_lines_by_group ON log_lines (grp, at, id)",
)
INSERT = "INSERT INTO log_lines (grp, stream, at, ingested, message) VALUES (?, ?, ?, ?, ?)"
COLUMNS = "id, stream, at, ingested, message"
DAY = 86_400_000  # milliseconds
CHUNK = 2_000  # rows of one read
LAST = (1 << 62, 1 << 62)
Line = tuple[int, str]  # timestamp of the writer, text
Position = tuple[int, int]  # time and number of an event, which order events


@dataclass(frozen=True, slots=True)
class Event:
    """A line in its stream; times are epoch milliseconds, as in the API."""

    number: int
    stream: str
    at: int
    ingested: int
    message: str

    @property
    def position(self) -> Position:
        return self.at, self.number


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream and the times of its events, None if it has none."""

    name: str
    created: int
    first: int | None
    last: int | None
    ingested: int | None


class Logs:
    """CloudWatch Logs' storage."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.RLock()
        self._written: dict[tuple[str, str], int] = {}  # the newest time in each stream
        self._readers: list[Callable[[str, list[Line]], None]] = []
        for statement in SCHEMA:
            store.query(statement)

    @property
    def now(self) -> int:
        return int(self._clock.now() * 1000)

    def watch(self, reader: Callable[[str, list[Line]], None]) -> None:
        """Call *reader* with the group and the lines of every write from now on."""
        self._readers.append(reader)

    def put(self, group: str, stream: str, *lines: str) -> None:
        """Write the output of a job or a model; create group and stream if they are missing.

        Lines that cannot be written are lost, so that a full disk does not fail the job.
        """
        try:
            with self._lock:
                self._ensure(group, stream)
                at = max(self.now, self._written.get((group, stream), 0))  # never decreasing
                self.put_events(group, stream, [(at, line) for line in lines])
        except sqlite3.OperationalError as error:
            log.warning("Lost %d lines of %s:%s: %s", len(lines), group, stream, error)

    def put_events(self, group: str, stream: str, lines: list[Line]) -> None:
        """Write lines with the timestamps of their writer."""
        now = self.now
        with self._lock:
            rows = [(group, stream, at, now, message) for at, message in lines]
            self._store.write_many(INSERT, rows)
            newest = max((at for at, _ in lines), default=0)
            self._written[group, stream] = max(newest, self._written.get((group, stream), 0))
        for reader in self._readers:
            reader(group, lines)

    def create_group(self, name: str, **members: Any) -> None:
        """Create an empty group; raise Duplicate."""
        doc = {"logGroupName": name, "creationTime": self.now} | members
        self._store.insert(GROUP, name, doc)

    def create_stream(self, group: str, name: str) -> None:
        """Create an empty stream; raise Duplicate."""
        insert = "INSERT OR IGNORE INTO log_streams VALUES (?, ?, ?) RETURNING stream"
        if not self._store.query(insert, group, name, self.now):
            raise Duplicate(f"{group}:{name}")

    def group(self, name: str) -> Doc | None:
        return self._store.get(GROUP, name)

    def groups(self) -> list[Doc]:
        return sorted(self._store.list(GROUP), key=lambda doc: str(doc["logGroupName"]))

    def change_group(self, name: str, **members: Any) -> None:
        """Set members of a group; None removes one."""
        self._store.update(GROUP, name, **members)

    def size(self, group: str) -> int:
        """Return the bytes of a group, counted as AWS does."""
        sql = "SELECT COALESCE(SUM(length(CAST(message AS BLOB)) + 26), 0) FROM log_lines"
        return int(self._store.query(f"{sql} WHERE grp=?", group)[0][0])

    def streams(self, group: str, prefix: str = "") -> list[Stream]:
        """Return the streams of *group* whose names begin with *prefix*, by name."""
        self.expire(group)
        of_stream = "FROM log_lines l WHERE l.grp=s.grp AND l.stream=s.stream"
        sql = (
            f"SELECT stream, created, (SELECT MIN(at) {of_stream}), (SELECT MAX(at) {of_stream}), "  # noqa: S608
            f"(SELECT ingested {of_stream} ORDER BY at DESC, id DESC LIMIT 1) "
            "FROM log_streams s WHERE grp=? AND substr(stream, 1, ?)=? ORDER BY stream"
        )
        return [Stream(*row) for row in self._store.query(sql, group, len(prefix), prefix)]

    def has_stream(self, group: str, name: str) -> bool:
        sql = "SELECT 1 FROM log_streams WHERE grp=? AND stream=?"
        return bool(self._store.query(sql, group, name))

    def events(
        self,
        group: str,
        streams: list[str] | None = None,
        *,
        after: Position = (-1, 0),
        before: Position = LAST,
        newest_first: bool = False,
    ) -> Iterator[Event]:
        """Yield the events between two positions in the order of their times."""
        self.expire(group)
        while True:
            rows = self._chunk(group, streams, (after, before), newest_first)
            yield from rows
            if len(rows) < CHUNK:
                return
            after = after if newest_first else rows[-1].position
            before = rows[-1].position if newest_first else before

    def last_lines(self, group: str, stream: str, most: int) -> list[str]:
        """Return the last lines of a stream, at most *most*, oldest first."""
        newest = islice(self.events(group, [stream], newest_first=True), most)
        return [event.message.rstrip() for event in newest][::-1]

    def _chunk(
        self,
        group: str,
        streams: list[str] | None,
        bounds: tuple[Position, Position],
        newest_first: bool,
    ) -> list[Event]:
        order = "at DESC, id DESC" if newest_first else "at, id"
        named = f" AND stream IN ({', '.join('?' * len(streams))})" if streams is not None else ""
        sql = (
            f"SELECT {COLUMNS} FROM log_lines WHERE grp=?{named} "  # noqa: S608
            f"AND (at, id) > (?, ?) AND (at, id) < (?, ?) ORDER BY {order} LIMIT {CHUNK}"
        )
        rows = self._store.query(sql, group, *(streams or []), *bounds[0], *bounds[1])
        return [Event(*row) for row in rows]

    def kept_since(self, group: str) -> int:
        """Return the time of the oldest event that the group's retention keeps."""
        days = (self.group(group) or {}).get("retentionInDays")
        return self.now - days * DAY if days else 0

    def expire(self, group: str) -> None:
        """Remove the events that the group's retention does not keep."""
        if since := self.kept_since(group):
            self._store.query("DELETE FROM log_lines WHERE grp=? AND at<?", group, since)

    def delete_group(self, group: str) -> None:
        with self._lock:
            self._store.delete(GROUP, group)
            for table in ("log_lines", "log_streams"):
                self._store.query(f"DELETE FROM {table} WHERE grp=?", group)  # noqa: S608
            self._written = {k: at for k, at in self._written.items() if k[0] != group}

    def delete_stream(self, group: str, stream: str) -> None:
        with self._lock:
            for table in ("log_lines", "log_streams"):
                sql = f"DELETE FROM {table} WHERE grp=? AND stream=?"  # noqa: S608
                self._store.query(sql, group, stream)
            self._written.pop((group, stream), None)

    def _ensure(self, group: str, stream: str) -> None:
        if (group, stream) in self._written:
            return
        if self.group(group) is None:
            self.create_group(group)
        sql = "INSERT OR IGNORE INTO log_streams VALUES (?, ?, ?)"
        self._store.query(sql, group, stream, self.now)
