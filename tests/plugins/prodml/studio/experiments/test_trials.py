"""Read an experiment's trials, completed and failed, in few calls."""

from __future__ import annotations

import json
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.studio.experiments.trials import Trial, experiments, trials


def _only(experiment: str) -> Trial:
    (trial,) = trials(Aws(), experiment)
    return trial


def test_a_failed_trial_has_its_reason_parameters_and_metrics(
    failed_trial: tuple[str, str],
) -> None:
    experiment, job = failed_trial
    trial = _only(experiment)
    assert (trial["name"], trial["job"], trial["trial"]) == ("tree", job, experiment)
    assert (trial["status"], trial["usable"]) == ("Failed", False)
    assert "studio/nothing" in trial["reason"]
    assert trial["parameters"] == {"eta": 0.3, "num_round": 5.0}
    auc = trial["metrics"]["validation:auc"]
    assert auc == {"last": 0.8, "min": 0.7, "max": 0.9, "avg": pytest.approx(0.8)}
    assert trial["data"]["train"].endswith("studio/nothing/")
    assert trial["instance_type"] == "ml.m5.large"
    assert json.dumps(trial)


def test_components_that_no_training_job_made_are_left_out(
    sagemaker: Any, failed_trial: tuple[str, str]
) -> None:
    experiment, _ = failed_trial
    sagemaker.create_trial_component(TrialComponentName="studio-other")
    sagemaker.associate_trial_component(TrialName=experiment, TrialComponentName="studio-other")
    assert _only(experiment)["name"] == "tree"


def test_the_experiment_of_the_newest_trial_comes_first(
    sagemaker: Any, failed_trial: tuple[str, str]
) -> None:
    for name in ("studio-newer", "studio-newest"):
        sagemaker.create_experiment(ExperimentName=name)
    sagemaker.create_trial(TrialName="studio-newest-trial", ExperimentName=failed_trial[0])
    names = [experiment["name"] for experiment in experiments(Aws())]
    assert names[0] == failed_trial[0]
    assert names.index("studio-newest") < names.index("studio-newer")
    assert trials(Aws(), "studio-newer") == []
