"""Find the documents that a search may return before they are parsed: there may be thousands."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.account import Aws
from ...core.store import Doc
from ..experiments.trial_components import COMPONENT, components_of
from .expressions import ORDERED, instant
from .order import Order
from .resources import Searched

CHUNK = 200  # documents that are parsed together


def candidates(
    aws: Aws, target: Searched, order: Order, expression: Doc
) -> tuple[Iterator[list[Doc]], bool]:
    """Return at least all resources that *expression* holds for, and whether they are in *order*.

    They are if a time sorts them, which each of them has.
    """
    conditions = [] if expression.get("Operator") == "Or" else expression.get("Filters", [])
    rows = aws.store.numbers(target.kind, order.time) if order.time else []
    if not rows or any(time is None for _, _, time in rows):
        return iter([aws.store.list(target.kind)]), False
    names = _names(aws, target, conditions)
    bounds = [
        (ORDERED[condition["Operator"]], instant(condition["Value"]) or 0.0)
        for condition in conditions
        if condition["Name"].lower() == order.time.lower() and condition.get("Operator") in ORDERED
    ]
    possible = [
        (id_, time)
        for id_, name, time in rows
        if (names is None or name in names) and all(holds(time, bound) for holds, bound in bounds)
    ]
    possible.sort(key=lambda pair: float(pair[1]), reverse=order.descending)
    return _documents(aws, [id_ for id_, _ in possible]), True


def _documents(aws: Aws, ids: list[int]) -> Iterator[list[Doc]]:
    for start in range(0, len(ids), CHUNK):
        yield aws.store.documents(ids[start : start + CHUNK])


def _names(aws: Aws, target: Searched, conditions: list[Doc]) -> set[str] | None:
    """Return the names of the trial components that may be asked for; None means any.

    :param conditions: Those which all hold.
    """
    if target.kind != COMPONENT.kind:
        return None
    parents = [
        components_of(aws, condition["Name"].partition(".")[2], condition["Value"])
        for condition in conditions
        if condition["Name"].partition(".")[0].lower() == "parents"
        and condition.get("Operator", "Equals") == "Equals"
    ]
    return set.intersection(*parents) if parents else None
