"""The order of the suite."""

from __future__ import annotations

from pathlib import Path

import pytest

LONG = ("loop", "chaos")  # minutes each, mostly of waiting


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: the others fill the time that these wait."""
    home = Path(__file__).parent
    items.sort(key=lambda item: item.path.relative_to(home).parts[0] not in LONG)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: a time inside them would differ between two workers."""
    return argname if isinstance(val, bytes) else None
