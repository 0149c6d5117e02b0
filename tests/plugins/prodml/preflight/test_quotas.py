"""Quotas of the instance types, right and wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from prodml.preflight.quotas import check_quotas

from tests.plugins.prodml.preflight.conftest import Checked

GPU = "ml.p4d.24xlarge"


def test_quotas_of_jobs_and_endpoints(checked: Checked) -> None:
    wanted = {
        "ml.m5.large for training job usage": 20,
        "ml.m5.large for endpoint usage": 21,
        f"{GPU} for training job usage": 1,
        "ml.new.large for training job usage": 1,
    }
    lines = checked(check_quotas, quotas=wanted)
    assert lines["quota ml.m5.large for training job"] == ("OK", "20")
    assert lines["quota ml.m5.large for endpoint"] == ("WRONG", "20")
    assert lines[f"quota {GPU} for training job"] == ("WRONG", "0")
    assert lines["quota ml.new.large for training job"][0] == "UNKNOWN"


def test_fix_names_the_quota(checked: Checked) -> None:
    lines = check_quotas(checked.aws, _project_of(checked))
    (fix,) = {line.fix for line in lines if line.check == f"quota {GPU} for training job"}
    assert fix.startswith("aws service-quotas request-service-quota-increase")
    assert " --quota-code L-" in fix
    assert fix.endswith(" --desired-value 6")


def _project_of(checked: Checked) -> Any:
    return replace(checked.project, quotas={f"{GPU} for training job usage": 6})
