"""The form of publish_api."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines import params
from tests.include.pipelines.params.forms import defaults, refuses, takes

PUBLISH = params.publish(["churn", "returns"])


def test_an_untouched_form_publishes_the_first_pipeline_for_no_page() -> None:
    form = defaults(PUBLISH)
    assert (form["pipeline"], form["allow_origin"], form["quota"]) == ("churn", None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pipeline", "unknown"),
        ("allow_origin", "app.example"),
        ("allow_origin", "https://app.example/path"),
        ("allow_origin", "https://app.example, https://b.example"),
        ("rate", 0),
        ("rate", 10_001),
        ("burst", 0.5),
        ("burst", 5_001),
        ("quota", 0),
        ("period", "YEAR"),
    ],
)
def test_the_form_refuses_what_cannot_work(name: str, value: Any) -> None:
    refuses(PUBLISH, name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pipeline", "returns"),
        ("allow_origin", "https://app.example:8443"),
        ("allow_origin", "*"),
        ("rate", 0.5),
        ("quota", 1000),
    ],
)
def test_the_form_takes_what_works(name: str, value: Any) -> None:
    takes(PUBLISH, name, value)


def test_the_limits_are_folded() -> None:
    folded = [name for name, field in PUBLISH.items() if "section" in field.schema]
    assert folded == ["rate", "burst", "quota", "period"]
