"""Work for the first of several instances until it ends the job."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ..drift.container import leave
from .cluster import Cluster, joined
from .connection import Connection, Json, Lost
from .engine import Stage, Work, Worker
from .listing import Replaced, refuse_replaced
from .partitions import files_below
from .schema import Schema
from .sources import Role, Source


def follow(
    cluster: Cluster, schema: Schema, raw: Path, output: Path, listing: Path | None = None
) -> int:
    """Do what the first instance asks for, and return its exit code; all leave its message."""
    try:
        with joined(cluster) as leader:
            leader.send({"files": files_below(raw), "refused": _refusal(raw, listing)})
            code, message = _followed(leader, Worker(schema, output, leader.send_hashes), raw)
    except Lost as lost:
        code, message = 1, str(lost)
    print(message, file=sys.stderr if code else sys.stdout)
    leave(message)
    return code


def _refusal(raw: Path, listing: Path | None) -> str:
    """Return why the job must not read the files of this instance; empty if it may."""
    try:
        refuse_replaced(raw, listing)
    except Replaced as replaced:
        return str(replaced)
    return ""


def _followed(leader: Connection, worker: Worker, raw: Path) -> tuple[int, str]:
    while True:
        order = leader.receive_json()
        if "code" in order:
            return order["code"], order["message"]
        work = [_read(raw, one) for one in order["work"]]
        _do(leader, worker, Stage(order["stage"]), work)


def _do(leader: Connection, worker: Worker, stage: Stage, work: Sequence[Work]) -> None:
    numbers = (source.number for source, _ in work)
    for number, result in zip(numbers, worker.run(stage, work), strict=True):
        leader.send({"number": number, "result": result})
    leader.send({"done": True})


def _read(raw: Path, one: Json) -> Work:
    return Source(f"{raw}/", one["file"], one["number"], Role(one["role"])), one["argument"]
