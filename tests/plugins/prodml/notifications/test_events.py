"""Lists in messages are short, and say how much they leave out."""

from __future__ import annotations

import pytest
from prodml.notifications.events import NAMED, Event, named

NAMES = [f"column-{number}" for number in range(NAMED + 2)]


@pytest.mark.parametrize(
    ("count", "end"),
    [
        (1, "column-0"),
        (NAMED, f"column-{NAMED - 1}"),
        (NAMED + 2, f"column-{NAMED - 1} and 2 more"),
    ],
)
def test_the_first_names_are_listed_and_the_others_counted(count: int, end: str) -> None:
    text = named(NAMES[:count])
    assert text.endswith(end)
    assert text.count(", ") == min(count, NAMED) - 1


def test_an_event_has_no_facts_unless_it_states_some() -> None:
    assert [*Event().facts()] == []
    with pytest.raises(NotImplementedError):
        assert Event().title
