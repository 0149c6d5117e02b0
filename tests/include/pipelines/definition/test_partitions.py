from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from include.pipelines.definition.partitions import Holdout, Partitions
from include.pipelines.errors import PipelineError


@pytest.mark.parametrize(
    ("every", "name", "end"),
    [
        ("hour", "2024-02-29T23", datetime(2024, 3, 1, tzinfo=UTC)),
        ("day", "2024-02-29", datetime(2024, 3, 1, tzinfo=UTC)),
        ("week", "2024-02-26", datetime(2024, 3, 4, tzinfo=UTC)),
        ("month", "2024-02", datetime(2024, 3, 1, tzinfo=UTC)),
        ("month", "2023-12-01", datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_name_states_the_time_of_a_partition(every: str, name: str, end: datetime) -> None:
    partitions = Partitions(every)
    start = partitions.start(name)
    assert start is not None
    assert partitions.end(start) == end


@pytest.mark.parametrize(
    ("every", "name", "suggested"),
    [
        ("hour", "2024-03-05", "2024-03-05T00"),
        ("day", "2024-03-05T06", "2024-03-05"),
        ("week", "2024-03-05", "2024-03-04"),
        ("month", "2024-03-05", "2024-03"),
        ("week", "2024-02-30", "2024-01-01"),
    ],
)
def test_another_name_has_a_suggestion(every: str, name: str, suggested: str) -> None:
    partitions = Partitions(every)
    assert partitions.start(name) is None
    assert partitions.suggested(name) == suggested


def test_a_moment_is_in_the_partition_of_its_utc_time() -> None:
    moment = datetime.fromisoformat("2024-03-04T00:30:00+02:00")
    assert Partitions("week").covering(moment) == datetime(2024, 2, 26, tzinfo=UTC)


def test_an_impossible_definition_is_refused() -> None:
    with pytest.raises(PipelineError, match=r"every is 'year'\. Use one of \['hour', 'day'"):
        Partitions("year")
    with pytest.raises(PipelineError, match="window is 1"):
        Partitions(window=1)
    with pytest.raises(PipelineError, match="Set both above 0"):
        Holdout(timedelta(0))
