"""Plans of training whose fields are arguments of an operator of the same name."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.operators.automl import AutoMLOperator
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.tuning import TuningOperator

from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.data import DataSets
from include.pipelines.contracts.training import (
    AutoMLPlan,
    Budget,
    Expense,
    PackingPlan,
    TrialArguments,
    TuningPlan,
)
from include.pipelines.training import costs, requests
from tests.include.pipelines.contracts.arguments import arguments, required
from tests.include.pipelines.params.forms import defaults

DATA: Any = {name: f"s3://b/{name}" for name in DataSets.__annotations__}


@pytest.mark.parametrize(
    ("plan", "operator"),
    [
        (TrialArguments, TrainTrialOperator),
        (TuningPlan, TuningOperator),
        (AutoMLPlan, AutoMLOperator),
        (PackingPlan, ProcessingJobOperator),
    ],
)
def test_an_operator_takes_every_field_of_its_plan(plan: type, operator: type) -> None:
    assert plan.__annotations__.keys() <= arguments(operator)


@pytest.mark.parametrize("candidate", PIPELINE.candidates, ids=lambda one: str(one.name))
def test_a_candidate_states_what_a_mapped_task_cannot_do_without(candidate: Any) -> None:
    stated = requests.trial(PIPELINE, candidate, "s3://b", DATA).keys()
    assert required(TrialArguments) <= stated <= TrialArguments.__annotations__.keys()


def test_a_budget_lists_each_expense_that_it_adds_up() -> None:
    budget = costs.bound(PIPELINE, defaults(params.retrain(PIPELINE)))
    assert budget.keys() == Budget.__annotations__.keys()
    assert all(one.keys() == Expense.__annotations__.keys() for one in budget["steps"])
    assert budget["jobs"] == sum(one["jobs"] for one in budget["steps"])
    total = sum(one["usd_at_most"] for one in budget["steps"])
    assert budget["usd_at_most"] == pytest.approx(total, abs=0.02)
