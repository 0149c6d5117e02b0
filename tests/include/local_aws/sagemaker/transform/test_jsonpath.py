from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.transform.jsonpath import JsonPath

RECORD = {"id": 7, "features": [1, 2, 3], "name": {"first": "a"}}


@pytest.mark.parametrize(
    ("path", "value", "picked"),
    [
        ("$", [1, 2], [1, 2]),
        ("$[1:]", [1, 2, 3], [2, 3]),
        ("$[0,2]", [1, 2, 3], [1, 3]),
        ("$[-1]", [1, 2, 3], 3),
        ("$.features", RECORD, [1, 2, 3]),
        ("$.name.first", RECORD, "a"),
        ("$['id','features']", RECORD, {"id": 7, "features": [1, 2, 3]}),
        ("$.features[1:]", RECORD, [2, 3]),
        ("$.name.*", RECORD, ["a"]),
    ],
)
def test_picks(path: str, value: Any, picked: Any) -> None:
    assert JsonPath(path).of(value) == picked


@pytest.mark.parametrize(
    "path", ["features", "$.my_name", "$..id", "$[0:2]", "$[?(@.x)]", "$" * 64]
)
def test_refuses(path: str) -> None:
    with pytest.raises(ValueError, match=r"JsonPath|\$"):
        JsonPath(path)


@pytest.mark.parametrize(("path", "value"), [("$[5]", [1]), ("$.no", RECORD), ("$.id", [1])])
def test_error_names_the_part_that_does_not_fit(path: str, value: Any) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        JsonPath(path).of(value)
