"""Parameters of an operator, which Airflow checks only when a mapped task is rendered."""

from __future__ import annotations

import inspect
from typing import NotRequired, get_origin, get_type_hints


def arguments(operator: type) -> set[str]:
    """Return the names of all parameters that *operator* takes, with those of its bases."""
    known: set[str] = set()
    for base in operator.__mro__:
        if takes := vars(base).get("__init__"):
            known |= set(inspect.signature(takes).parameters)
    return known - {"self", "args", "kwargs"}


def required(contract: type) -> set[str]:
    """Return the fields that are not marked as NotRequired."""
    hints = get_type_hints(contract, include_extras=True)
    return {name for name, kind in hints.items() if get_origin(kind) is not NotRequired}
