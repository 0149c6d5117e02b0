"""JSONPaths of `$input.path` and `$input.json`."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway.templates.budget import TemplateFailure, limited
from include.local_aws.apigateway.templates.jsonpath import find

pytestmark = pytest.mark.usefixtures("budget")
DOCUMENT = {
    "a": {"b": [10, {"c": 1}, {"c": {"c": 2}}], "x-y": "dash", "it.s": "dot"},
    "none": None,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", DOCUMENT),
        ("$.a.b[0]", 10),
        ("$.a.b[-1].c.c", 2),
        ("$['a'][ \"x-y\" ]", "dash"),
        ("$.a['it.s']", "dot"),
        ("$.a.b[3]", None),
        ("$.a.b.c", None),
        ("$.a[0]", None),
        ("$.none", None),
        ("$.a.b[*].c", [1, {"c": 2}]),
        ("$.a.b[1].*", [1]),
        ("$.a.b[0].*", []),
        ("$..c", [1, {"c": 2}, 2]),
        ("$..missing", []),
    ],
)
def test_value_at_a_path(path: str, value: Any) -> None:
    assert find(DOCUMENT, path) == value


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("a.b", "'a.b' is not a JSONPath that begins with"),
        ("$" + ".a" * 250, "is not a JSONPath"),
        ("$.a[?(@.b > 1)]", r"Unexpected '\[\?\(@.b > 1\)\]' in a JSONPath. Supported: "),
        ("$.a.", r"Unexpected '\.' in a JSONPath"),
        ("$.a.length()", r"Unexpected '\(\)'"),
    ],
)
def test_a_path_is_refused(path: str, why: str) -> None:
    with pytest.raises(TemplateFailure, match=why):
        find(DOCUMENT, path)


def test_a_search_of_all_descendants_costs_steps() -> None:
    with limited(50), pytest.raises(TemplateFailure, match="too many steps"):
        find([{"a": 1}] * 100, "$..a")
