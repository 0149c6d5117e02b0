"""The wiring of a study and the plan of its trials."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException

from include.pipelines import stages
from include.pipelines.contracts.data import Images
from include.pipelines.contracts.training import TrialArguments
from include.pipelines.mnist import PYTORCH
from include.pipelines.stages.studies import plan_trials
from tests.include.pipelines.stages.conftest import Wired

MEASURED: Any = {"normalization_mean": 0.13, "normalization_std": 0.3}
IMAGES: Images = {"uri": "s3://b/images", "files": []}


def _planned(**params: Any) -> list[TrialArguments]:
    ranked = {"metric": "test:loss", "direction": "Minimize"}
    form = dict.fromkeys(PYTORCH.shared, 1) | ranked | {"trials": [{}], "max_cost": 100.0} | params
    run = SimpleNamespace(run_id="manual__1", logical_date=None)
    context = {"params": form, "dag_run": run, "dag": SimpleNamespace(dag_id="study")}
    return plan_trials.function(PYTORCH.name, IMAGES, MEASURED, **context)


def test_as_many_trials_run_side_by_side_as_the_study_states(wired: Wired) -> None:
    train = wired(stages.study, PYTORCH)["train"]
    assert train.is_mapped
    assert train.partial_kwargs["max_active_tis_per_dagrun"] == PYTORCH.parallel


def test_images_are_measured_after_they_are_uploaded(wired: Wired) -> None:
    tasks = wired(stages.study, PYTORCH)
    assert "upload" in tasks["measure_images"].upstream_task_ids
    assert "train" in tasks["leaderboard"].upstream_task_ids


def test_each_set_of_the_form_is_one_trial_on_its_instances() -> None:
    trials = _planned(trials=[{}, {PYTORCH.varied[0]: 5}], instances=2)
    assert len({trial["name"] for trial in trials}) == 2
    assert {trial["config"]["ResourceConfig"]["InstanceCount"] for trial in trials} == {2}


def test_trials_that_could_cost_too_much_are_refused_at_once() -> None:
    with pytest.raises(AirflowFailException, match="max_cost"):
        _planned(max_cost=0.0)
