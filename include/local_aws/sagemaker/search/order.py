"""The order of a search's results, by any property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from botocore.model import StructureShape

from ...core.store import Doc
from ...wire.errors import validation
from . import properties
from .expressions import number


@dataclass(frozen=True)
class Order:
    """An order by a property; resources without it are last in either direction."""

    by: properties.Property
    descending: bool

    @property
    def time(self) -> str:
        """Return the member of the document that is a time and sorts it; empty for others."""
        is_own = self.by.kind == properties.TIME and "." not in self.by.name
        return self.by.name if is_own else ""

    def sorted(self, docs: Iterable[Doc]) -> Iterator[Doc]:
        """Yield *docs* in this order."""
        known = [(self.by.read(doc), doc) for doc in docs]
        present = [(_comparable(values[0]), doc) for values, doc in known if values]
        present.sort(key=lambda pair: pair[0], reverse=self.descending)
        return chain((doc for _, doc in present), (doc for values, doc in known if not values))


def order(shape: StructureShape, request: Doc) -> Order:
    """Return the order that *request* wants; raise ValidationException for a structure."""
    name = request["SortBy"]
    if name == "LastModifiedTime" and name not in shape.members:
        name = "CreationTime"  # the default of resources that are never modified
    by = properties.find(shape, name)
    if by.kind == properties.WHOLE:
        raise validation(f"Results cannot be sorted by {request['SortBy']}: it is a structure.")
    return Order(by, request["SortOrder"] == "Descending")


def _comparable(value: Any) -> tuple[int, float, str]:
    known = number(value)
    return (0, known, "") if known is not None else (1, 0.0, str(value))
