from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.fixture(name="experiment")
def _experiment(sagemaker: Any, unique: Unique) -> str:
    name = unique("experiment")
    sagemaker.create_experiment(ExperimentName=name)
    return name


@pytest.fixture(name="trial")
def _trial(sagemaker: Any, experiment: str, unique: Unique) -> str:
    name = unique("trial")
    sagemaker.create_trial(TrialName=name, ExperimentName=experiment)
    return name


def test_a_trial_is_described_and_renamed(sagemaker: Any, experiment: str, trial: str) -> None:
    described = sagemaker.describe_trial(TrialName=trial)
    assert (described["ExperimentName"], described["DisplayName"]) == (experiment, trial)
    sagemaker.update_trial(TrialName=trial, DisplayName="shown")
    assert sagemaker.describe_trial(TrialName=trial)["DisplayName"] == "shown"


def test_trials_are_listed_by_component(sagemaker: Any, trial: str, unique: Unique) -> None:
    step = unique("step")
    sagemaker.create_trial_component(TrialComponentName=step)
    assert sagemaker.list_trials(TrialComponentName=step)["TrialSummaries"] == []
    sagemaker.associate_trial_component(TrialName=trial, TrialComponentName=step)
    (summary,) = sagemaker.list_trials(TrialComponentName=step)["TrialSummaries"]
    assert summary["TrialName"] == trial


def test_a_trial_with_components_is_not_deleted(sagemaker: Any, trial: str, unique: Unique) -> None:
    step = unique("step")
    sagemaker.create_trial_component(TrialComponentName=step)
    sagemaker.associate_trial_component(TrialName=trial, TrialComponentName=step)
    code, message = refusal(sagemaker.delete_trial, TrialName=trial)
    assert code == "ValidationException"
    assert f"Trial '{trial}' still has 1 trial components." in message
    sagemaker.disassociate_trial_component(TrialName=trial, TrialComponentName=step)
    sagemaker.delete_trial(TrialName=trial)
    assert refusal(sagemaker.describe_trial, TrialName=trial)[0] == "ResourceNotFound"


def test_trials_of_an_unknown_experiment_are_refused(sagemaker: Any) -> None:
    assert refusal(sagemaker.list_trials, ExperimentName="unknown")[0] == "ResourceNotFound"


def test_trials_are_listed_by_experiment_and_paged(
    sagemaker: Any, experiment: str, unique: Unique
) -> None:
    names = [unique(f"trial-{letter}") for letter in "cab"]
    for name in names:
        sagemaker.create_trial(TrialName=name, ExperimentName=experiment)
    pages = sagemaker.get_paginator("list_trials").paginate(
        ExperimentName=experiment,
        SortBy="Name",
        SortOrder="Ascending",
        PaginationConfig={"PageSize": 2},
    )
    listed = [trial["TrialName"] for page in pages for trial in page["TrialSummaries"]]
    assert listed == sorted(names)
