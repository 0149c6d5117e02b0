from __future__ import annotations

from prodml.notifications.events import Event
from prodml.notifications.runbooks import RUNBOOKS
from prodml.ui.reports import all_runbooks


def _below(kind: type[Event]) -> set[type[Event]]:
    return {kind, *(leaf for child in kind.__subclasses__() for leaf in _below(child))}


def test_every_event_has_a_runbook_with_its_anchor_on_the_page() -> None:
    named = {kind for kind in _below(Event) if "name" in vars(kind)}
    names = [event.name for event in named]
    assert sorted(RUNBOOKS) == sorted(names)
    page = bytes(all_runbooks().body).decode()
    assert all(f'<h2 id="{name}">' in page for name in names)
    assert all(runbook.steps for runbook in RUNBOOKS.values())
    assert "`" not in page
