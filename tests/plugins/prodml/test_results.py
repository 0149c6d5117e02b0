"""Each result is plain JSON, so that XCom stores it as it is and a template can read it."""

from __future__ import annotations

import json
from types import NoneType, UnionType
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from prodml import results

RESULTS = {name: kind for name, kind in vars(results).items() if is_typeddict(kind)}
SCALARS = {str: "text", int: 1, float: 0.5, bool: True, NoneType: None, Any: None}


def examples(kind: Any) -> list[Any]:
    """Return a value for each form of a type; fail for one that JSON does not have."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        return [value for argument in arguments for value in examples(argument)]
    if origin is NotRequired:
        return examples(arguments[0])
    if origin is list:
        return [examples(arguments[0])]
    if origin is dict:
        assert arguments[0] is str, f"{kind} has keys that are not text."
        return [{"key": value} for value in examples(arguments[1])]
    if is_typeddict(kind):
        return [{name: examples(hint)[0] for name, hint in get_type_hints(kind).items()}]
    assert kind in SCALARS, f"{kind} is no type of JSON."
    return [SCALARS[kind]]


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_read_from_json_as_it_was_written(name: str) -> None:
    for field, hint in get_type_hints(RESULTS[name]).items():
        for value in examples(hint):
            assert json.loads(json.dumps({field: value})) == {field: value}


@pytest.mark.parametrize("name", RESULTS)
def test_no_member_hides_a_method_of_a_dictionary_from_templates(name: str) -> None:
    """Jinja reads `result.keys` as the method of the dictionary."""
    assert not set(get_type_hints(RESULTS[name])) & set(dir(dict))
