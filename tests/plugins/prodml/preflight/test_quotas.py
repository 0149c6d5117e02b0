"""Quotas of the instance types, right and wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from prodml.preflight.quotas import check_quotas

from tests.plugins.prodml.preflight.conftest import Checked

GPU = "ml.p4d.24xlarge"


def test_quotas_of_jobs_and_endpoints(checked: Checked) -> None:
    lines = checked(check_quotas, instance_types=("ml.m5.large", GPU, "ml.new.large"))
    assert lines["quota ml.m5.large, training job"] == ("OK", "20")
    assert lines["quota ml.m5.large, endpoint"] == ("OK", "20")
    assert lines[f"quota {GPU}, training job"] == ("WRONG", "0")
    assert f"quota {GPU}, endpoint" not in lines
    assert lines["quota ml.new.large, training job"][0] == "UNKNOWN"


def test_fix_names_the_quota(checked: Checked) -> None:
    lines = check_quotas(checked.aws, _project_of(checked))
    (fix,) = {line.fix for line in lines if line.check == f"quota {GPU}, training job"}
    assert fix.startswith("aws service-quotas request-service-quota-increase")
    assert " --quota-code L-" in fix


def _project_of(checked: Checked) -> Any:
    return replace(checked.project, instance_types=(GPU,))
