"""Several rules over one job."""

from __future__ import annotations

import math

from prodml.debugger.judge import Judge
from prodml.debugger.rules import LossNotDecreasing, NotFinite, Plateau

from tests.plugins.prodml.debugger.observed import metrics


def test_each_rule_reports_once_and_the_first_stop_counts() -> None:
    rules = [NotFinite(), LossNotDecreasing("train:loss", stop=True), Plateau("train:loss")]
    judge = Judge(rules)
    seen = metrics(train_loss=[1.0, 1.0, 1.0, *[math.nan] * 20])
    assert [one.rule for one in judge.see(seen[:4])] == ["NotFinite"]
    assert judge.stopping is None
    assert [str(one).partition(":")[0] for one in judge.see(seen[4:])] == ["LossNotDecreasing"]
    assert judge.stopping is judge.findings[1]
    assert judge.see(seen) == []
