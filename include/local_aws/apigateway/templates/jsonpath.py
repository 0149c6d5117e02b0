"""The JSONPath of `$input.path` and `$input.json`: members, elements, wildcards and descendants."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from .budget import TemplateFailure, current

STEP = re.compile(
    r"(?P<deep>\.\.)(?P<below>[\w-]+)"
    r"|\.(?P<name>[\w-]+)"
    r"|\[\s*'(?P<quoted>[^'\]]*)'\s*\]"
    r'|\[\s*"(?P<double>[^"\]]*)"\s*\]'
    r"|\[\s*(?P<index>-?\d{1,9})\s*\]"
    r"|(?P<all>\.\*|\[\s*\*\s*\])"
)
LONGEST = 500


def find(document: Any, path: str) -> Any:
    """Return what is at *path*; None for a missing value, a list for a path of many."""
    steps = _steps(path)
    matches = [document]
    for step in steps:
        matches = [item for value in matches for item in _after(step, value)]
        current().step(len(matches) // 20)
    if any(step["all"] or step["deep"] for step in steps):
        return matches
    return matches[0] if matches else None


@functools.lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[re.Match[str], ...]:
    if not path.startswith("$") or len(path) > LONGEST:
        raise TemplateFailure(f"{path[:60]!r} is not a JSONPath that begins with $.")
    steps: list[re.Match[str]] = []
    position = 1
    while position < len(path):
        if not (step := STEP.match(path, position)):
            raise TemplateFailure(
                f"Unexpected {path[position : position + 40]!r} in a JSONPath. Supported: $, "
                ".name, ['name'], [0], .*, [*] and ..name."
            )
        steps.append(step)
        position = step.end()
    return tuple(steps)


def _after(step: re.Match[str], value: Any) -> Iterator[Any]:
    if step["deep"]:
        yield from _below(value, step["below"])
    elif step["all"]:
        yield from value.values() if isinstance(value, dict) else _elements(value)
    elif step["index"]:
        index = int(step["index"])
        if isinstance(value, list) and -len(value) <= index < len(value):
            yield value[index]
    else:
        name = step["name"] or step["quoted"] or step["double"] or ""
        if isinstance(value, dict) and name in value:
            yield value[name]


def _below(value: Any, name: str) -> Iterator[Any]:
    current().step()
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        for item in value.values():
            yield from _below(item, name)
    else:
        for item in _elements(value):
            yield from _below(item, name)


def _elements(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
