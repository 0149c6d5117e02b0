"""The values of a template, and the methods of Java's strings, lists and maps that it may call."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import regex

from .budget import TemplateFailure, current

Method = Callable[..., Any]
PATIENCE = 0.05  # seconds for one match of a pattern of the template's author
LONGEST_PATTERN = 200
MOST_SPLIT = 10_000


class Variable:
    """A variable of API Gateway, such as `$input`: its methods and properties."""

    def __init__(
        self, methods: Mapping[str, Method], properties: Mapping[str, Any] | None = None
    ) -> None:
        self.methods = methods
        self.properties = properties or {}


def text_of(value: Any) -> str:
    """Return *value* as Java prints it: `{a=1}` for a map, JSON for a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return current().write("{" + ", ".join(f"{k}={text_of(v)}" for k, v in value.items()) + "}")
    if isinstance(value, list):
        return current().write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return json.dumps(value) if value is None or isinstance(value, int | float) else ""


def is_true(value: Any) -> bool:
    """Return whether #if takes *value* as true: all but null and false."""
    return value is not None and value is not False


def property_of(value: Any, name: str) -> Any:
    """Return a member of *value*; None for a missing one."""
    if isinstance(value, Variable):
        return value.properties.get(name)
    if isinstance(value, dict) and name in value:
        return value[name]
    if name == "empty" and isinstance(value, str | list | dict):
        return not value
    return None


def call(value: Any, name: str, arguments: list[Any]) -> Any:
    """Call a method of *value*; raise TemplateFailure for one that it does not have."""
    methods = value.methods if isinstance(value, Variable) else METHODS.get(type(value), {})
    method = methods.get(name)
    if method is None:
        if value is None:
            return None  # as a reference to a missing value
        raise TemplateFailure(f"{name}() of {type(value).__name__} is not available in templates.")
    weigh(value)
    try:
        return method(*arguments) if isinstance(value, Variable) else method(value, *arguments)
    except TemplateFailure:
        raise
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError) as error:
        raise TemplateFailure(f"{name}() failed: {error}") from error


def weigh(value: Any) -> None:
    """Count the steps of work on a long value."""
    if isinstance(value, str | list | dict):
        current().step(len(value) // (1_000 if isinstance(value, str) else 20))


def element(value: Any, index: Any) -> Any:
    """Return an element of a list or a map; None for a missing one."""
    if isinstance(value, list) and isinstance(index, int) and not isinstance(index, bool):
        return value[index] if -len(value) <= index < len(value) else None
    return value.get(index) if isinstance(value, dict) else None


def pattern(text: str) -> Any:
    """Return a compiled pattern of a template's author."""
    if len(text) > LONGEST_PATTERN:
        raise TemplateFailure(f"A pattern has more than {LONGEST_PATTERN} characters.")
    try:
        return regex.compile(text)
    except (regex.error, OverflowError) as error:
        raise TemplateFailure(f"{text!r} is not a pattern: {error}") from error


def _matched(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except TimeoutError:
        raise TemplateFailure("A pattern takes too long to match.") from None


def _replace_all(text: str, wanted: str, by: str) -> str:
    by = regex.sub(r"\$(\d)", r"\\\1", by.replace("\\\\", "\\"))
    compiled = pattern(wanted)
    return current().write(_matched(lambda: compiled.sub(by, text, timeout=PATIENCE)))


def _replace(text: str, wanted: str, by: str) -> str:
    if len(text) + (text.count(wanted) if wanted else len(text)) * len(by) > current().characters:
        raise TemplateFailure("The template makes too much text.")
    return current().write(text.replace(wanted, by))


def _split(text: str, separator: str, limit: int = MOST_SPLIT) -> list[str]:
    compiled = pattern(separator)
    parts = _matched(lambda: compiled.split(text, maxsplit=max(limit - 1, 0), timeout=PATIENCE))
    current().write(text)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return [part or "" for part in parts]


def _matches(text: str, wanted: str) -> bool:
    compiled = pattern(wanted)
    return bool(_matched(lambda: compiled.fullmatch(text, timeout=PATIENCE)))


def _substring(text: str, start: int, end: int | None = None) -> str:
    end = len(text) if end is None else end
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"{start} to {end} is outside of {len(text)} characters")
    return current().write(text[start:end])


def _put(values: dict[str, Any], key: Any, value: Any) -> Any:
    before = values.get(key)
    values[text_of(key)] = value
    return before


def _add(values: list[Any], value: Any) -> bool:
    current().write(" " * 8)
    values.append(value)
    return True


def _entries(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in values.items()]


SHARED: Mapping[str, Method] = {
    "toString": text_of,
    "equals": lambda value, other: type(value) is type(other) and value == other,
}
METHODS: Mapping[type, Mapping[str, Method]] = {
    str: {
        **SHARED,
        "length": len,
        "isEmpty": lambda text: not text,
        "contains": lambda text, part: part in text,
        "startsWith": lambda text, part: text.startswith(part),
        "endsWith": lambda text, part: text.endswith(part),
        "indexOf": lambda text, part: text.find(part),
        "lastIndexOf": lambda text, part: text.rfind(part),
        "charAt": lambda text, index: text[index],
        "substring": _substring,
        "replace": _replace,
        "replaceAll": _replace_all,
        "matches": _matches,
        "split": _split,
        "toLowerCase": lambda text: current().write(text.lower()),
        "toUpperCase": lambda text: current().write(text.upper()),
        "trim": lambda text: text.strip(),
        "concat": lambda text, more: current().write(text + text_of(more)),
        "equalsIgnoreCase": lambda text, other: text.lower() == other.lower(),
    },
    list: {
        **SHARED,
        "size": len,
        "isEmpty": lambda values: not values,
        "get": element,
        "contains": lambda values, value: value in values,
        "indexOf": lambda values, value: values.index(value) if value in values else -1,
        "add": _add,
    },
    dict: {
        **SHARED,
        "size": len,
        "isEmpty": lambda values: not values,
        "get": lambda values, key: values.get(key),
        "containsKey": lambda values, key: key in values,
        "keySet": lambda values: list(values),
        "values": lambda values: list(values.values()),
        "entrySet": _entries,
        "put": _put,
        "putAll": lambda values, more: values.update(more),
        "remove": lambda values, key: values.pop(key, None),
    },
    int: {**SHARED, "intValue": int, "doubleValue": float},
    float: {**SHARED, "intValue": int, "doubleValue": float},
    bool: SHARED,
}
