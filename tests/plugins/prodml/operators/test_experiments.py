"""Trials and logged components, made once and found again."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.exceptions import ProdmlError
from prodml.operators.experiments import CreateTrialOperator, LogTrialComponentOperator

from tests.plugins.runs import Ti, run


def test_a_logged_component_is_shared_by_trials(
    sagemaker: Any, experiment: str, unique: str, ti: Ti
) -> None:
    logging = LogTrialComponentOperator(
        task_id="log",
        display_name="Preprocessing",
        parameters={"normalization_mean": 0.1307, "method": "z"},
        inputs={"data": "s3://bucket/data"},
    )
    component = run(logging, ti)["trial_component"]
    assert run(logging, ti)["trial_component"] == component
    for number in "12":
        trial = CreateTrialOperator(
            task_id="trial",
            experiment=experiment,
            trial=f"{unique}-{number}",
            components=[component],
        )
        run(trial, ti)
    component_ = sagemaker.describe_trial_component(TrialComponentName=component)
    assert component_["DisplayName"] == "Preprocessing"
    assert component_["Parameters"]["normalization_mean"] == {"NumberValue": 0.1307}
    assert component_["InputArtifacts"]["data"]["Value"] == "s3://bucket/data"
    trials = sagemaker.list_trials(TrialComponentName=component)["TrialSummaries"]
    assert {t["TrialName"] for t in trials} == {f"{unique}-1", f"{unique}-2"}


def test_a_trial_of_another_experiment_is_not_taken(
    sagemaker: Any, experiment: str, unique: str, ti: Ti
) -> None:
    sagemaker.create_experiment(ExperimentName=unique)
    sagemaker.create_trial(ExperimentName=unique, TrialName=unique)
    operator = CreateTrialOperator(task_id="trial", experiment=experiment, trial=unique)
    with pytest.raises(ProdmlError, match="Use another trial name"):
        run(operator, ti)
