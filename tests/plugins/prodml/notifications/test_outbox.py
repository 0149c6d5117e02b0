from __future__ import annotations

from prodml.notifications.outbox import post, take
from prodml.notifications.run_events import DagBroken


def test_events_are_taken_once_in_their_order() -> None:
    take()
    first, second = (DagBroken(file=name) for name in ("a.py", "b.py"))
    post(first)
    post(second)
    taken = take()
    post(first)
    assert taken == [first, second]
    assert take() == [first]
    assert take() == []
