"""The values of expressions, and the references in them."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.pipelines.expressions import Unresolved, evaluated, references


class Known:
    """A scope with a few values."""

    def value(self, reference: str) -> Any:
        try:
            return {"Parameters.N": 3, "Parameters.On": True, "Steps.A.Uri": "s3://b"}[reference]
        except KeyError:
            raise Unresolved(reference) from None

    def property_file(self, reference: str) -> str:
        return f"s3://files/{reference}"

    def json_value(self, uri: str, path: str) -> Any:
        return f"{uri}:{path}"


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ({"Get": "Parameters.N"}, 3),
        ([{"Get": "Steps.A.Uri"}, "x", 1], ["s3://b", "x", 1]),
        ({"a": {"Get": "Parameters.On"}, "b": None}, {"a": True}),
        (
            {
                "Std:Join": {
                    "On": "/",
                    "Values": [{"Get": "Steps.A.Uri"}, {"Get": "Parameters.N"}, True],
                }
            },
            "s3://b/3/true",
        ),
        ({"Std:Join": {"Values": ["a", {"Std:Join": {"On": "-", "Values": ["b", "c"]}}]}}, "ab-c"),
        (
            {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.A.PropertyFiles.E"}, "Path": "m.v"}},
            "s3://files/Steps.A.PropertyFiles.E:m.v",
        ),
        ({"Std:JsonGet": {"S3Uri": {"Std:Join": {"Values": ["s3:", "x"]}}, "Path": "r"}}, "s3:x:r"),
    ],
)
def test_an_expression_has_the_value_of_its_references(value: Any, result: Any) -> None:
    assert evaluated(value, Known()) == result


def test_an_unknown_reference_is_raised() -> None:
    with pytest.raises(Unresolved, match=r"Parameters\.X"):
        evaluated([{"a": {"Get": "Parameters.X"}}], Known())


def test_references_are_found_at_any_depth() -> None:
    document = {
        "a": [{"Get": "Parameters.A"}],
        "b": {"Std:Join": {"On": "", "Values": [{"Get": "Steps.B.X"}, "Steps.C.X"]}},
        "c": {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.D.PropertyFiles.E"}, "Path": "x"}},
    }
    assert list(references(document)) == ["Parameters.A", "Steps.B.X", "Steps.D.PropertyFiles.E"]
