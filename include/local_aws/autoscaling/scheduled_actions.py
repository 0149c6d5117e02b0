"""Scheduled actions, which change the bounds of a target when they are due.

Delays are shortened like every other wait: for an action, the clock runs at the time scale since
it was created.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.schedule_expressions import Schedule, parsed
from ..core.store import Doc
from . import activities, targets

if TYPE_CHECKING:
    from ..core.account import Aws


def schedule(action: Doc) -> Schedule:
    """Return the schedule of an action; raise ValueError for an invalid expression."""
    start: float = action.get("StartTime") or action["Since"]
    return parsed(action["Schedule"], start, action.get("Timezone", "UTC"))


def run_due(aws: Aws) -> None:
    """Run the actions that are due, each once, even if it was due several times."""
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
