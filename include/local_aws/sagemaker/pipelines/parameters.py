"""The parameters of a definition: types, defaults, allowed values, and values of an execution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.store import Doc
from ...wire.errors import AwsError, validation

Value = str | int | float | bool


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


READERS: dict[str, Callable[[str], Value]] = {
    "String": str,
    "Integer": int,
    "Float": float,
    "Boolean": _boolean,
}
TYPES: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (float, int),
    "Boolean": (bool,),
}


def check(declared: list[Doc]) -> None:
    """Refuse parameters of an unknown type, twice, or with a default that does not fit."""
    names = [parameter.get("Name") for parameter in declared]
    for parameter in declared:
        name, kind = parameter.get("Name"), parameter.get("Type")
        if not name or names.count(name) > 1:
            raise _unparsed(f"Parameter names must be given and unique. Change {name!r}.")
        if kind not in READERS:
            raise _unparsed(f"Parameter {name} has Type {kind!r}. Use one of {', '.join(READERS)}.")
        default = parameter.get("DefaultValue")
        if default is not None:
            _check_default(parameter, default)


def _check_default(parameter: Doc, default: Any) -> None:
    name, kind = parameter["Name"], parameter["Type"]
    is_misplaced = isinstance(default, bool) and kind != "Boolean"
    if is_misplaced or not isinstance(default, TYPES[kind]):
        raise _unparsed(f"DefaultValue {default!r} of parameter {name} is not of Type {kind}.")
    allowed = parameter.get("EnumValues")
    if allowed and default not in allowed:
        raise _unparsed(f"DefaultValue {default!r} of parameter {name} is not in {allowed}.")


def values(declared: list[Doc], given: list[Doc]) -> dict[str, Value]:
    """Return the value of each parameter in an execution; raise AwsError."""
    by_name = {parameter["Name"]: parameter for parameter in declared}
    texts: dict[str, str] = {}
    for entry in given:
        name, value = entry["Name"], entry["Value"]
        if name not in by_name:
            raise validation(f"Invalid pipeline parameter: {name!r} is not in the definition.")
        if name in texts:
            raise validation(f"Invalid pipeline parameter: {name!r} is given twice.")
        if not value:
            raise validation('[string "" is too short (length: 0, required minimum: 1)]')
        texts[name] = value
    return {name: _value(parameter, texts.get(name)) for name, parameter in by_name.items()}


def _value(parameter: Doc, text: str | None) -> Value:
    name, kind = parameter["Name"], parameter["Type"]
    if text is None:
        default: Value | None = parameter.get("DefaultValue")
        if default is None:
            raise validation(
                f"Parameter {name} has no default value. Give it in PipelineParameters."
            )
        return default
    try:
        value = READERS[kind](text)
    except ValueError:
        raise validation(f"Value {text!r} of parameter {name} is not of type {kind}.") from None
    allowed = parameter.get("EnumValues")
    if allowed and value not in allowed:
        raise validation(f"Value {text!r} of parameter {name} is not one of {allowed}.")
    return value


def _unparsed(message: str) -> AwsError:
    return validation(f"Unable to parse pipeline definition. {message}")
