"""Name and query CloudWatch alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prodml.aws.retries import pages


def firing(cloudwatch: Any, names: Sequence[str]) -> list[str]:
    """Return those of the alarms *names* that are in ALARM, including composite alarms."""
    if not names:
        return []
    listed = pages(
        cloudwatch.describe_alarms,
        AlarmNames=list(names),
        AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        StateValue="ALARM",
    )
    kinds = ("MetricAlarms", "CompositeAlarms")
    return [alarm["AlarmName"] for page in listed for kind in kinds for alarm in page.get(kind, [])]


def alarm_name(endpoint: str, variant: str, what: str) -> str:
    """Return the name of the alarm that watches *what* of a variant."""
    return f"{alarm_prefix(endpoint, variant)}{what}"


def alarm_prefix(endpoint: str, variant: str | None = None) -> str:
    """Return the prefix that only the names of an endpoint's, or a variant's, alarms have."""
    return f"prodml/{endpoint}/" + (f"{variant}/" if variant else "")


def owned(cloudwatch: Any, endpoint: str, variant: str | None = None) -> list[str]:
    """Return the names of the alarms of *endpoint*, or of one of its variants."""
    listed = pages(cloudwatch.describe_alarms, AlarmNamePrefix=alarm_prefix(endpoint, variant))
    return [alarm["AlarmName"] for page in listed for alarm in page["MetricAlarms"]]
