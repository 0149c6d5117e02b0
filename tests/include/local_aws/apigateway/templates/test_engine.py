"""Our classes are in a copy of airspeed; the package that others import stays as it is."""

from __future__ import annotations

import airspeed  # type: ignore[import-untyped]
import pytest

from include.local_aws.apigateway.templates import language
from include.local_aws.apigateway.templates.budget import Budget, TemplateFailure, limited
from include.local_aws.apigateway.templates.engine import base, engine

TEXT = "#if($word)$word.upper()#end"


def parsed(text: str, steps: int) -> Budget:
    """Parse *text* within *steps*; return the budget with the steps that are left."""
    with limited(steps) as budget:
        engine.Template(text).ensure_compiled()
    return budget


def test_the_package_itself_evaluates_as_before() -> None:
    assert airspeed.Template(TEXT).merge({"word": "a"}) == "A"
    with pytest.raises(TemplateFailure, match="not available"):
        language.Template(TEXT).render({"word": "a"})


def test_a_class_is_one_of_the_copy() -> None:
    assert base("Template") is engine.Template
    assert base("Template") is not airspeed.Template
    with pytest.raises(AttributeError, match="NoSuchDirective"):
        base("NoSuchDirective")


def test_each_element_that_is_parsed_costs_steps() -> None:
    one, ten = (1000 - parsed("$word " * count, 1000).steps for count in (1, 10))
    assert 0 < one < ten


def test_parsing_ends_with_the_steps() -> None:
    with pytest.raises(TemplateFailure, match="too many steps"):
        parsed("$word " * 10, 5)
