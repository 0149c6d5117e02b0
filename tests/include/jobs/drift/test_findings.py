"""The order of statuses, and the rate of false alarms that the limit of a rate stands for."""

from __future__ import annotations

import math

from include.jobs.drift.findings import POINTS, QUALITY, SIGMAS, Finding, Status


def test_the_worst_finding_is_the_status_of_a_column() -> None:
    findings = [
        Finding(f"check {status}", QUALITY, status, "")
        for status in (Status.WARN, Status.ALERT, Status.OK)
    ]
    assert max(finding.status for finding in findings) is Status.ALERT
    assert max(Status.OK, Status.WARN).name == "WARN", "reports state names"


def test_chance_alone_passes_the_limit_once_in_16_000_checks() -> None:
    assert round(1 / math.erfc(SIGMAS / math.sqrt(2)), -3) == 16_000
    assert 0 < POINTS[0] < POINTS[1] < 1
