"""Patch operations: the values and the paths that they may have, and what they change."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway import patches
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.apigateway.in_process import replace

RULES: patches.Rules = {
    "/name": patches.text,
    "/enabled": patches.flag,
    "/throttle/rateLimit": patches.number,
    "/variables/*": patches.text,
}


def changed(doc: dict[str, Any], *operations: dict[str, Any]) -> dict[str, Any]:
    patches.apply(doc, operations, RULES)
    return doc


def test_values_are_converted_by_their_rule() -> None:
    given = [replace("/enabled", "TRUE"), replace("/throttle/rateLimit", "0.5")]
    assert changed({"enabled": False}, *given) == {"enabled": True, "throttle": {"rateLimit": 0.5}}


def test_names_of_a_path_are_unescaped() -> None:
    assert patches.places("/variables/a~1b~0c") == ["variables", "a/b~c"]
    doc = changed({}, {"op": "add", "path": "/variables/a~1b", "value": "c"})
    assert doc == {"variables": {"a/b": "c"}}


def test_member_of_a_map_is_removed_and_a_plain_member_is_not() -> None:
    remove = {"op": "remove", "path": "/variables/a"}
    assert changed({"variables": {"a": "1", "b": "2"}}, remove, remove) == {"variables": {"b": "2"}}
    with pytest.raises(AwsError, match="Invalid patch path  '/name' specified for op 'remove'"):
        changed({"name": "a"}, {"op": "remove", "path": "/name"})


def test_missing_value_is_the_empty_text() -> None:
    assert changed({"name": "a"}, {"op": "replace", "path": "/name"}) == {"name": ""}


def test_no_operations_change_nothing() -> None:
    doc = {"name": "a"}
    patches.apply(doc, None, RULES)
    assert doc == {"name": "a"}


@pytest.mark.parametrize("path", ["/unknown", "/variables", "/variables/a/b", "name", "", None])
def test_path_without_a_rule_is_refused_with_the_paths(path: str | None) -> None:
    with pytest.raises(AwsError, match=r"Must be one of: \[/name, /enabled, /throttle/rate"):
        changed({}, {"op": "replace", "path": path, "value": "a"})


@pytest.mark.parametrize(
    ("convert", "value", "advice"),
    [
        (patches.flag, "yes", "Give true or false"),
        (patches.flag, "", "Give true or false"),
        (patches.number, "nan", "Give a number"),
        (patches.number, "inf", "Give a number"),
        (patches.number, "1e10", "Give a number"),
        (patches.whole, "many", "Give a number"),
        (patches.one_of("DAY", "WEEK"), "YEAR", "Allowed: DAY, WEEK"),
    ],
)
def test_value_that_cannot_be_converted(convert: patches.Convert, value: str, advice: str) -> None:
    with pytest.raises(AwsError, match=f"Invalid patch value '{value}'. {advice}"):
        convert(value)
