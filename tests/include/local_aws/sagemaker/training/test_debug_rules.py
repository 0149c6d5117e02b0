"""Debugger's rules over scalars, with the parameters that AWS documents."""

from __future__ import annotations

import pytest

from include.local_aws.sagemaker.training.debug_rules import (
    Detector,
    LossNotDecreasing,
    Overfit,
    Overtraining,
)


def met(detector: Detector, *reports: dict[str, float]) -> int | None:
    """Return the step at which the condition is met first."""
    steps = (detector.see(name, value) for report in reports for name, value in report.items())
    return next((step for step in steps if step is not None), None)


def losses(*values: float) -> list[dict[str, float]]:
    return [{"train:loss": value} for value in values]


def test_a_loss_is_compared_with_that_of_some_steps_before() -> None:
    constant, falling = losses(*[0.7] * 12), losses(*(0.99**n for n in range(40)))
    assert met(LossNotDecreasing({}), *constant) == 10
    assert met(LossNotDecreasing({"num_steps": "3"}), *constant) == 3
    assert met(LossNotDecreasing({}), *falling) is None
    assert met(LossNotDecreasing({"diff_percent": "20"}), *falling) == 10


def test_the_metrics_are_losses_unless_the_rule_names_others() -> None:
    rising = [{"validation:auc": 0.5 + n / 100} for n in range(12)]
    assert met(LossNotDecreasing({}), *rising) is None
    assert met(LossNotDecreasing({"collection_names": "metrics"}), *rising) == 10
    assert met(LossNotDecreasing({"tensor_regex": "^x, auc$"}), *rising) == 10
    apart = [{"train:auc": 0.5, "validation:auc": 0.9}] * 20
    for rule in (Overfit, Overtraining):
        assert met(rule({}), *apart) is None
        assert met(rule({"tensor_regex": "auc$"}), *apart) is not None


@pytest.mark.parametrize(("patience", "step"), [("1", 1), ("2", 2), ("3", None)])
def test_a_gap_between_train_and_validation_is_overfitting(patience: str, step: int | None) -> None:
    reports = [{"train:loss": 1.0, "validation:loss": v} for v in (1.0, 1.2, 1.3, 1.0)]
    assert met(Overfit({"patience": patience}), *reports) == step
    assert met(Overfit({"ratio_threshold": "0.4"}), *reports) is None


def test_a_loss_that_stays_is_overtraining() -> None:
    held = [{"validation:loss": max(0.5, 1 - n / 10)} for n in range(30)]
    assert met(Overtraining({}), *held) == 5 + 11
    assert met(Overtraining({"patience_validation": "2"}), *held) == 5 + 3
    assert met(Overtraining({}), *losses(*[0.5] * 7)) == 6
