"""Paths into documents: `Outputs['train'].S3Output.S3Uri`, `metrics[0].value`."""

from __future__ import annotations

import re
from typing import Any

TOKEN = re.compile(
    r"""\.?(?P<name>[^.\[\]]+)|\[(?P<index>\d+)\]|\[(?P<q>['"])(?P<key>.*?)(?P=q)\]"""
)


class BadPath(ValueError):
    """Raised for a path that cannot be read, or that leads to nothing."""


def parsed(path: str) -> list[str | int]:
    """Return the members, indexes and keys of *path* in order; raise BadPath."""
    tokens: list[str | int] = []
    end = 0
    while end < len(path):
        match = TOKEN.match(path, end)
        if match is None:
            raise BadPath(f"Invalid path: {path!r}")
        index = match["index"]
        tokens.append(int(index) if index else str(match["name"] or match["key"] or ""))
        end = match.end()
    return tokens[1:] if tokens[:1] == ["$"] else tokens


def lookup(document: Any, path: str) -> Any:
    """Return the value at *path* of *document*; raise BadPath without one.

    A list of named elements, such as outputs or metrics, is read by the name of an element.
    """
    value = document
    for token in parsed(path):
        try:
            value = value[token] if not _is_named(value, token) else _named(value, str(token))
        except (KeyError, IndexError, TypeError):
            raise BadPath(f"There is no value at {path!r}") from None
    return value


def _is_named(value: Any, token: str | int) -> bool:
    return isinstance(value, list) and isinstance(token, str)


def _named(elements: list[Any], name: str) -> Any:
    for element in elements:
        if isinstance(element, dict) and any(
            member.endswith("Name") and value == name for member, value in element.items()
        ):
            return element
    raise KeyError(name)
