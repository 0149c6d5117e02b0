"""Experiments and trials, through boto3 and through sagemaker-experiments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from smexperiments.experiment import Experiment
from smexperiments.trial import Trial
from smexperiments.trial_component import TrialComponent

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.fixture(name="experiment")
def _experiment(sagemaker: Any, unique: Unique) -> str:
    name = unique("Experiment")
    sagemaker.create_experiment(ExperimentName=name, Description="first")
    return name


def test_sdk_makes_loads_and_saves_an_experiment(sagemaker: Any, unique: Unique) -> None:
    name = unique("sdk")
    made = Experiment.create(experiment_name=name, description="a", sagemaker_boto_client=sagemaker)
    made.description = "b"
    made.save()
    loaded = Experiment.load(experiment_name=name, sagemaker_boto_client=sagemaker)
    assert loaded.description == "b"
    assert name in [e.experiment_name for e in Experiment.list(sagemaker_boto_client=sagemaker)]


def test_sdk_adds_one_component_to_many_trials(sagemaker: Any, unique: Unique) -> None:
    """The preprocessing step of an experiment belongs to each of its trials."""
    experiment = Experiment.create(experiment_name=unique("sdk"), sagemaker_boto_client=sagemaker)
    shared = TrialComponent.create(
        trial_component_name=unique("prepare"), sagemaker_boto_client=sagemaker
    )
    trials = [experiment.create_trial(trial_name=unique("trial")) for _ in range(2)]
    for trial in trials:
        trial.add_trial_component(shared)
    for trial in trials:
        components = [c.trial_component_name for c in trial.list_trial_components()]
        assert components == [shared.trial_component_name]
    listed = Trial.list(
        trial_component_name=shared.trial_component_name, sagemaker_boto_client=sagemaker
    )
    assert {t.trial_name for t in listed} == {t.trial_name for t in trials}


def test_sdk_deletes_everything_below_an_experiment(sagemaker: Any, unique: Unique) -> None:
    name = unique("sdk")
    experiment = Experiment.create(experiment_name=name, sagemaker_boto_client=sagemaker)
    trial = experiment.create_trial(trial_name=unique("trial"))
    component = TrialComponent.create(
        trial_component_name=unique("component"), sagemaker_boto_client=sagemaker
    )
    trial.add_trial_component(component)
    experiment.delete_all("--force")
    for call, request in (
        (sagemaker.describe_experiment, {"ExperimentName": name}),
        (sagemaker.describe_trial, {"TrialName": trial.trial_name}),
        (
            sagemaker.describe_trial_component,
            {"TrialComponentName": component.trial_component_name},
        ),
    ):
        assert refusal(call, **request)[0] == "ResourceNotFound"


def test_taken_names_are_refused(sagemaker: Any, experiment: str, unique: Unique) -> None:
    code, message = refusal(sagemaker.create_experiment, ExperimentName=experiment)
    assert code == "ValidationException"
    assert message.startswith("Experiment names must be unique")
    request = {"TrialName": unique("trial"), "ExperimentName": experiment}
    sagemaker.create_trial(**request)
    code, message = refusal(sagemaker.create_trial, **request)
    assert code == "ValidationException"
    assert message.startswith("Trial names must be unique")


def test_unknown_names_are_refused(sagemaker: Any, unique: Unique) -> None:
    unknown = unique("unknown")
    calls: list[tuple[Any, dict[str, str]]] = [
        (sagemaker.describe_experiment, {"ExperimentName": unknown}),
        (sagemaker.update_experiment, {"ExperimentName": unknown, "Description": "x"}),
        (sagemaker.delete_experiment, {"ExperimentName": unknown}),
        (sagemaker.describe_trial, {"TrialName": unknown}),
        (sagemaker.delete_trial, {"TrialName": unknown}),
        (sagemaker.create_trial, {"TrialName": "t", "ExperimentName": unknown}),
    ]
    for call, request in calls:
        code, message = refusal(call, **request)
        assert code == "ResourceNotFound"
        assert unknown in message


def test_update_keeps_other_members(sagemaker: Any, experiment: str) -> None:
    sagemaker.update_experiment(ExperimentName=experiment, DisplayName="shown")
    described = sagemaker.describe_experiment(ExperimentName=experiment)
    assert (described["DisplayName"], described["Description"]) == ("shown", "first")
    assert described["LastModifiedTime"] > described["CreationTime"]


def test_experiment_with_trials_is_not_deleted(
    sagemaker: Any, experiment: str, unique: Unique
) -> None:
    trial = unique("trial")
    sagemaker.create_trial(TrialName=trial, ExperimentName=experiment)
    code, _ = refusal(sagemaker.delete_experiment, ExperimentName=experiment)
    assert code == "ValidationException"
    sagemaker.delete_trial(TrialName=trial)
    sagemaker.delete_experiment(ExperimentName=experiment)
