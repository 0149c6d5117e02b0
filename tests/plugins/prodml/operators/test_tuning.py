"""A tuning job is one job too, and its best trial can be served."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.operators.tuning import TuningOperator

from tests.plugins.runs import ROLE, XGBOOST, Ti, run, training_request


@pytest.fixture
def request_(data: str) -> dict[str, Any]:
    training = training_request(XGBOOST, data)
    static = training.pop("HyperParameters")
    static.pop("num_round")
    objective = {"Type": "Maximize", "MetricName": "validation:auc"}
    ranges = {"IntegerParameterRanges": [{"Name": "num_round", "MinValue": "2", "MaxValue": "4"}]}
    return {
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": objective,
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": ranges,
        },
        "TrainingJobDefinition": training | {"StaticHyperParameters": static},
    }


def test_the_best_trial_of_one_tuning_job(
    request_: dict[str, Any], ti: Ti, sagemaker: Any, experiment: str
) -> None:
    """Adopted on a retry; each training job is a trial, and the best can be selected and served."""

    def operator() -> TuningOperator:
        return TuningOperator(
            task_id="tune",
            config=request_,
            experiment=experiment,
            role_arn=ROLE,
            poll_interval=0.3,
            deferrable=True,
        )

    first = run(operator(), ti)
    assert len(first["job_name"]) <= 32
    assert first["metric"] == "validation:auc"
    assert first["counts"]["Completed"] == 2
    best = first["best"]
    assert 2 <= best["hyperparameters"]["num_round"] <= 4
    assert best["metrics"]["validation:auc"] == first["value"]
    assert best["container"]["ModelDataUrl"] == best["model_data"]
    assert run(operator(), ti) == first
    listed = sagemaker.list_hyper_parameter_tuning_jobs(
        NameContains=first["job_name"].rpartition("-")[0]
    )
    summaries = listed["HyperParameterTuningJobSummaries"]
    assert [s["HyperParameterTuningJobName"] for s in summaries] == [first["job_name"]]
    trials = sagemaker.list_trials(ExperimentName=experiment)["TrialSummaries"]
    tuned = [t["TrialName"] for t in trials if t["TrialName"].startswith(first["job_name"])]
    assert len(tuned) == 2
    shown = sagemaker.list_trial_components(TrialName=best["trial"])
    (component,) = shown["TrialComponentSummaries"]
    assert component["DisplayName"] == best["name"]
    assert component["TrialComponentSource"]["SourceArn"].endswith(best["job_name"])


def test_an_earlier_job_is_learned_from(request_: dict[str, Any], ti: Ti) -> None:
    operator = TuningOperator(task_id="tune", config=request_, warm_start_from=["earlier"])
    context: Any = {"ti": ti}
    assert operator.build(context)["WarmStartConfig"] == {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "earlier"}],
        "WarmStartType": "TransferLearning",
    }
