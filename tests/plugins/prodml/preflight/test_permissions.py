"""Missing policies; tests/infra simulates the policies of the template under enforcement."""

from __future__ import annotations

from pathlib import Path

import pytest
from prodml.preflight.permissions import check_airflow, check_execution

from tests.plugins.prodml.preflight.conftest import Check, Checked


@pytest.mark.parametrize("check", [check_airflow, check_execution])
def test_missing_policies_are_unknown(checked: Checked, check: Check, tmp_path: Path) -> None:
    (line,) = checked(check, policies=tmp_path).values()
    assert line[0] == "UNKNOWN"
    assert "is missing" in line[1]
