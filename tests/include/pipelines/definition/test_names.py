"""Check the names of pipelines."""

from __future__ import annotations

import pytest

from include.pipelines.definition.names import check_name
from include.pipelines.errors import PipelineError


@pytest.mark.parametrize("name", ["churn", "c", "mnist_2", "a" * 32])
def test_a_name_that_fits_everywhere_passes(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["churn-2", "Churn", "2churn", "", "a" * 33, "a b", "../a"])
def test_another_one_is_refused_with_the_rule(name: str) -> None:
    with pytest.raises(PipelineError, match=r"cannot be called .*a letter first, 32 at most\."):
        check_name(name)
