from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prodml.endpoints.component import Component
from prodml.endpoints.serverless import Serverless
from prodml.rendered import instant

from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.data.runs import (
    check_window,
    refuse_contradictions,
    run_prefix,
    started_by,
    training_window,
)
from include.pipelines.data.windows import DataWindow, shown
from include.pipelines.definition.partitions import Holdout
from include.pipelines.errors import NothingNew

MONDAY = datetime(2024, 2, 5, tzinfo=UTC)
WEEK = timedelta(days=7)


def window(given: dict[str, Any]) -> DataWindow:
    return training_window(PIPELINE, given, datetime.now(UTC))


def context(
    run_type: str, start: datetime | None = None, end: datetime | None = None, **params: Any
) -> dict[str, Any]:
    """Return the part of a task's context on which a window depends."""
    run = SimpleNamespace(
        run_id=f"{run_type}__2024-02-12T00:00:00+00:00",
        run_type=run_type,
        data_interval_start=start,
        data_interval_end=end,
    )
    dag = SimpleNamespace(dag_id="retrain_churn")
    return {"dag_run": run, "dag": dag, "params": {"window_partitions": 8} | params}


def test_params_say_more_than_the_interval(landing: Path) -> None:
    asked = context(
        "scheduled", MONDAY, MONDAY + WEEK, window_end="2024-01-22", window_partitions=2
    )
    result = window(asked)
    assert [piece.start.day for piece in result.partitions] == [8, 15]


@pytest.mark.parametrize("run_type", ["scheduled", "backfill"])
def test_a_run_of_the_past_reads_its_own_window(landing: Path, run_type: str) -> None:
    result = window(context(run_type, MONDAY, MONDAY + WEEK))
    assert instant(result.end) == "2024-02-12T00:00:00+00:00"
    assert len(result.partitions) == 6


@pytest.mark.parametrize("run_type", ["manual", "asset_triggered"])
def test_a_run_without_an_interval_takes_the_newest_slices(landing: Path, run_type: str) -> None:
    result = window(context(run_type))
    assert (shown(result.start), shown(result.end)) == ("2024-01-15", "2024-03-11")
    assert shown(result.holdout) == "2024-03-04"


def test_an_interval_without_a_new_slice_is_nothing_to_learn_from(landing: Path) -> None:
    later = datetime(2025, 2, 3, tzinfo=UTC)
    with pytest.raises(NothingNew, match="No partition was completed between 2025-02-03 and"):
        window(context("scheduled", later, later + WEEK))


def test_the_first_slice_alone_is_nothing_to_learn_from(landing: Path) -> None:
    first = datetime(2024, 1, 1, tzinfo=UTC)
    with pytest.raises(NothingNew, match="are the first ones: all of them are held out"):
        window(context("backfill", first, first + WEEK))


def test_runs_work_below_prefixes_of_their_own() -> None:
    assert run_prefix(context("backfill"), "churn") == (
        "s3://prodml-local/churn/runs/retrain_churn/backfill__2024-02-12T00-00-00-00-00"
    )


def test_traffic_is_that_of_the_params_else_of_the_interval() -> None:
    hour = MONDAY + timedelta(hours=1)
    asked = {"window_start": "2024-01-01T00:00:00", "window_end": "2024-01-01T02:00:00+01:00"}
    start, end = check_window(context("manual", MONDAY, hour, **asked))
    assert (start.isoformat(), end - start) == ("2024-01-01T00:00:00+00:00", timedelta(hours=1))
    assert check_window(context("scheduled", MONDAY, hour)) == (MONDAY, hour)


def test_traffic_of_a_run_without_an_interval_is_that_of_this_hour() -> None:
    start, end = check_window(context("manual"))
    assert timedelta(0) <= end - start <= timedelta(hours=1)
    assert start.minute == start.second == 0


@pytest.mark.parametrize("end", [None, "2024-01-01T00:00:00"])
def test_half_a_window_or_an_empty_one_is_refused(end: str | None) -> None:
    asked = context("manual", window_start="2024-01-01T00:00:00", window_end=end)
    with pytest.raises(ValueError, match="Set both window_start and window_end"):
        check_window(asked)


def test_what_started_a_retrain_can_be_kept_as_metadata() -> None:
    """SageMaker refuses commas in a model package's metadata."""
    extra = {"columns": ["total_day_minutes", "churn_rate"], "window_end": "2024-01-08T00:00:00Z"}
    asked = {"triggering_asset_events": {"churn_drift": [SimpleNamespace(extra=extra)]}}
    text = started_by(asked)
    assert "total_day_minutes churn_rate" in text
    assert re.fullmatch(r"[\w\s.:/=+\-@]{1,256}", text)


