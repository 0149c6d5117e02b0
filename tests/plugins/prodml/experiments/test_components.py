"""A record of a component is the same with and without sagemaker-experiments."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from prodml.experiments.components import record_component

PARAMETERS = {"mean": 0.1307, "count": 3, "method": "z"}
RECORDED = {
    "mean": {"NumberValue": 0.1307},
    "count": {"NumberValue": 3.0},
    "method": {"StringValue": "z"},
}


@pytest.mark.parametrize("importable", [True, False])
def test_parameters_and_inputs_are_recorded_once(
    sagemaker: Any, unique: str, importable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importable:
        pytest.importorskip("smexperiments", exc_type=ImportError)
    else:
        monkeypatch.setitem(sys.modules, "smexperiments.tracker", None)
    for _ in range(2):
        record_component(sagemaker, unique, "Preprocessing", PARAMETERS, {"data": "s3://b/data"})
    component = sagemaker.describe_trial_component(TrialComponentName=unique)
    assert component["DisplayName"] == "Preprocessing"
    assert component["Parameters"] == RECORDED
    assert component["InputArtifacts"] == {"data": {"MediaType": "s3/uri", "Value": "s3://b/data"}}
    assert component["Status"]["PrimaryStatus"] == "Completed"
    assert component["StartTime"] <= component["EndTime"]
