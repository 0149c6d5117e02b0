"""Models: the schemas that are accepted, and the bodies that fit them within their limits."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from include.local_aws.apigateway.schemas import Model, parsed
from include.local_aws.wire.errors import AwsError

OTHER = "https://apigateway.amazonaws.com/restapis/abc/models/Age"


def accepts(schema: dict[str, Any], document: Any, **others: Any) -> bool:
    return Model("Own", {"Own": schema} | others).accepts(document)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[", "Expecting value"),
        ("[]", "it is not an object"),
        ('{"type": 7}', "7 is not valid"),
        ('{"properties": {"a": {"pattern": "("}}}', "is not a 'regex'"),
        ("[" * 100_000, "recursion"),
        ('{"allOf": [{"$ref": "http://127.0.0.1/schema"}]}', "Use #/definitions or the address"),
    ],
)
def test_schema_that_cannot_be_evaluated_is_refused(text: str, why: str) -> None:
    with pytest.raises(AwsError, match=f"(?s)Invalid model specified: .*{why}"):
        parsed(text)


def test_references_to_definitions_and_other_models_are_accepted() -> None:
    schema = {"items": {"$ref": "#/definitions/a"}, "not": {"$ref": OTHER}}
    assert parsed(json.dumps(schema)) == schema


def test_body_is_compared_with_the_other_model_too() -> None:
    schema = {"properties": {"age": {"$ref": OTHER}}}
    age = {"type": "number", "minimum": 0}
    assert accepts(schema, {"age": 7}, Age=age)
    assert not accepts(schema, {"age": -7}, Age=age)
    assert not accepts(schema, {"age": 7})  # the other model was deleted


def test_schema_is_of_draft_4() -> None:
    """A later draft has numbers for exclusiveMinimum."""
    assert not accepts({"minimum": 3, "exclusiveMinimum": True}, 3)
    assert accepts({"minimum": 3, "exclusiveMinimum": True}, 4)


@pytest.mark.parametrize(
    ("items", "are_unique"),
    [([1, 2], True), ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], False), ([1, "1"], True)],
)
def test_items_are_unique_by_their_json(items: list[Any], are_unique: bool) -> None:
    assert accepts({"uniqueItems": True}, items) == are_unique
    assert accepts({"uniqueItems": False}, items)


def test_body_that_takes_too_long_does_not_fit() -> None:
    began = time.process_time()
    assert not accepts({"pattern": "^(a|aa)+$"}, "a" * 5_000 + "b")
    assert not accepts({"$ref": "#"}, 1)
    assert time.process_time() - began < 5
