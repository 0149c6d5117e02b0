"""The MNIST experiments, whole: real images, real frameworks, real trials."""

from __future__ import annotations

import pytest
from prodml.vocabulary import Json

from tests.frameworks import only_with
from tests.include.local_aws.images.framework_models import TIMEOUT
from tests.loop.conftest import RunSteps
from tests.loop.test_churn_loop import dag, value

pytestmark = pytest.mark.timeout(2 * TIMEOUT)


def metrics(run: Json) -> list[Json]:
    return [trial["value"]["metrics"] for trial in run["tasks"]["train"]]


@only_with("torch")
def test_pytorch_compares_widths_and_trains_over_two_instances(run_steps: RunSteps) -> None:
    together = {"instances": 2, "epochs": 2, "trials": [{"hidden_channels": 5}]}
    _, alone, both, again = run_steps(
        dag("initialize_project"),
        dag("train_mnist_pytorch"),
        dag("train_mnist_pytorch", **together),
        dag("train_mnist_pytorch", metric="test:accuracy", direction="Maximize"),
    )
    assert [run["state"] for run in (alone, both, again)] == ["success"] * 3
    assert len(metrics(alone)) == 3
    assert all(trial["test:accuracy"] > 0.9 for trial in metrics(alone))
    assert metrics(both)[0]["test:accuracy"] > 0.8
    board = value(both, "leaderboard")
    assert ([row["rank"] for row in board["board"]], board["earlier"]) == ([1], 3)
    jobs = [{t["value"]["job_name"] for t in run["tasks"]["train"]} for run in (alone, again)]
    assert jobs[0] == jobs[1]
    best = max(metrics(alone), key=lambda trial: trial["test:accuracy"])
    assert value(again, "leaderboard")["board"][0]["value"] == best["test:accuracy"]


@only_with("tensorflow")
def test_tensorflow_compares_widths(run_steps: RunSteps) -> None:
    _, run = run_steps(dag("initialize_project"), dag("train_mnist_tensorflow"))
    assert run["state"] == "success"
    assert all(trial["test:accuracy"] > 0.85 for trial in metrics(run))
    assert value(run, "leaderboard")["trials"] == 2
