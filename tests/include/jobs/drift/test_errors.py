"""The one error of the analyzer: a ValueError that both entry points turn into a report."""

from __future__ import annotations

import pytest

from include.jobs.drift.capture import Capture
from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.payloads import Payload, decode


def test_a_reader_raises_it_with_file_and_line_in_its_message() -> None:
    with pytest.raises(ValueError, match=r"hour\.jsonl line 7: 1 values") as caught:
        list(decode("hour.jsonl", [Payload(7, "JSON", "[1]")], ["a", "b"]))
    assert isinstance(caught.value, UnreadableData)
    assert Capture.__module__ != UnreadableData.__module__
