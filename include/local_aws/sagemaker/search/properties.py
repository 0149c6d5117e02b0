"""A resource's properties: their names, as SearchRecord's shapes have them, and their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ...core.store import Doc
from ...wire.errors import validation

Read = Callable[[Doc], list[Any]]  # a property has several values where a list is on its path
TEXT, NUMBER, TIME, EITHER, WHOLE = "text", "numerical", "timestamp", "text or number", "whole"
KINDS = {
    **dict.fromkeys(("integer", "long", "float", "double"), NUMBER),
    "string": TEXT,
    "timestamp": TIME,
    "boolean": TEXT,
}
STATISTICS = {name.lower(): name for name in ("Min", "Max", "Avg", "Last", "Count", "StdDev")}


@dataclass(frozen=True)
class Property:
    """Something of a resource that a filter reads."""

    name: str
    kind: str
    read: Read

    @property
    def whole_numbers(self) -> bool:
        """A hyperparameter is compared as an integer when it is compared with one."""
        return self.name.startswith("HyperParameters.")


def find(shape: StructureShape, name: str) -> Property:
    """The property of that name; raises ValidationException when *shape* has none.

    The first word may be written in lower case, as the SDK's own examples do.
    """
    head, _, rest = name.partition(".")
    heads = {member.lower(): member for member in (*shape.members, "Metrics")}
    head = heads.get(head.lower(), head)
    found = _special(shape, head, rest) or _walked(shape, f"{head}.{rest}" if rest else head)
    if found is None:
        raise validation(f"Unknown property name: {name}")
    kind, read = found
    return Property(f"{head}.{rest}", kind, read)


def _special(shape: StructureShape, head: str, rest: str) -> tuple[str, Read] | None:
    """Tags and metrics are lists that are read like maps."""
    if not rest:
        return None
    if head == "Tags":
        return TEXT, lambda doc: [t["Value"] for t in doc.get("Tags", []) if t["Key"] == rest]
    if head == "Metrics" and "FinalMetricDataList" in shape.members:
        return NUMBER, lambda doc: [
            m["Value"] for m in doc.get("FinalMetricDataList") or [] if m["MetricName"] == rest
        ]
    if head == "Metrics":
        metric, _, statistic = rest.rpartition(".")
        member = STATISTICS.get(statistic.lower())
        read: Read = lambda doc: [  # noqa: E731
            m[member] for m in doc.get("Metrics", []) if m["MetricName"] == metric
        ]
        return (NUMBER, read) if member else None
    return None


def _walked(shape: Shape, path: str) -> tuple[str, Read] | None:
    """Follow *path* from member to member, through lists."""
    if not path:
        kind = KINDS.get(shape.type_name, WHOLE)
        return kind, lambda value: [value]
    if isinstance(shape, ListShape):
        inner = _walked(shape.member, path)
        return inner and (inner[0], _each(inner[1]))
    if isinstance(shape, MapShape):
        return _of_map(shape, path)
    if not isinstance(shape, StructureShape):
        return None
    head, _, rest = path.partition(".")
    inner = _walked(shape.members[head], rest) if head in shape.members else None
    return inner and (inner[0], _member(head, inner[1]))


def _each(read: Read) -> Callable[[Any], list[Any]]:
    return lambda items: [value for item in items for value in read(item)]


def _member(head: str, read: Read) -> Read:
    def read_member(doc: Doc) -> list[Any]:
        value = doc.get(head)
        return [] if value is None else read(value)

    return read_member


def _of_map(shape: MapShape, path: str) -> tuple[str, Read]:
    """Keys may have dots. A parameter or an artifact is the value that its structure holds."""

    def read(found: Doc) -> list[Any]:
        value = found.get(path)
        if isinstance(value, dict):
            return [v for name, v in value.items() if name != "MediaType"]
        return [] if value is None else [value]

    return (EITHER, read)
