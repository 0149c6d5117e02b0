from __future__ import annotations

import pytest

from include.local_aws.sagemaker.tuning.early_stopping import hopeless

FINISHED = [[0.5, 0.6, 0.7], [0.5, 0.7, 0.9], [0.6, 0.8, 0.8]]  # averages to epoch 2: .55 .6 .7


@pytest.mark.parametrize(
    ("running", "maximize", "expected"),
    [
        ([0.5, 0.59], True, True),
        ([0.5, 0.61], True, False),
        ([0.5, 0.61], False, True),
        ([0.5, 0.59], False, False),
    ],
)
def test_the_median_of_running_averages_decides(
    running: list[float], maximize: bool, expected: bool
) -> None:
    assert hopeless(running, FINISHED, maximize=maximize) is expected


def test_nothing_is_stopped_before_there_is_enough_to_compare_with() -> None:
    assert not hopeless([0.0], FINISHED[:2], maximize=True)
    assert not hopeless([], FINISHED, maximize=True)
    assert not hopeless([0.0] * 4, FINISHED, maximize=True)
