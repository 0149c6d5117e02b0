"""The requests of an experiment to SageMaker, and the hyperparameters that it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk.exceptions import ParamValidationError

from include.pipelines import params
from include.pipelines.contracts.data import Pixels
from include.pipelines.contracts.training import TrialArguments
from include.pipelines.definition.study import Study, StudyError
from include.pipelines.mnist import PYTORCH
from include.pipelines.training.studies import trials
from tests.include.pipelines.params.forms import filled

MEASURED: Pixels = {
    "normalization_mean": 0.131191,
    "normalization_std": 0.30844,
    "training_images": 4000,
}
SETS: list[dict[str, Any]] = [{"hidden_channels": 2}, {"hidden_channels": 5, "dropout": 0.5}]


def planned(study: Study = PYTORCH, **form: Any) -> list[TrialArguments]:
    """The trials of a form that was sent with *form* filled in."""
    values = filled(params.study(study, SETS, cluster=True), **form)
    return trials(study, values, "s3://b/images/", MEASURED, "s3://b/run")


def test_each_set_is_a_trial_that_wins_over_what_all_share() -> None:
    first, second = planned(epochs=4, optimizer="sgd")
    assert (first["name"], second["name"]) == ("hidden-channels-2", "hidden-channels-5-dropout-0-5")
    assert first["config"]["HyperParameters"] == {
        "hidden_channels": 2,
        "epochs": 4,
        "dropout": 0.2,
        "optimizer": "sgd",
        "backend": "gloo",
        "normalization_mean": 0.1312,
        "normalization_std": 0.3084,
    }
    assert second["config"]["HyperParameters"]["dropout"] == 0.5


def test_trials_run_on_as_many_instances_as_the_form_says() -> None:
    assert planned(instances=2)[0]["config"]["ResourceConfig"]["InstanceCount"] == 2
    with pytest.raises(ParamValidationError, match="instances"):
        planned(instances=0)


@pytest.mark.parametrize("sets", [[], [{"hidden_channels": [2]}], "2, 5, 10"])
def test_the_form_refuses_what_is_no_list_of_sets(sets: Any) -> None:
    with pytest.raises(ParamValidationError, match="trials"):
        planned(trials=sets)


@pytest.mark.parametrize(
    ("sets", "complaint"),
    [
        ([{"hiden_channels": 2}], "'hiden_channels', which train.py of mnist-pytorch does not"),
        ([{"seed": 1}, {"seed": 1}], "'seed-1' twice"),
    ],
)
def test_a_set_that_cannot_be_tried_is_named(sets: Any, complaint: str) -> None:
    with pytest.raises(StudyError, match=complaint):
        planned(trials=sets)
