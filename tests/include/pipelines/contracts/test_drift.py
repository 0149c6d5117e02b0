"""Questions of mapped checks, and verdicts made of their answers."""

from __future__ import annotations

import pytest
from prodml.operators.drift import DriftCheckOperator, ModelQualityOperator
from prodml.results import Checked

from include.pipelines.contracts.drift import (
    DriftQuestion,
    Figures,
    QualityQuestion,
    VersionVerdict,
    WindowVerdict,
)
from tests.include.pipelines.contracts.arguments import arguments


@pytest.mark.parametrize(
    ("question", "operator"),
    [(DriftQuestion, DriftCheckOperator), (QualityQuestion, ModelQualityOperator)],
)
def test_a_mapped_check_takes_every_field_of_its_question(question: type, operator: type) -> None:
    assert question.__annotations__.keys() <= arguments(operator)


def test_a_verdict_has_every_finding_of_a_check_under_its_name() -> None:
    unused = Checked.__annotations__.keys() - VersionVerdict.__annotations__.keys()
    assert unused == {"answers", "warned", "window", "job_name"}


def test_figures_overwrite_no_part_of_the_verdict_that_they_are_kept_with() -> None:
    assert not WindowVerdict.__annotations__.keys() & Figures.__annotations__.keys()
