"""Resources as JSON documents in SQLite: a write survives `kill -9`."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..wire.document import Doc as Doc

SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, name TEXT, doc TEXT, UNIQUE (kind, name));
CREATE TABLE IF NOT EXISTS tags (arn TEXT, key TEXT, value TEXT, PRIMARY KEY (arn, key));
CREATE TABLE IF NOT EXISTS links (
    kind TEXT, parent TEXT, child TEXT, created REAL, PRIMARY KEY (kind, parent, child));
CREATE TABLE IF NOT EXISTS data_points (
    namespace TEXT, metric TEXT, dimensions TEXT, at REAL,
    total REAL, samples REAL, low REAL, high REAL, unit TEXT);
CREATE TABLE IF NOT EXISTS series (
    component TEXT, metric TEXT, at REAL, step INTEGER, value REAL);
CREATE INDEX IF NOT EXISTS series_by_component ON series (component, at);
CREATE INDEX IF NOT EXISTS data_points_by_metric
    ON data_points (namespace, metric, dimensions, at);
"""


Strings = list[str]  # inside Store, `list` is a method
Rows = list[tuple[Any, ...]]
Docs = list[Doc]
Tags = list[dict[str, str]]


class Duplicate(Exception):
    """Raised when a resource of that kind and name exists already."""


class Missing(Exception):
    """Raised when no resource of that kind has that name."""


