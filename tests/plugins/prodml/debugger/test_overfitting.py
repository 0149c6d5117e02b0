"""Validation that worsens while training improves."""

from __future__ import annotations

from prodml.debugger.rules import Overfitting

from tests.plugins.prodml.debugger.observed import finding, metrics

TRAIN = [1.0 / (1 + 0.2 * n) for n in range(60)]
RULE = Overfitting("train:loss", "validation:loss")


def test_a_growing_gap_is_found() -> None:
    held = [*TRAIN[:20], *(TRAIN[19] + 0.02 * n for n in range(40))]
    one = finding(RULE, metrics(train_loss=TRAIN, validation_loss=held))
    assert one is not None
    assert one.series == "validation:loss"
    assert 30 < one.at < 45
    assert "while train:loss still improves" in one.text
    worse = [1 - value for value in held], [1 - value for value in TRAIN]
    auc = Overfitting("train:auc", "validation:auc", "Maximize")
    assert finding(auc, metrics(train_auc=worse[1], validation_auc=worse[0])) is not None


def test_a_constant_gap_is_sound() -> None:
    held = [value + 0.1 for value in TRAIN]
    assert finding(RULE, metrics(train_loss=TRAIN, validation_loss=held)) is None


def test_training_that_diverges_does_not_overfit() -> None:
    rising = [*TRAIN[:20], *(TRAIN[19] + 0.02 * n for n in range(40))]
    assert finding(RULE, metrics(train_loss=rising, validation_loss=rising)) is None
