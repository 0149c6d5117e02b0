"""Convert rendered text in a request to numbers and booleans, by botocore's model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prodml.exceptions import RequestRefusedError
from prodml.vocabulary import Json


def _switch(text: str) -> bool:
    return {"true": True, "false": False}[text.strip().lower()]


KINDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "integer": ("an integer", int),
    "long": ("an integer", int),
    "float": ("a number", float),
    "double": ("a number", float),
    "boolean": ("True or False", _switch),
}


def typed(client: Any, operation: str, request: Json) -> Json:
    """Return *request* with the types that *operation* takes, like the stock operators.

    Raises RequestRefusedError for text of the wrong type, since a retry would render it again.
    """
    shape = client.meta.service_model.operation_model(operation).input_shape
    converted: Json = _typed(shape, request, operation)
    return converted


def _typed(shape: Any, value: Any, path: str) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        known = shape.members
        return {
            name: _typed(known[name], member, f"{path}.{name}") if name in known else member
            for name, member in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_typed(shape.member, item, f"{path}[{n}]") for n, item in enumerate(value)]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _typed(shape.value, member, f"{path}.{key}") for key, member in value.items()}
    if shape.type_name in KINDS and isinstance(value, str):
        return _converted(*KINDS[shape.type_name], value, path)
    return value


def _converted(kind: str, convert: Callable[[str], Any], text: str, path: str) -> Any:
    try:
        return convert(text)
    except (KeyError, ValueError):
        raise RequestRefusedError(
            f"Invalid {path}: {text!r}. SageMaker takes {kind}. Fix the value, or the template "
            "that renders it."
        ) from None
