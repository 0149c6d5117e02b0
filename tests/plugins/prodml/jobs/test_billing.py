"""The seconds and the price that SageMaker bills."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from prodml.jobs.billing import Rates, billed_seconds
from prodml.vocabulary import PROCESSING, TRAINING

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_a_training_job_states_its_seconds_and_others_their_times() -> None:
    times = {"TrainingStartTime": NOON, "TrainingEndTime": NOON + timedelta(seconds=90)}
    assert billed_seconds(TRAINING, times | {"BillableTimeInSeconds": 30}) == 30, "a spot instance"
    ended = {"ProcessingStartTime": NOON, "ProcessingEndTime": NOON + timedelta(seconds=40)}
    assert billed_seconds(PROCESSING, ended) == 40
    running = {"ProcessingStartTime": NOON}
    assert billed_seconds(PROCESSING, running) == 0
    assert billed_seconds(PROCESSING, running, NOON + timedelta(seconds=5)) == 5


def test_a_price_includes_the_volume() -> None:
    rates = Rates({"ml.m5.large": 0.1}, storage_usd=0.73)
    assert rates.hourly("ml.m5.large", 10) == pytest.approx(0.11)
    assert rates.hourly("ml.m5.xlarge") is None
