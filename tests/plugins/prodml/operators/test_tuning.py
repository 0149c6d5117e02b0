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


def test_the_best_trial_of_one_tuning_job(request_: dict[str, Any], ti: Ti, sagemaker: Any) -> None:
    def operator() -> TuningOperator:
        return TuningOperator(
            task_id="tune", config=request_, role_arn=ROLE, poll_interval=0.3, deferrable=True
        )

    first = run(operator(), ti)
    assert len(first["job_name"]) <= 32
    assert first["metric"] == "validation:auc"
    assert 2 <= first["hyperparameters"]["num_round"] <= 4
    assert first["container"]["ModelDataUrl"] == first["model_data"]
    assert first["counts"]["Completed"] == 2
    assert run(operator(), ti) == first
    summaries = sagemaker.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"]
    assert [s["HyperParameterTuningJobName"] for s in summaries] == [first["job_name"]]
