"""NaN and infinity, of metrics and of the hook's numbers."""

from __future__ import annotations

import math

from prodml.debugger.observations import Source
from prodml.debugger.rules import NotFinite

from tests.plugins.prodml.debugger.observed import finding, metrics, reports


def test_nan_and_infinity_are_found() -> None:
    one = finding(NotFinite(), metrics(train_loss=[1.0, math.nan]))
    assert one is not None
    assert one.text == "train:loss is nan."
    gradients = reports(Source.GRADIENTS, [{"all": 1.0}, {"all": math.inf}])
    two = finding(NotFinite(), gradients)
    assert two is not None
    assert two.text == "all of gradients is inf."


def test_only_the_stated_metrics_count() -> None:
    values = metrics(train_loss=[math.nan] * 3)
    assert finding(NotFinite(["validation:loss"]), values) is None
    assert finding(NotFinite(["train:loss"], patience=4), values) is None
    assert finding(NotFinite(["train:loss"], patience=3), values) is not None
