"""A few values are read each minute, each once."""

from __future__ import annotations

from prodml.studio.gradually import Gradually


def test_values_are_read_once_and_a_few_a_minute() -> None:
    reads: list[str] = []
    now = 0.0

    def read(name: str) -> str:
        reads.append(name)
        return name.upper()

    values = Gradually(read, 2, lambda: now)
    assert values.known("abc") == {"a": "A", "b": "B"}
    assert values.known("abc") == {"a": "A", "b": "B"}, "not before a minute has passed"
    now = 61.0
    assert values.known("abc") == {"a": "A", "b": "B", "c": "C"}
    assert reads == ["a", "b", "c"]
