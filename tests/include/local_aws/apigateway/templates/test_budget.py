"""The work of one template is limited, whatever it consists of."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.templates.budget import (
    CHARACTERS,
    TemplateFailure,
    current,
    limited,
)
from tests.include.local_aws.apigateway.templates.rendering import check_stopped


def test_the_last_step_is_allowed_and_the_next_one_is_not() -> None:
    with limited(3) as budget:
        budget.step(3)
        with pytest.raises(TemplateFailure, match="Make it shorter"):
            budget.step()


def test_all_strings_of_a_template_count_together() -> None:
    half = "x" * (CHARACTERS // 2)
    with limited() as budget:
        assert budget.write(half) == budget.write(half) == half
        with pytest.raises(TemplateFailure, match="more than 20 MB"):
            budget.write("x")


def test_the_budget_of_an_outer_block_continues_after_an_inner_one() -> None:
    with limited(2) as outer:
        with pytest.raises(TemplateFailure), limited(1):
            current().step(2)
        assert current() is outer
        current().step(2)


def test_no_budget_is_left_after_the_block() -> None:
    with limited():
        pass
    with pytest.raises(LookupError):
        current()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#set($a='aaaaaaaaaa')" + '#set($a="$a$a")' * 40, "20 MB"),
        ("#foreach($i in [1..1000])#foreach($j in [1..1000])x#end#end", "too many steps"),
        ("#*a" * 90_000, "too many steps"),
    ],
    ids=["doubled text", "loops", "comments"],
)
def test_a_template_is_stopped(text: str, why: str) -> None:
    check_stopped(text, why)
