"""Log groups and streams: lines arrive one by one and are readable at once."""

from __future__ import annotations

import time
from typing import Any

from ..core.store import Store

Event = dict[str, Any]
GROUP = "log-group"


class Logs:
    """CloudWatch Logs' storage; times are epoch milliseconds, as the API has them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, group: str, stream: str, *lines: str) -> None:
        at = int(time.time() * 1000)
        self.put_events(group, stream, [(at, line) for line in lines])

    def put_events(self, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Lines with the times that their writer gives them."""
        insert = "INSERT INTO log_events (grp, stream, at, message) VALUES (?, ?, ?, ?)"
        self._store.write_many(insert, [(group, stream, at, line) for at, line in events])

    def create(self, group: str) -> None:
        """A group that is empty yet; one that is written to needs no creation. Raises Duplicate."""
        self._store.insert(GROUP, group, {"name": group})

    def groups(self) -> list[str]:
        rows = self._store.query("SELECT DISTINCT grp FROM log_events")
        return sorted({row[0] for row in rows} | {doc["name"] for doc in self._store.list(GROUP)})

    def streams(self, group: str, prefix: str = "") -> list[tuple[str, int, int]]:
        """Name, first and last event time of each stream, by name."""
        sql = (
            "SELECT stream, MIN(at), MAX(at) FROM log_events "
            "WHERE grp=? AND substr(stream, 1, ?)=? GROUP BY stream ORDER BY stream"
        )
        return [(n, a, b) for n, a, b in self._store.query(sql, group, len(prefix), prefix)]

    def events(self, group: str, stream: str | None = None, after: int = 0) -> list[Event]:
        """Events in the order in which they came; *after* is the id of the last one seen."""
        sql = "SELECT id, stream, at, message FROM log_events WHERE grp=? AND id>?"
        values: list[Any] = [group, after]
        if stream is not None:
            sql += " AND stream=?"
            values.append(stream)
        rows = self._store.query(f"{sql} ORDER BY id", *values)
        return [_event(*row) for row in rows]

    def delete(self, group: str, stream: str | None = None) -> None:
        if stream is None:
            self._store.query("DELETE FROM log_events WHERE grp=?", group)
            self._store.query("DELETE FROM resources WHERE kind=? AND name=?", GROUP, group)
        else:
            self._store.query("DELETE FROM log_events WHERE grp=? AND stream=?", group, stream)


def _event(number: int, stream: str, at: int, message: str) -> Event:
    return {
        "id": number,
        "eventId": f"{number:056d}",
        "logStreamName": stream,
        "timestamp": at,
        "ingestionTime": at,
        "message": message,
    }
