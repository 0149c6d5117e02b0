"""The gate between a registered version and its deployment."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.stages import approval as gate


@pytest.mark.parametrize(
    ("approval", "goes_on"),
    [("Approved", True), ("PendingManualApproval", True), ("Rejected", False)],
)
def test_only_a_rejected_model_ends_the_run(approval: str, goes_on: bool) -> None:
    verdict: Any = {"approval": approval, "decision": "because"}
    assert gate.accepted.function(verdict) is goes_on
