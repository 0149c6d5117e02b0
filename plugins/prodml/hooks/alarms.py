"""Alarms as CloudWatch has them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prodml.hooks.calls import pages


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
    return f"{alarm_prefix(endpoint)}{variant}/{what}"


def alarm_prefix(endpoint: str) -> str:
    """What the names of an endpoint's alarms begin with, and no other endpoint's."""
    return f"prodml/{endpoint}/"


def owned(cloudwatch: Any, endpoint: str) -> list[str]:
    """The alarms that were made for *endpoint*."""
    found = pages(cloudwatch.describe_alarms, AlarmNamePrefix=alarm_prefix(endpoint))
    return [alarm["AlarmName"] for page in found for alarm in page["MetricAlarms"]]
