"""Windows of whole partitions, their holdout, and the sentences of those that are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.pipelines.churn import PIPELINE
from include.pipelines.data.landing import Folder
from include.pipelines.data.partitions import Partition
from include.pipelines.data.windows import (
    refuse_future,
    refuse_gap,
    refuse_idle,
    refuse_later_than_all,
    refuse_none,
    refuse_unfinished,
    shown,
    window_ending,
)
from include.pipelines.definition.partitions import Holdout, Partitions
from include.pipelines.errors import NothingNew

WEEK = timedelta(days=7)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
WEEKLY, ONE_WEEK = Partitions("week"), Holdout(WEEK)
WEEKS = [
    Partition(FIRST + n * WEEK, FIRST + (n + 1) * WEEK, Folder(Path("/landing")), f"{n}.csv")
    for n in range(4)
]
END = WEEKS[-1].end


def test_day_alone_is_shown_where_it_begins() -> None:
    assert shown(FIRST) == "2024-01-01"
    assert shown(FIRST + timedelta(hours=7)) == "2024-01-01 07:00"


@pytest.mark.parametrize(
    ("end", "number", "names"),
    [
        (END, 2, ["2.csv", "3.csv"]),
        (END, 9, ["0.csv", "1.csv", "2.csv", "3.csv"]),
        (END - timedelta(seconds=1), 2, ["1.csv", "2.csv"]),
    ],
)
def test_window_has_the_last_partitions_that_have_passed(
    end: datetime, number: int, names: list[str]
) -> None:
    window = window_ending(PIPELINE, WEEKS, end, number)
    assert [partition.name for partition in window.partitions] == names
    assert (window.start, window.end) == (window.partitions[0].start, window.partitions[-1].end)
    assert window.holdout == window.partitions[-1].start


def test_holdout_is_whole_partitions() -> None:
    pipeline = replace(PIPELINE, holdout=Holdout(timedelta(days=8)))
    assert window_ending(pipeline, WEEKS, END, 4).holdout == WEEKS[2].start


def test_window_that_has_nothing_to_train_on_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1 partitions from /landing/3.csv on is too short: the "):
        window_ending(PIPELINE, WEEKS, END, 1)
    with pytest.raises(ValueError, match=r"No partition ends by 2024-01-07. Choose a later"):
        window_ending(PIPELINE, WEEKS, FIRST + timedelta(days=6), 2)


def test_empty_landing_is_refused_with_the_form_of_a_name() -> None:
    with pytest.raises(ValueError, match=r"no partitions in there\. .* their week, such as 2024-"):
        refuse_none([], "there", WEEKLY)
    refuse_none(WEEKS, "there", WEEKLY)


def test_partition_of_the_future_is_refused() -> None:
    refuse_future(WEEKLY, WEEKS, WEEKS[-1].start)
    with pytest.raises(ValueError, match=r"/landing/3.csv begins at 2024-01-22, in the future"):
        refuse_future(WEEKLY, WEEKS, WEEKS[-1].start - timedelta(seconds=1))


def test_end_after_all_data_is_refused() -> None:
    refuse_later_than_all(WEEKS, END)
    with pytest.raises(ValueError, match=r"/landing/3.csv, ends at 2024-01-29\. Choose that time"):
        refuse_later_than_all(WEEKS, END + timedelta(hours=1))


def test_end_that_has_not_come_is_refused() -> None:
    refuse_unfinished(WEEKS, END, END)
    with pytest.raises(ValueError, match="is not complete before its end at 2024-01-29"):
        refuse_unfinished(WEEKS, END, END - timedelta(seconds=1))


def test_end_after_a_gap_is_refused_with_the_time_before_it() -> None:
    with_gap = [WEEKS[0], WEEKS[3]]
    with pytest.raises(ValueError, match=r"the week in between is missing. .* choose 2024-01-08"):
        refuse_gap(WEEKLY, with_gap, WEEKS[2].end)
    refuse_gap(WEEKLY, with_gap, WEEKS[1].end - timedelta(days=1))
    refuse_gap(WEEKLY, with_gap, END)


def test_scheduled_run_needs_a_partition_of_its_interval() -> None:
    refuse_idle(ONE_WEEK, WEEKS, WEEKS[-1].start, END)
    with pytest.raises(NothingNew, match="between 2024-01-29 and 2024-02-05, so there is no new"):
        refuse_idle(ONE_WEEK, WEEKS, END, END + WEEK)
    with pytest.raises(NothingNew, match="The partitions until 2024-01-08 are the first ones"):
        refuse_idle(ONE_WEEK, WEEKS, FIRST, FIRST + WEEK)
