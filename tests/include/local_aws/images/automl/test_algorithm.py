from __future__ import annotations

import argparse

import numpy as np
import pytest

from tests.include.local_aws.images.modules import Load

ROWS = np.random.default_rng(1).normal(size=(80, 2))
TARGETS = {
    "BinaryClassification": (ROWS[:, 0] > 0).astype(float),
    "MulticlassClassification": np.digitize(ROWS[:, 0], [-0.5, 0.5]).astype(float),
    "Regression": ROWS[:, 0] * 2,
}
BEST = {"BinaryClassification": "auc", "MulticlassClassification": "accuracy", "Regression": "r2"}


@pytest.mark.parametrize("problem", TARGETS)
@pytest.mark.parametrize("algorithm", ["linear-learner", "mlp"])
def test_each_algorithm_learns_each_problem_and_answers_it(
    load: Load, monkeypatch: pytest.MonkeyPatch, algorithm: str, problem: str
) -> None:
    given = argparse.Namespace(
        algorithm=algorithm,
        problem_type=problem,
        c=10.0,
        class_weight="balanced",
        layers="16",
        weight_decay=1e-4,
        learning_rate=0.05,
    )
    script, serve = load("algorithm"), load("algorithm_serve")
    model = script.model_of(given).fit(ROWS, TARGETS[problem])
    assert script.measured(model, ROWS, TARGETS[problem])[BEST[problem]] > 0.8
    plain = serve.answered(model, ROWS[:2])
    assert [len(row) for row in plain] == [3 if problem.startswith("Multi") else 1] * 2
    if problem == "Regression":
        return
    monkeypatch.setenv("SAGEMAKER_INFERENCE_OUTPUT", "predicted_label, probabilities")
    label, chances = serve.answered(model, ROWS[:1])[0]
    assert label == int(np.argmax(chances))
