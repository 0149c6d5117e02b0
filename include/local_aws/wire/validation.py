"""Validate input against botocore's model, with AWS's error messages."""

from __future__ import annotations

import functools
from typing import Any

import regex
from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    Shape,
    StringShape,
    StructureShape,
)

from .errors import AwsError, validation

WHOLE = {"integer": 31, "long": 63}  # bits without the sign
SURROGATES, BEYOND = r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"
INVALID = (
    "ValidationException",
    "InvalidParameterException",
    "BadRequestException",
)  # codes, best first
NUMBERS = WHOLE.keys() | {"float", "double", "timestamp"}
EARLIEST, LATEST = -62_135_596_800, 253_402_300_800  # the years 1 to 9999, as epoch seconds


def check(request: Any, operation: OperationModel) -> None:
    """Validate the input of *operation*; refuse it with the error code of its model."""
    try:
        validate(request, operation.input_shape)
    except AwsError as error:
        if error.code != "ValidationException":
            raise
        modelled = {shape.name for shape in operation.error_shapes}
        plain = "ValidationError" if _is_query_compatible(operation) else error.code
        code = next((name for name in INVALID if name in modelled), plain)
        raise AwsError(code, error.message) from None


def _is_query_compatible(operation: OperationModel) -> bool:
    return "awsQueryCompatible" in operation.service_model.metadata


def validate(value: Any, shape: StructureShape | None) -> None:
    """Raise ValidationException naming every broken constraint, or SerializationException."""
    if shape is None:
        return
    broken: list[str] = []
    try:
        _check(value, shape, "", broken)
    except RecursionError:
        raise validation("The request is nested too deeply.") from None
    if broken:
        count = f"{len(broken)} validation error{'s' if len(broken) > 1 else ''}"
        raise validation(f"{count} detected: {'; '.join(broken)}")


def _check(value: Any, shape: Shape, path: str, broken: list[str]) -> None:
    if isinstance(shape, StructureShape):
        _check_structure(value, shape, path, broken)
    elif isinstance(shape, ListShape):
        _check_list(value, shape, path, broken)
    elif isinstance(shape, MapShape):
        _check_map(value, shape, path, broken)
    elif shape.type_name == "string":
        _check_string(value, shape, path, broken)
    elif shape.type_name in NUMBERS:
        _check_number(value, shape, path, broken)
    elif shape.type_name == "boolean" and not isinstance(value, bool):
        raise _unreadable("Expected boolean")


def _check_structure(value: Any, shape: StructureShape, path: str, broken: list[str]) -> None:
    if not isinstance(value, dict):
        raise _unreadable("Start of structure or map found where not expected.")
    for name in shape.required_members:
        if value.get(name) is None:
            broken.append(_failure("null", _member(path, name), "Member must not be null"))
    for name, item in value.items():
        if item is not None and name in shape.members:
            _check(item, shape.members[name], _member(path, name), broken)


def _check_list(value: Any, shape: ListShape, path: str, broken: list[str]) -> None:
    if not isinstance(value, list):
        raise _unreadable("Expected list or null")
    _check_length(value, shape, path, broken)
    for number, item in enumerate(value, 1):
        _check(item, shape.member, f"{path}.{number}.member", broken)


def _check_map(value: Any, shape: MapShape, path: str, broken: list[str]) -> None:
    if not isinstance(value, dict):
        raise _unreadable("Expected map or null")
    _check_length(value, shape, path, broken)
    for key, item in value.items():
        _check(key, shape.key, f"{path}.key", broken)
        if item is not None:
            _check(item, shape.value, f"{path}.{key}.member", broken)


def _check_string(value: Any, shape: Shape, path: str, broken: list[str]) -> None:
    if not isinstance(value, str):
        raise _unreadable(f"{type(value).__name__} can not be converted to a String")
    _check_length(value, shape, path, broken)
    pattern = shape.metadata.get("pattern")
    if pattern and not compiled(pattern).fullmatch(value):
        constraint = f"Member must satisfy regular expression pattern: {pattern}"
        broken.append(_failure(f"'{value}'", path, constraint))
    if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        constraint = f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
        broken.append(_failure(f"'{value}'", path, constraint))


def _check_number(value: Any, shape: Shape, path: str, broken: list[str]) -> None:
    kind = shape.type_name.title()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unreadable(f"{type(value).__name__} can not be converted to a {kind}")
    if not _is_representable(value, shape.type_name):
        raise _unreadable(f"{str(value)[:40]} can not be converted to a {kind}")
    limits = shape.metadata
    if "min" in limits and value < limits["min"]:
        constraint = f"Member must have value greater than or equal to {limits['min']}"
        broken.append(_failure(f"'{value}'", path, constraint))
    if "max" in limits and value > limits["max"]:
        constraint = f"Member must have value less than or equal to {limits['max']}"
        broken.append(_failure(f"'{value}'", path, constraint))


def _is_representable(value: float, kind: str) -> bool:
    """Return whether *value* is a whole number of its kind's bits, a time, or fits a double."""
    try:
        number = float(value)
    except OverflowError:
        return False
    if kind == "timestamp":
        return EARLIEST <= number < LATEST
    bits = WHOLE.get(kind)
    return bits is None or (number.is_integer() and -(2**bits) <= value < 2**bits)


def _check_length(value: Any, shape: Shape, path: str, broken: list[str]) -> None:
    limits = shape.metadata
    if len(value) < limits.get("min", 0):
        constraint = f"Member must have length greater than or equal to {limits['min']}"
        broken.append(_failure(f"'{value}'", path, constraint))
    if "max" in limits and len(value) > limits["max"]:
        constraint = f"Member must have length less than or equal to {limits['max']}"
        broken.append(_failure(f"'{value}'", path, constraint))


@functools.cache
def compiled(pattern: str) -> regex.Pattern[str]:
    """Compile a pattern of botocore, which has Java's surrogate pairs for wide characters."""
    return regex.compile(pattern.replace(SURROGATES, BEYOND), regex.DOTALL)


def _member(path: str, name: str) -> str:
    name = name[:1].lower() + name[1:]
    return f"{path}.{name}" if path else name


def _failure(value: str, path: str, constraint: str) -> str:
    return f"Value {value} at '{path}' failed to satisfy constraint: {constraint}"


def _unreadable(message: str) -> AwsError:
    return AwsError("SerializationException", message)
