"""Read of an experiment's trials those that changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.studio.experiments.trial_updates import TrialKeeper, changed_trials, merged, since
from prodml.studio.experiments.trials import Trial, trials
from prodml.studio.reader import Reader

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def trial(failed_trial: tuple[str, str]) -> Trial:
    (only,) = trials(Aws(), failed_trial[0])
    return only


def at(trial: Trial, **members: Any) -> Trial:
    changed: Any = {**trial, **members}
    return changed  # type: ignore[no-any-return]


def test_only_what_changed_since_is_read(failed_trial: tuple[str, str], trial: Trial) -> None:
    minute, now = timedelta(minutes=1), datetime.now(UTC)
    assert trial in changed_trials(Aws(), now - minute * 60)[failed_trial[0]]
    assert failed_trial[0] not in changed_trials(Aws(), now + minute)


def test_a_trial_that_runs_is_read_from_its_beginning(trial: Trial) -> None:
    began = (NOW - timedelta(hours=3)).isoformat()
    ended, running = at(trial, created=began), at(trial, created=began, status="InProgress")
    assert since(NOW, [ended]) == NOW - timedelta(minutes=10)
    assert since(NOW, [ended, running]).isoformat() == began


def test_a_changed_trial_replaces_the_known_one_and_the_newest_comes_first(trial: Trial) -> None:
    newer = at(trial, arn="newer", created="2099-01-01T00:00:00+00:00")
    changed = at(trial, progress="Uploading")
    assert merged([trial], [changed, newer]) == [newer, changed]


def test_an_open_page_reads_all_trials_once_and_changes_each_minute(
    failed_trial: tuple[str, str], sagemaker: Any
) -> None:
    now, reader = [datetime.now(UTC)], Reader(Aws())
    keeper = TrialKeeper(lambda: now[0])
    for minute in range(3):
        now[0] += timedelta(minutes=minute)
        for _ in range(4):  # viewers
            assert [each["job"] for each in keeper.trials(reader, failed_trial[0])] == [
                failed_trial[1]
            ]
    assert reader.calls == {"sagemaker:search": 3}
    name = f"{failed_trial[1]}-aws-training-job"
    sagemaker.update_trial_component(TrialComponentName=name, DisplayName="renamed")
    now[0] += timedelta(minutes=1)
    (only,) = keeper.trials(reader, failed_trial[0])
    sagemaker.update_trial_component(TrialComponentName=name, DisplayName="tree")
    assert only["name"] == "renamed"
    assert json.dumps(only)
