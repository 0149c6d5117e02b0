"""Models: JSON schemas of draft 4 that request bodies are validated against."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import regex
from jsonschema import Draft4Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT4

from .errors import bad_request
from .templates.budget import TemplateFailure, current, limited

OTHER_MODEL = re.compile(r"https://apigateway\.amazonaws\.com/restapis/[^/]+/models/(\w+)")
PATIENCE = 0.05  # seconds for one match of a pattern
STEPS = 200_000
_registry: Any = Registry  # attrs makes their constructors, which mypy does not see
_resource: Any = Resource


class InvalidSchema(ValueError):
    """Raised for a schema that cannot be evaluated."""


def parsed(text: str) -> Any:
    """Return a schema; raise AwsError for one that no request could be validated against."""
    try:
        schema = json.loads(text)
        if not isinstance(schema, dict):
            raise ValueError("it is not an object")
        Draft4Validator.check_schema(schema)
        for pattern in _values("pattern", schema):
            regex.compile(pattern)
    except (ValueError, SchemaError, regex.error, RecursionError, TypeError) as error:
        reason = error.message if isinstance(error, SchemaError) else str(error)
        raise bad_request(
            f"Invalid model specified: Validation Result: warnings : [], errors : [{reason}]"
        ) from None
    for target in _values("$ref", schema):
        if not target.startswith("#") and not OTHER_MODEL.fullmatch(target):
            raise bad_request(
                f"Invalid model specified: reference {target!r} is not emulated. Use #/definitions "
                "or the address of another model of the API."
            )
    return schema


def _values(keyword: str, schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get(keyword), str):
            yield schema[keyword]
        for item in schema.values():
            yield from _values(keyword, item)
    elif isinstance(schema, list):
        for item in schema:
            yield from _values(keyword, item)


class Model:
    """A model of a deployed API, ready to validate bodies."""

    def __init__(self, name: str, schemas: Mapping[str, Any]) -> None:
        """Prepare the schema *name*, which may refer to the other *schemas*."""
        registry = _registry(retrieve=lambda uri: _other(uri, schemas))
        self._validator = Bounded(schemas[name], registry=registry)

    def accepts(self, document: Any) -> bool:
        """Return whether a body fits; False also if that takes too long to find out."""
        with limited(STEPS):
            try:
                return bool(self._validator.is_valid(document))
            except (TemplateFailure, RecursionError, TimeoutError, Unresolvable):
                return False


def _other(uri: str, schemas: Mapping[str, Any]) -> Resource[Any]:
    name = OTHER_MODEL.fullmatch(uri)
    if name is None or name[1] not in schemas:
        raise LookupError(uri)
    other: Resource[Any] = _resource(schemas[name[1]], specification=DRAFT4)
    return other


def _pattern(validator: Any, wanted: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not regex.search(wanted, value, timeout=PATIENCE):
        yield ValidationError("The pattern does not match.")


def _unique(validator: Any, wanted: bool, value: Any, schema: Any) -> Iterator[ValidationError]:
    if wanted and isinstance(value, list):
        texts = {json.dumps(item, sort_keys=True) for item in value}
        if len(texts) < len(value):
            yield ValidationError("Items are not unique.")


def _counted(keyword: str) -> Any:
    original = Draft4Validator.VALIDATORS[keyword]

    def count(validator: Any, wanted: Any, value: Any, schema: Any) -> Any:
        current().step()
        return original(validator, wanted, value, schema)

    return count


Bounded: Any = extend(
    Draft4Validator,
    {"pattern": _pattern, "uniqueItems": _unique}
    | {
        keyword: _counted(keyword)
        for keyword in ("$ref", "allOf", "anyOf", "oneOf", "not", "properties", "items")
    },
)