def test_a_window_after_all_data_is_refused_with_the_last_day(landing: Path) -> None:
    with pytest.raises(ValueError, match=r"2024-03-12, .* \S+/2024-03-04.csv, ends at 2024-03-11"):
        window(context("manual", window_end="2024-03-12"))
    result = window(context("manual", window_end="2024-03-11"))
    assert shown(result.end) == "2024-03-11"


def test_a_window_that_would_end_in_a_gap_is_refused_with_the_day_before_it(
    landing: Path,
) -> None:
    (landing / "2024-04-01.csv").write_text("a\n1\n")
    with pytest.raises(ValueError, match=r"2024-03-18, .* ends at 2024-03-11: the week in between"):
        window(context("manual", window_end="2024-03-18"))
    result = window(context("manual", window_end="2024-03-17"))
    assert shown(result.end) == "2024-03-11"


def test_a_slice_of_a_day_to_come_is_named(landing: Path) -> None:
    future = landing / "2999-01-07.csv"
    future.write_text("a\n1\n")
    with pytest.raises(ValueError, match=f"^{future} begins at 2999-01-07, in the fut.*Rename"):
        window(context("manual"))


def test_a_direction_that_contradicts_the_metric_is_refused() -> None:
    form: dict[str, Any] = {
        "min_instances": None,
        "max_instances": None,
        "rollout": "all-at-once",
        "rollout_step": 10,
        "rollout_wait": 0,
        "metric": "validation:auc",
    }
    refuse_contradictions(form | {"direction": "Maximize"})
    with pytest.raises(
        ValueError, match=r"but a higher validation:auc is better.*Choose Maximize\."
    ):
        refuse_contradictions(form | {"direction": "Minimize"})


def test_fewer_instances_at_most_than_at_least_are_refused() -> None:
    form = {"rollout": "all-at-once", "rollout_step": 10, "rollout_wait": 0}
    refuse_contradictions(form | {"min_instances": 2, "max_instances": 2})
    with pytest.raises(ValueError, match=r"min_instances 3 is above max_instances 2\. Set it to"):
        refuse_contradictions(form | {"min_instances": 3, "max_instances": 2})


def test_forms_of_every_serving_kind_are_checked() -> None:
    kinds: list[dict[str, Any]] = [
        {},
        {"component": Component(memory_mb=1024)},
        {"serverless": Serverless()},
    ]
    for kind in kinds:
        fields = params.retrain(replace(PIPELINE, **kind))
        refuse_contradictions({name: field.value for name, field in fields.items()})


def test_the_end_is_compared_as_an_instant(landing: Path) -> None:
    before = window(context("manual", window_end="2024-03-11T00:59:00+01:00"))
    assert shown(before.end) == "2024-03-04"
    same = window(context("manual", window_end="2024-03-11T01:00:00+01:00"))
    assert shown(same.end) == "2024-03-11"


def test_a_partition_that_has_not_passed_is_in_no_window(landing: Path) -> None:
    now = datetime(2024, 3, 10, tzinfo=UTC)
    assert shown(training_window(PIPELINE, context("manual"), now).end) == "2024-03-04"
    asked = context("manual", window_end="2024-03-11")
    with pytest.raises(ValueError, match=r"in the future: \S+/2024-03-04.csv is not complete"):
        training_window(PIPELINE, asked, now)


def test_an_empty_landing_is_named(landing: Path) -> None:
    stranger = replace(PIPELINE, name="stranger", candidates=PIPELINE.candidates[:1], search=None)
    with pytest.raises(ValueError, match=r"no partitions in \S+/stranger/ or .*2024-01-01\.csv"):
        training_window(stranger, context("manual"), datetime.now(UTC))


def test_the_holdout_is_the_newest_partitions_that_cover_it(landing: Path) -> None:
    longer = replace(PIPELINE, holdout=Holdout(timedelta(days=8)))
    result = training_window(longer, context("manual"), datetime.now(UTC))
    assert shown(result.holdout) == "2024-02-26"
    everything = replace(PIPELINE, holdout=Holdout(timedelta(days=365)))
    with pytest.raises(ValueError, match=r"of 8 partitions .*holdout of 365 days.* takes all"):
        training_window(everything, context("manual"), datetime.now(UTC))
