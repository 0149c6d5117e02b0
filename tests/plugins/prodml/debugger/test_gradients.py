"""Gradients and updates that explode or vanish."""

from __future__ import annotations

import math

import pytest
from prodml.debugger.observations import Source
from prodml.debugger.rules import (
    ExplodingGradients,
    ExplodingUpdates,
    Rule,
    VanishingGradients,
    VanishingUpdates,
)

from tests.plugins.prodml.debugger.observed import finding, reports

SOUND = [{"all": 0.5, "first": 0.2 / n, "last": 0.6 / n} for n in range(1, 30)]
LARGE = [{"all": 0.5, "first": 0.2, "last": 0.6}, *[{"all": 80.0, "first": 60.0, "last": 1.0}] * 3]
NAN = [{"all": math.nan, "first": math.nan, "last": 1.0}] * 3
SMALL = [{"all": 0.5, "first": 1e-9, "last": 0.6}] * 5
NOTHING = [{"all": 0.0, "first": 0.0, "last": 0.0}] * 5


@pytest.mark.parametrize(
    ("rule", "source", "rows"),
    [
        (ExplodingGradients(), Source.GRADIENTS, LARGE),
        (ExplodingGradients(), Source.GRADIENTS, NAN),
        (ExplodingUpdates(), Source.UPDATES, LARGE),
        (ExplodingUpdates(), Source.UPDATES, NAN),
        (VanishingGradients(), Source.GRADIENTS, SMALL),
        (VanishingGradients(), Source.GRADIENTS, NOTHING),
        (VanishingUpdates(), Source.UPDATES, SMALL),
        (VanishingUpdates(), Source.UPDATES, NOTHING),
    ],
)
def test_the_layer_is_named(rule: Rule, source: Source, rows: list[dict[str, float]]) -> None:
    one = finding(rule, reports(source, rows))
    assert one is not None
    assert one.series == "first"
    assert one.at == len(rows) - 1
    assert "first" in one.text
    assert one.advice
    other = Source.UPDATES if source is Source.GRADIENTS else Source.GRADIENTS
    assert finding(rule, reports(other, rows)) is None


@pytest.mark.parametrize(
    "rule", [ExplodingGradients(), VanishingGradients(), ExplodingUpdates(), VanishingUpdates()]
)
def test_gradients_that_shrink_together_are_sound(rule: Rule) -> None:
    assert finding(rule, reports(rule.source, SOUND)) is None
    assert finding(rule, reports(rule.source, [*SOUND[:3], SMALL[0], *SOUND[3:]])) is None
