"""The configuration that a deployment asks for; tests of two models are in `test_deployment.py`."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.comparison.proposal import Proposal
from prodml.endpoints.rollout import Rollout
from prodml.vocabulary import Json

PROPOSAL = Proposal("AllTraffic", "churn-2", "ml.m5.large", 1, {"KmsKeyId": "key"})
NO_CALLS: Any = None


def _serving(**counts: int) -> Json:
    variants = [{"VariantName": k, "DesiredInstanceCount": n} for k, n in counts.items()]
    return {"EndpointConfigName": "churn-1", "ProductionVariants": variants}


@pytest.mark.parametrize(
    ("serving", "count"),
    [
        (None, 1),
        (_serving(AllTraffic=4), 1),  # SageMaker keeps the count of the same variant
        (_serving(AllTraffic=4, Challenger=2), 4),
        (_serving(Other=4), 1),
    ],
)
def test_an_update_keeps_the_instances_that_autoscaling_has_started(
    serving: Json | None, count: int
) -> None:
    request = PROPOSAL.request(NO_CALLS, serving, Rollout())
    (variant,) = request["ProductionVariants"]
    assert (variant["ModelName"], variant["InitialInstanceCount"]) == ("churn-2", count)
    assert request["KmsKeyId"] == "key"
