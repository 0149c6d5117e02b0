"""The base of all rules: checked parameters, JSON, and findings that name their rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from prodml.debugger.observations import Source
from prodml.debugger.rule import Finding, Rule, RuleError, Verdict


@dataclass(frozen=True)
class Heat(Rule):
    """A rule with a parameter of each kind."""

    source = Source.USAGE
    advice = "Open a window."

    metric: str = "heat"
    patience: int = 2
    share: float = 0.5
    direction: str = "Minimize"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_metric("metric")
        self._check_count("patience", 2)
        self._check_number("share", 0, 1)
        self._check_direction()


@pytest.mark.parametrize(
    ("parameter", "value", "remedy"),
    [
        ("stop", 1, "True or False"),
        ("metric", " ", "the name of a metric of the job, such as 'validation:loss'"),
        ("metric", 7, "the name of a metric of the job, such as 'validation:loss'"),
        ("patience", 1, "a whole number of at least 2"),
        ("patience", 2.0, "a whole number of at least 2"),
        ("patience", True, "a whole number of at least 2"),
        ("share", 0, "a number above 0 and at most 1"),
        ("share", 1.01, "a number above 0 and at most 1"),
        ("share", float("nan"), "a number above 0 and at most 1"),
        ("share", True, "a number above 0 and at most 1"),
        ("direction", "minimize", "'Minimize' or 'Maximize'"),
    ],
)
def test_a_refusal_names_the_rule_the_parameter_and_the_remedy(
    parameter: str, value: Any, remedy: str
) -> None:
    with pytest.raises(RuleError) as refused:
        Heat(**{parameter: value})
    assert str(refused.value) == f"Heat: {parameter} is {value!r}. Set it to {remedy}."


def test_limits_themselves_are_allowed() -> None:
    rule = Heat(patience=2, share=1, direction="Maximize", stop=True)
    assert rule.as_json() == {
        "rule": "Heat",
        "stop": True,
        "metric": "heat",
        "patience": 2,
        "share": 1,
        "direction": "Maximize",
    }


def test_a_rule_reads_its_source_alone() -> None:
    assert Heat().sources == (Source.USAGE,)
    assert Rule().sources == (Source.METRIC,)


def test_a_finding_has_what_its_rule_advises() -> None:
    finding = Finding.of(Heat(stop=True), Verdict("cpu/algo-1", 99.0, "it is hot"), 12.5)
    assert str(finding) == "Heat: it is hot"
    assert (finding.advice, finding.stop, finding.keeps_model) == ("Open a window.", True, False)
    assert (finding.source, finding.series, finding.at) == ("usage", "cpu/algo-1", 12.5)
