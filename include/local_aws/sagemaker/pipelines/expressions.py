"""The expressions of a definition: `Get`, `Std:Join` and `Std:JsonGet`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ...core.store import Doc

GET, JOIN, JSON_GET = "Get", "Std:Join", "Std:JsonGet"
FORMS = frozenset({GET, JOIN, JSON_GET})
PROPERTY_FILES = "PropertyFiles"
PROPERTY_FILE = re.compile(rf"Steps\.[^.]+\.{PROPERTY_FILES}\.[^.]+")


class Unresolved(Exception):
    """Raised for an expression without a value; the message names it."""


class Scope(Protocol):
    """Knows the values of references, and reads JSON files of S3."""

    def value(self, reference: str) -> Any:
        """Return the value of `Parameters.X`, `Steps.X.Y`, ...; raise Unresolved."""

    def property_file(self, reference: str) -> str:
        """Return the S3 address of `Steps.X.PropertyFiles.Y`; raise Unresolved."""

    def json_value(self, uri: str, path: str) -> Any:
        """Return the value at *path* of a JSON file; raise Unresolved."""


def is_expression(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in FORMS


def evaluated(value: Any, scope: Scope) -> Any:
    """Return *value* with its expressions replaced by their values; raise Unresolved."""
    if is_expression(value):
        form, body = next(iter(value.items()))
        return EVALUATORS[form](body, scope)
    if isinstance(value, dict):
        return {key: evaluated(item, scope) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [evaluated(item, scope) for item in value]
    return value


def _join(body: Doc, scope: Scope) -> str:
    values = evaluated(body.get("Values", []), scope)
    return str(evaluated(body.get("On", ""), scope)).join(map(text, values))


def _json_get(body: Doc, scope: Scope) -> Any:
    if "PropertyFile" in body:
        uri = scope.property_file(body["PropertyFile"][GET])
    else:
        uri = str(evaluated(body["S3Uri"], scope))
    return scope.json_value(uri, str(evaluated(body["Path"], scope)))


EVALUATORS: dict[str, Callable[[Any, Scope], Any]] = {
    GET: lambda body, scope: scope.value(str(body)),
    JOIN: _join,
    JSON_GET: _json_get,
}


def text(value: Any) -> str:
    """Return a value as a string of the definition language."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def malformed(value: Any) -> str | None:
    """Return the first expression that has another form than AWS's; None without one."""
    if isinstance(value, list):
        return next(filter(None, map(malformed, value)), None)
    if not isinstance(value, dict):
        return None
    if is_expression(value):
        form, body = next(iter(value.items()))
        if not _is_formed(form, body):
            return f"{form} has an invalid form: {str(value)[:200]}"
    return malformed(list(value.values()))


def _is_formed(form: str, body: Any) -> bool:
    if form == GET:
        return isinstance(body, str)
    if not isinstance(body, dict):
        return False
    if form == JOIN:
        return isinstance(body.get("Values", []), list)
    file = body.get("PropertyFile")
    is_reference = isinstance(file, dict) and PROPERTY_FILE.fullmatch(str(file.get(GET)))
    return "Path" in body and bool(is_reference or ("S3Uri" in body and file is None))


def references(value: Any) -> Iterator[str]:
    """Yield every reference in *value*, such as `Parameters.X`."""
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get(GET), str):
            yield value[GET]
        else:
            for item in value.values():
                yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)
