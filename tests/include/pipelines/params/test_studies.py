"""The forms of experiments' DAGs."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines import params
from include.pipelines.mnist import PYTORCH
from tests.include.pipelines.params.forms import defaults, refuses, takes

TRIALS = [{"hidden_channels": 2}]
STUDY = params.study(PYTORCH, TRIALS)


def test_the_defaults_are_accepted() -> None:
    assert defaults(STUDY)["trials"] == TRIALS
    assert defaults(STUDY)["metric"] in PYTORCH.metrics


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trials", []),
        ("trials", [{"epochs": [1]}]),
        ("trials", [{"epochs": 1}] * 51),
        ("data_uri", "http://somewhere"),
        ("metric", "test:beauty"),
        ("epochs", 0),
        ("dropout", 1),
    ],
)
def test_the_form_refuses_what_cannot_work(name: str, value: Any) -> None:
    refuses(STUDY, name, value)


def test_a_study_asks_for_the_shared_hyperparameters_only() -> None:
    assert set(PYTORCH.shared) <= STUDY.keys()
    assert not set(PYTORCH.varied) - set(PYTORCH.shared) & STUDY.keys()
    takes(STUDY, "trials", [{"hidden_channels": 5}, {"lr": 0.1}])


def test_only_a_distributed_study_asks_for_instances() -> None:
    assert "instances" not in STUDY
    cluster = params.study(PYTORCH, TRIALS, cluster=True)
    assert cluster.keys() - STUDY.keys() == {"instances"}
    assert defaults(cluster)["instances"] == PYTORCH.resources.count
