"""The results of SageMaker's search in an experiment, by job name."""

from __future__ import annotations

from typing import Any

from prodml.aws.client import Aws
from prodml.experiments.trials import measured
from prodml.operators.training import TrainTrialOperator

from tests.plugins.runs import ROLE, XGBOOST, Ti, run, training_request


def test_a_scheduled_runs_job_is_measured(experiment: str, data: str) -> None:
    """Its name is in lower case, like its ARN."""
    operator = TrainTrialOperator(
        task_id="train",
        experiment=experiment,
        name="scheduled",
        algorithm="xgboost",
        config=training_request(XGBOOST, data),
        role_arn=ROLE,
        fresh=True,
        poll_interval=0.2,
    )
    result: dict[str, Any] = run(operator, Ti("scheduled__2024-05-06T00:00:00+00:00"))
    assert result["job_name"].islower()
    known = measured(Aws(), experiment, "validation:auc", "Last")
    assert known[result["job_name"]] == result["metrics"]["validation:auc"]
