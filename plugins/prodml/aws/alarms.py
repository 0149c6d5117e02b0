"""Alarms as CloudWatch has them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prodml.aws.retries import pages


def firing(cloudwatch: Any, names: Sequence[str]) -> list[str]:
    """Which of the alarms *names* are in ALARM, composite ones too."""
    if not names:
        return []
    found = pages(
        cloudwatch.describe_alarms,
        AlarmNames=list(names),
        AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        StateValue="ALARM",
    )
    kinds = ("MetricAlarms", "CompositeAlarms")
    return [alarm["AlarmName"] for page in found for kind in kinds for alarm in page.get(kind, [])]


def alarm_name(endpoint: str, variant: str, what: str) -> str:
    """The alarm that watches *what* of a variant."""
    return f"{alarm_prefix(endpoint, variant)}{what}"


def alarm_prefix(endpoint: str, variant: str | None = None) -> str:
    """What the names of an endpoint's or a variant's alarms begin with, and no other one's."""
    return f"prodml/{endpoint}/" + (f"{variant}/" if variant else "")


def owned(cloudwatch: Any, endpoint: str, variant: str | None = None) -> list[str]:
    """The alarms that were made for *endpoint*, or for one of its variants."""
    found = pages(cloudwatch.describe_alarms, AlarmNamePrefix=alarm_prefix(endpoint, variant))
    return [alarm["AlarmName"] for page in found for alarm in page["MetricAlarms"]]
