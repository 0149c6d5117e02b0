"""Hold the events of the task that runs in this process until the task has ended.

A try that will be repeated sends nothing, so that a retry does not send a second message. The
listener :mod:`prodml.listeners.notifications` sends what is left when the task has its final state.
"""

from __future__ import annotations

from prodml.notifications.events import Event

_EVENTS: list[Event] = []


def post(event: Event) -> None:
    """Send *event* once the task that runs in this process has ended, unless it is retried."""
    _EVENTS.append(event)


def take() -> list[Event]:
    """Return the events, and forget them."""
    events = _EVENTS.copy()
    _EVENTS.clear()
    return events
