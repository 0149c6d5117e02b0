"""Scheduled actions: they move a target's bounds when they are due.

Delays are compressed like every other waiting: an action sees a clock that runs at the time
scale since it was put.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.schedule_expressions import Schedule, parsed
from ..core.store import Doc
from . import activities, targets

if TYPE_CHECKING:
    from ..core.account import Aws


def schedule(action: Doc) -> Schedule:
    """Raises ValueError when the action's expression cannot be read."""
    start: float = action.get("StartTime") or action["Since"]
    return parsed(action["Schedule"], start, action.get("Timezone", "UTC"))


def run_due(aws: Aws) -> None:
    """Fire what has become due; what was due several times meanwhile is fired once."""
    for action in aws.store.list(targets.SCHEDULED):
        now = _its_time(aws, action)
        last: float = action.get("LastDue") or action["Since"]
        due = schedule(action).after(last)
        if due is None or due > now:
            continue
        aws.store.update(targets.SCHEDULED, targets.scheduled_key(action), LastDue=now)
        if action.get("StartTime", due) <= due <= action.get("EndTime", due):
            _fire(aws, action)


def _its_time(aws: Aws, action: Doc) -> float:
    since: float = action["Since"]
    return since + (aws.clock.now() - since) * aws.clock.scale


def _fire(aws: Aws, action: Doc) -> None:
    target = aws.store.get(targets.TARGET, targets.key(action))
    if target is None or target.get("SuspendedState", {}).get("ScheduledScalingSuspended"):
        return
    bounds = action["ScalableTargetAction"]
    low = bounds.get("MinCapacity", target["MinCapacity"])
    high = max(low, bounds.get("MaxCapacity", target["MaxCapacity"]))
    key = targets.key(target)
    changed = aws.store.update(targets.TARGET, key, MinCapacity=low, MaxCapacity=high)
    activities.bounds_set(aws, changed, action["ScheduledActionName"])
