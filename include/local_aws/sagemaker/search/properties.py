"""A resource's properties: their names, as SearchRecord's shapes have them, and their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ...core.store import Doc
from ...wire.errors import validation

Read = Callable[[Doc], list[Any]]  # a list on the path of a property gives several values
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
    """A property of a resource that filters can read."""

    name: str
    kind: str
    read: Read

    @property
    def whole_numbers(self) -> bool:
        """Return whether to compare as integers, as a hyperparameter with an integer."""
        return self.name.startswith("HyperParameters.")


def find(shape: StructureShape, name: str) -> Property:
    """Return the property of that name; raise ValidationException if *shape* lacks it.

    The first word may be in lower case, as in the SDK's examples.
    """
    head, _, rest = name.partition(".")
    heads = {member.lower(): member for member in (*shape.members, "Metrics")}
    head = heads.get(head.lower(), head)
    property_ = _special(shape, head, rest) or _walked(shape, f"{head}.{rest}" if rest else head)
    if property_ is None:
        raise validation(f"Unknown property name: {name}")
    kind, read = property_
    return Property(f"{head}.{rest}" if rest else head, kind, read)


def _special(shape: StructureShape, head: str, rest: str) -> tuple[str, Read] | None:
    """Return a property of tags or metrics, which are lists that are read like maps."""
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
    """Return a property of a map, whose keys may have dots; unwrap parameters and artifacts."""

    def read(doc: Doc) -> list[Any]:
        value = doc.get(path)
        if isinstance(value, dict):
            return [v for name, v in value.items() if name != "MediaType"]
        return [] if value is None else [value]

    return (EITHER, read)