class Store:
    """A thread-safe table of documents; timestamps inside them are epoch seconds."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        self._file = self._identity()

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def write_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self._lock:
            self._db.execute("BEGIN")
            with self._db:  # commits, or rolls back: all threads share this connection
                self._db.executemany(sql, rows)

    def insert(self, kind: str, name: str, doc: Doc) -> None:
        """Add a resource; raise Duplicate if its name is taken, so that a name is a lock."""
        try:
            insert = "INSERT INTO resources (kind, name, doc) VALUES (?, ?, ?)"
            self.query(insert, kind, name, json.dumps(doc))
        except sqlite3.IntegrityError:
            raise Duplicate(f"{kind} {name}") from None

    def get(self, kind: str, name: str) -> Doc | None:
        rows = self.query("SELECT doc FROM resources WHERE kind=? AND name=?", kind, name)
        return json.loads(rows[0][0]) if rows else None

    def find(self, kind: str, member: str, value: str) -> Doc | None:
        """Return the oldest resource whose *member* is *value*.

        A document that SQLite cannot parse as JSON, such as one with NaN, is skipped: it must not
        fail the search for others.
        """
        extracted = "CASE WHEN json_valid(doc) THEN json_extract(doc, ?) END"
        where = f"kind=? AND {extracted}=? ORDER BY id LIMIT 1"
        path = f'$."{member}"'
        rows = self.query(f"SELECT doc FROM resources WHERE {where}", kind, path, value)  # noqa: S608
        return json.loads(rows[0][0]) if rows else None

    def find_arn(self, kind: str, member: str, arn: str) -> Doc | None:
        """Return the resource whose *member* is *arn*, which ends with its name in any case."""
        name = arn.rpartition("/")[2]
        doc = self.get(kind, name)
        if doc and doc.get(member) == arn:
            return doc
        select = "SELECT doc FROM resources WHERE kind=? AND lower(name)=lower(?) ORDER BY id"
        docs = (json.loads(row[0]) for row in self.query(select, kind, name))
        return next((doc for doc in docs if doc.get(member) == arn), None)

    def has(self, kind: str, *names: str) -> bool:
        """Return whether a resource has one of *names*, in any case: ARNs are in lower case."""
        select = "SELECT 1 FROM resources WHERE kind=? AND lower(name)=lower(?)"
        return any(self.query(select, kind, name) for name in names)

    def update(self, kind: str, name: str, /, **members: Any) -> Doc:
        """Merge *members* into the document and set its modification time; raise Missing."""
        with self._lock:
            doc = self.get(kind, name)
            if doc is None:
                raise Missing(f"{kind} {name}")
            doc |= {"LastModifiedTime": time.time()} | members
            update = "UPDATE resources SET doc=? WHERE kind=? AND name=?"
            self.query(update, json.dumps(doc), kind, name)
            return doc

    def delete(self, kind: str, name: str) -> None:
        """Remove a resource; raise Missing."""
        delete = "DELETE FROM resources WHERE kind=? AND name=? RETURNING id"
        if not self.query(delete, kind, name):
            raise Missing(f"{kind} {name}")

    def list(self, kind: str) -> list[Doc]:
        """Return all documents of *kind*, oldest first."""
        rows = self.query("SELECT doc FROM resources WHERE kind=? ORDER BY id", kind)
        return [json.loads(row[0]) for row in rows]

    def numbers(self, kind: str, member: str) -> Rows:
        """Return id, name and the number *member* of every document of *kind*, oldest first.

        SQLite reads the numbers, as Python would need ten times as long to parse the documents.
        It takes None for a document without *member*, or with NaN, which it cannot parse.
        """
        number = "CASE WHEN json_valid(doc) THEN json_extract(doc, ?) END"
        select = f"SELECT id, name, {number} FROM resources WHERE kind=? ORDER BY id"  # noqa: S608
        return self.query(select, f'$."{member}"', kind)

    def documents(self, ids: Iterable[int]) -> Docs:
        """Return the documents of *ids* that still exist, in that order."""
        wanted = json.dumps([*ids])
        query = (
            "SELECT doc FROM json_each(?) AS wanted JOIN resources ON resources.id = wanted.value"
        )
        rows = self.query(f"{query} ORDER BY wanted.key", wanted)
        return [json.loads(row[0]) for row in rows]

    def drop_tags(self, arn: str) -> None:
        """Delete the tags of a deleted resource, since its name can be used again."""
        self.query("DELETE FROM tags WHERE arn=?", arn)

    def put_tags(self, arn: str, tags: Iterable[dict[str, str]]) -> None:
        rows = [(arn, tag["Key"], tag["Value"]) for tag in tags]
        self.write_many("INSERT OR REPLACE INTO tags VALUES (?, ?, ?)", rows)

    def tags(self, arn: str) -> Tags:
        rows = self.query("SELECT key, value FROM tags WHERE arn=? ORDER BY key", arn)
        return [{"Key": key, "Value": value} for key, value in rows]

    def tags_of_all(self, arns: Strings) -> dict[str, Tags]:
        """Return the tags of many resources, by the ARN of those that have some, in one query."""
        query = (
            "SELECT arn, key, value FROM tags WHERE arn IN (SELECT value FROM json_each(?)) "
            "ORDER BY arn, key"
        )
        tags: dict[str, Tags] = {}
        for arn, key, value in self.query(query, json.dumps(arns)):
            tags.setdefault(arn, []).append({"Key": key, "Value": value})
        return tags

    def remove_tags(self, arn: str, keys: Iterable[str]) -> None:
        self.write_many("DELETE FROM tags WHERE arn=? AND key=?", [(arn, key) for key in keys])

    def link(self, kind: str, parent: str, child: str) -> None:
        """Link two resources, many to many, such as a component to its trials."""
        insert = "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)"
        self.query(insert, kind, parent, child, time.time())

    def unlink(self, kind: str, parent: str, child: str) -> None:
        self.query("DELETE FROM links WHERE kind=? AND parent=? AND child=?", kind, parent, child)

    def children(self, kind: str, parent: str) -> Strings:
        rows = self.query("SELECT child FROM links WHERE kind=? AND parent=?", kind, parent)
        return [row[0] for row in rows]

    def parents(self, kind: str, child: str) -> Strings:
        rows = self.query("SELECT parent FROM links WHERE kind=? AND child=?", kind, child)
        return [row[0] for row in rows]

    def links(self, kind: str) -> Rows:
        """Return every pair of parent and child, the oldest first."""
        return self.query("SELECT parent, child FROM links WHERE kind=? ORDER BY rowid", kind)

    def problem(self) -> str | None:
        """Return the reason why writes would be lost; None if the database file is in place."""
        if self._identity() == self._file:
            return None
        return f"{self._path} was removed while it was in use. Restart the server."

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def close(self) -> None:
        with self._lock:
            self._db.close()
