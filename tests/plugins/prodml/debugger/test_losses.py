"""A loss that does not fall, and a metric that no longer improves."""

from __future__ import annotations

import math

import pytest
from prodml.debugger.rules import LossNotDecreasing, Plateau

from tests.plugins.prodml.debugger.observed import finding, metrics

FALLING = [1.0 / (1 + 0.1 * n) for n in range(60)]


@pytest.mark.parametrize(
    "losses",
    [
        [0.7] * 15,
        [0.7 + 0.01 * n for n in range(15)],
        [0.7, 0.9, 0.5] * 6,
        [0.7] * 3 + [math.nan] * 12,
    ],
    ids=["constant", "rising", "oscillating", "nan"],
)
def test_a_loss_that_stays_at_its_start_is_found(losses: list[float]) -> None:
    one = finding(LossNotDecreasing("train:loss", stop=True), metrics(train_loss=losses))
    assert one is not None
    assert one.rule == "LossNotDecreasing"
    assert one.series == "train:loss"
    assert one.stop
    assert one.at == 12.0  # the first three reports, and ten more
    assert "after 13 reports, and was 0.7" in one.text


def test_a_loss_that_rises_above_its_start_later_is_found() -> None:
    one = finding(LossNotDecreasing("train:loss"), metrics(train_loss=[*FALLING, 2.0, 2.0]))
    assert one is not None
    assert one.at == 61.0


def test_a_falling_loss_with_outliers_is_sound() -> None:
    noisy = [loss if n % 7 else 5.0 for n, loss in enumerate(FALLING)]
    assert finding(LossNotDecreasing("train:loss"), metrics(train_loss=noisy)) is None
    assert finding(LossNotDecreasing("other"), metrics(train_loss=[1.0] * 30)) is None


def test_a_plateau_is_found_after_its_patience() -> None:
    values = [*FALLING[:20], *[FALLING[19]] * 20]
    one = finding(Plateau("train:loss", patience=10), metrics(train_loss=values))
    assert one is not None
    assert 28 <= one.at <= 33
    assert one.keeps_model
    rising = [1 - value for value in values]
    best = Plateau("train:auc", "Maximize", patience=10)
    assert finding(best, metrics(train_auc=rising)) is not None


def test_slow_improvement_is_no_plateau() -> None:
    assert finding(Plateau("train:loss", patience=10), metrics(train_loss=FALLING)) is None
