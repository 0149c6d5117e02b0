"""The forms of deploy_model, promote_winner, load_test_endpoint and the tear-downs."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines import params
from tests.include.pipelines.params.forms import defaults, refuses, takes

FORMS: dict[str, dict[str, Any]] = {
    "deploy": params.deploy(["churn", "returns"]),
    "load_test": params.load_test(["churn"]),
    "promote": params.promote(["churn"]),
    "tear_down": params.TEAR_DOWN,
    "tear_down_one": params.TEAR_DOWN_ONE,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_defaults_are_accepted(form: str) -> None:
    assert defaults(FORMS[form])


@pytest.mark.parametrize(
    ("form", "name", "value"),
    [
        ("promote", "metric", "beauty"),
        ("promote", "hours", -1),
        ("promote", "confidence", 0.3),
        ("promote", "confidence", 1),
        ("load_test", "rates", [0]),
        ("load_test", "rates", []),
        ("load_test", "share", 1.5),
        ("deploy", "version", 0),
        ("deploy", "pipeline", "unknown"),
        ("deploy", "hours_to_live", 0),
        ("tear_down", "confirm", "yes"),
        ("tear_down_one", "confirm", "yes"),
    ],
)
def test_the_form_refuses_what_cannot_work(form: str, name: str, value: Any) -> None:
    refuses(FORMS[form], name, value)


@pytest.mark.parametrize(
    ("form", "name", "value"),
    [
        ("promote", "confidence", 0),
        ("promote", "metric", "Shop:Revenue"),
        ("deploy", "pipeline", "returns"),
        ("deploy", "version", 3),
    ],
)
def test_the_form_takes_what_works(form: str, name: str, value: Any) -> None:
    takes(FORMS[form], name, value)


@pytest.mark.parametrize("form", ["tear_down", "tear_down_one"])
def test_nothing_is_deleted_by_default(form: str) -> None:
    assert defaults(FORMS[form])["confirm"] is False
