"""Apply the patch operations of Update requests."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.store import Doc
from .errors import bad_request

Convert = Callable[[str], Any]
Rules = Mapping[str, Convert]  # by path; `*` stands for any name
REMOVABLE = "*"


def text(value: str) -> str:
    return value


def flag(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise bad_request(f"Invalid patch value {value!r}. Give true or false.")
    return value.lower() == "true"


def whole(value: str) -> int:
    return int(number(value))


def number(value: str) -> float:
    try:
        result = float(value)
    except ValueError:
        result = math.nan
    if not math.isfinite(result) or abs(result) > 1e9:
        raise bad_request(f"Invalid patch value {value!r}. Give a number.")
    return result


def one_of(*allowed: str) -> Convert:
    """Return a conversion that refuses other values."""

    def convert(value: str) -> str:
        if value not in allowed:
            raise bad_request(f"Invalid patch value {value!r}. Allowed: {', '.join(allowed)}.")
        return value

    return convert


def places(path: str) -> list[str]:
    """Return the names in a path such as `/variables/a~1b`."""
    return [name.replace("~1", "/").replace("~0", "~") for name in path.split("/")[1:]]


def apply(doc: Doc, operations: Sequence[Doc] | None, rules: Rules) -> None:
    """Change *doc* by patch operations; raise AwsError for one that *rules* do not have."""
    for operation in operations or ():
        kind, path = operation.get("op"), operation.get("path") or ""
        rule = next((rule for rule in rules if _fits(rule, places(path))), None)
        allowed = ("add", "replace", "remove") if rule and REMOVABLE in rule else ("replace",)
        if rule is None or kind not in allowed:
            raise invalid(operation, rules)
        _set(doc, places(path), operation, rules[rule])


def invalid(operation: Doc, rules: Sequence[str] | Rules) -> Exception:
    """Return AWS's error for an operation that no rule allows."""
    return bad_request(
        f"Invalid patch path  '{operation.get('path')}' specified for op '{operation.get('op')}'. "
        f"Must be one of: [{', '.join(rules)}]"
    )


def _fits(rule: str, names: list[str]) -> bool:
    parts = rule.split("/")[1:]
    return len(parts) == len(names) and all(
        part in (REMOVABLE, name) for part, name in zip(parts, names, strict=True)
    )


def _set(doc: Doc, names: list[str], operation: Doc, convert: Convert) -> None:
    *path, last = names
    for name in path:
        if not isinstance(doc.get(name), dict):
            doc[name] = {}
        doc = doc[name]
    if operation["op"] == "remove":
        doc.pop(last, None)
    else:
        doc[last] = convert(operation.get("value") or "")
