"""Rules on the gradients and updates of a real PyTorch training, which its hook reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prodml.debugger.rules import (
    ExplodingGradients,
    ExplodingUpdates,
    Rule,
    VanishingGradients,
    VanishingUpdates,
)
from prodml.exceptions import StoppedByRuleError
from prodml.operators.training import TrainTrialOperator

from tests.frameworks import only_with
from tests.include.local_aws.images.framework_models import TIMEOUT
from tests.plugins.runs import REGISTRY, ROLE, Ti, run, training_request

TORCH = f"{REGISTRY}/pytorch-training:2.6.0-cpu-py312-ubuntu22.04-sagemaker"
SCRIPT = """
import os, time
from pathlib import Path
import torch
from torch import nn
import prodml_hook

torch.manual_seed(0)
sizes, activation = {layers}, nn.{activation}
pairs = list(zip(sizes, sizes[1:]))
model = nn.Sequential(*[part for pair in pairs for part in (nn.Linear(*pair), activation())],
                      nn.Linear(sizes[-1], 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
hook = prodml_hook.Hook(every=1)
for step in range({steps}):
    features = torch.randn(32, 8)
    target = features.sum(1, keepdim=True)
    if step == {fault_at}:
        for group in optimizer.param_groups:
            group["lr"] = {rate}
    loss = (model(features) - target).square().mean() * (1e4 if step >= {scaled_at} else 1.0)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    hook.step(model=model, labels=(target > 0).int().flatten())
    print(f"train:loss={{loss.item()}};", flush=True)
    time.sleep(0.01 if step > 50 else 0)
Path(os.environ["SM_MODEL_DIR"], "model.txt").write_text("a model")
"""
SOUND = {
    "layers": [8, 16, 16],
    "activation": "Tanh",
    "steps": 60,
    "fault_at": -1,
    "rate": 0.01,
    "scaled_at": 10**9,
}
ENDLESS = {"steps": 100_000}
RULES = (ExplodingGradients, VanishingGradients, ExplodingUpdates, VanishingUpdates)
pytestmark = [only_with("torch"), pytest.mark.timeout(2 * TIMEOUT)]


@pytest.fixture
def train(tmp_path: Path, bucket: str, experiment: str, data: str, unique: str, ti: Ti) -> Any:
    """Return a function that trains a network, with a fault, under rules."""

    def train(rules: list[Rule], **fault: Any) -> dict[str, Any]:
        (tmp_path / "train.py").write_text(SCRIPT.format(**SOUND | fault))
        operator = TrainTrialOperator(
            task_id="train",
            experiment=experiment,
            name=unique,
            source_dir=str(tmp_path),
            code_prefix=f"s3://{bucket}/code",
            config=training_request(TORCH, data) | {"HyperParameters": {"seed": unique}},
            role_arn=ROLE,
            poll_interval=0.1,
            deferrable=True,
            rules=rules,
        )
        return dict(run(operator, ti))

    return train


def test_a_healthy_network_is_not_stopped(train: Any) -> None:
    assert train([rule(stop=True) for rule in RULES])["status"] == "Completed"


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (ExplodingGradients, {"scaled_at": 30, "rate": 0.0, "fault_at": 29}),
        (ExplodingUpdates, {"fault_at": 10, "rate": 1e6}),
        (VanishingGradients, {"layers": [8] * 10, "activation": "Sigmoid"}),
        (VanishingUpdates, {"fault_at": 10, "rate": 0.0}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_fault_stops_the_training(train: Any, rule: type[Rule], fault: dict[str, Any]) -> None:
    with pytest.raises(StoppedByRuleError, match=rule.__name__):
        train([rule(stop=True)], **ENDLESS | fault)
